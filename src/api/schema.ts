/**
 * What the API answers, once for all: the server is held to these schemas by tests, the client and the command line take their types from them.
 * Names are stable and numbers are numbers. What is not known is null, never missing.
 */
import { z } from 'zod'

const count = z.int().min(0)
/** Numbers by reason, in the words an operator reads: `{ "no route target of a shared VN": 12 }`. */
const byReason = z.record(z.string(), count)

export const sessionState = z.enum(['Idle', 'Connect', 'Active', 'OpenSent', 'OpenConfirm', 'Established'])

export const peerRow = z.strictObject({
  name: z.string(),
  address: z.string(),
  port: z.int(),
  role: z.enum(['nve', 'nva', 'plain']),
  group: z.string().nullable(),
  /** The federated domain it speaks for. */
  domain: z.string().nullable(),
  asn: z.int(),
  /** FSM state, RFC 4271 §8.2.2. */
  state: sessionState,
  /** Seconds for which the session is up or, in every other state, is not. */
  stateSeconds: z.number().min(0),
  routerId: z.string().nullable(),
  /** Negotiated; null while not established. */
  holdTimeSeconds: z.int().nullable(),
  /** Address families agreed, `l2vpn evpn`. */
  families: z.array(z.string()),
  /** In its Adj-RIB-In. */
  routesReceived: count,
  /** Of those, the ones that may be chosen. */
  routesAccepted: count,
  /** In its Adj-RIB-Out. */
  routesSent: count,
  /** Of those received, the ones that may not, by reason. */
  refused: byReason,
  /** Routes that it is not sent, by reason; its own are not counted. */
  withheld: byReason,
  /** What was wrong in its messages, by reach and reason (RFC 7606 §2), since the start. */
  faults: byReason,
  messagesIn: count,
  messagesOut: count,
  /** Why the last session or attempt ended. */
  lastError: z.string().nullable(),
})

export const routeRow = z.strictObject({
  /** `l2vpn evpn`. */
  family: z.string(),
  rd: z.string().nullable(),
  /** As operators know it: `[2]:[0]:[48]:[02:01:00:00:01:64]:[32]:[10.1.1.1]`. */
  route: z.string(),
  routeType: z.int(),
  /** Local names of the VNs whose route targets it carries. */
  vns: z.array(z.string()),
  nextHop: z.string(),
  routeTargets: z.array(z.string()),
  /** The 24-bit label fields read as VNIs. */
  vnis: z.array(z.int()),
  esi: z.string().nullable(),
  gatewayIp: z.string().nullable(),
  mac: z.string().nullable(),
  ip: z.string().nullable(),
  /** Of type 5. */
  prefix: z.string().nullable(),
  best: z.boolean(),
  /** Name of the peer it came from; null: made here. */
  peer: z.string().nullable(),
  /** Of one that was made here in the place of ours, which only another domain is told: the name of that domain. */
  madeFor: z.string().nullable(),
  origin: z.enum(['igp', 'egp', 'incomplete']),
  asPath: z.string(),
  localPref: z.int().nullable(),
  med: z.int().nullable(),
  originatorId: z.string().nullable(),
  clusterList: z.array(z.string()),
  communities: z.array(z.string()),
  extCommunities: z.array(z.string()),
  /** MAC Mobility, RFC 7432 §7.7. */
  mobility: z.strictObject({ sequence: z.int(), sticky: z.boolean() }).nullable(),
  ageSeconds: z.number().nullable(),
  accepted: z.boolean(),
  /** Why it may not be chosen. */
  refused: z.string().nullable(),
})

export const vnRow = z.strictObject({
  name: z.string(),
  vni: z.int(),
  service: z.enum(['l2', 'l3']),
  routeTargets: z.strictObject({ import: z.array(z.string()), export: z.array(z.string()) }),
  routes: count,
  nves: count,
  tenantSystems: count,
  /** Names of the domains it is shared with. */
  sharedWith: z.array(z.string()),
})

export const nveRow = z.strictObject({
  /** Name of its peer, or its address when it is behind another NVA. */
  name: z.string(),
  /** VXLAN tunnel endpoint. */
  vtep: z.string(),
  /** The domain it is in. */
  domain: z.string(),
  /** State of its own session; null when it has none here. */
  state: sessionState.nullable(),
  vns: z.array(z.string()),
  tenantSystems: count,
  routes: count,
})

export const sharedVnView = z.strictObject({
  vn: z.string(),
  vni: z.int(),
  /** agreed: both sides share it; offered: only we do; asked-for: only the peer does; mismatch: both do, and not alike; down: no session. */
  state: z.enum(['agreed', 'offered', 'asked-for', 'mismatch', 'down']),
  /** In what they do not match. route-target: it comes with one that was not agreed; limits: more comes than they allow. */
  mismatch: z.array(z.enum(['route-target', 'vni', 'encapsulation', 'service', 'limits'])),
  /** For each of these, what comes and what is agreed, in words. */
  found: z.array(z.string()),
  routesIn: count,
  /** Routes that the agreement lets out: of our NVEs, or made here for a gateway. What export policy or communities then keep in is under `withheld` of the domain. */
  routesOut: count,
  refused: byReason,
  /** Routes that the domain is not told because of the limits on that, by reason. `policy explain` has each. */
  heldBack: byReason,
})

/** A limit on what another domain sends or is told, and how it stands. */
export const limitView = z.strictObject({
  /** `all routes`, `VN web`, `type 2`, `class 3`. */
  on: z.string(),
  /** in: on what it sends; out: on what it is told. */
  way: z.enum(['in', 'out']),
  state: z.enum(['well', 'warning', 'holding', 'shedding', 'suspended']),
  stateSeconds: z.number().min(0),
  onExcess: z.enum(['warn', 'hold', 'shed', 'suspend']),
  /** Most routes; null: any number. */
  most: count.nullable(),
  changesPerSecond: count.nullable(),
  used: count,
  /** Routes that wait because of it; on the way in `show routes` has them, refused. On the way out, too, those told as they were that are to be told anew. */
  waiting: count,
  /** Since the start: what was too much, and of that, what was not kept. */
  excess: count,
  shed: count,
})

export const federatedDomainView = z.strictObject({
  name: z.string(),
  asn: z.int(),
  peers: z.array(
    z.strictObject({
      name: z.string(),
      address: z.string(),
      state: sessionState,
      stateSeconds: z.number().min(0),
      /** Routes it is told now. */
      routesSent: count,
    }),
  ),
  vns: z.array(sharedVnView),
  /** MACs that moved to and from it too often and are frozen: `GET /v1/frozen`. */
  frozenMacs: count,
  limits: z.array(limitView),
  /** How fast it is told what changes; null: as fast as it takes it. */
  pace: z
    .strictObject({
      changesPerSecond: count,
      burst: count,
      /** Changes that its sessions have yet to be told. */
      waiting: count,
      /** Since its sessions are up: routes told although they were too much, since no more could be remembered. */
      exceeded: count,
    })
    .nullable(),
  /** Its NVAs are lost, and its routes stand for so long yet; null: nothing is stale. */
  staleForSeconds: z.number().min(0).nullable(),
  /** Routes of it that are not used, by reason. */
  refused: byReason,
  /** Route targets with which routes of no shared VN have come, the first 100. */
  unsharedTargets: z.array(z.string()),
  /** Routes of shared VNs that it is not told, by reason. */
  withheld: byReason,
})

export const federationView = z.strictObject({
  region: z.string().nullable(),
  domain: z.string(),
  domains: z.array(federatedDomainView),
})

/** A MAC that moved between domains too often (RFC 7432 §15.1). */
export const frozenMacRow = z.strictObject({
  vn: z.string(),
  mac: z.string(),
  /** The domain of which routes stay in use, by name; it may be the own one. */
  keptAt: z.string(),
  /** Domains that it moved between. */
  between: z.array(z.string()),
  /** How many moves were too many. */
  moves: count,
  frozenSeconds: z.number().min(0),
  /** When it is thawed by itself; null: when somebody says so. */
  thawsInSeconds: z.number().min(0).nullable(),
  /** Times that a route has been refused for it. */
  refusals: count,
})

export const frozenMacsAnswer = z.strictObject({
  macs: z.array(frozenMacRow),
  /** MACs that have moved of late. */
  watched: count,
  /** Since the start. `forgotten`: watched no more, to make room; `notFrozen`: too often on the move while as many as can be were frozen. */
  total: z.strictObject({ frozen: count, thawed: count, forgotten: count, notFrozen: count }),
})

const floodList = z.strictObject({
  vni: z.int(),
  /** Addresses. */
  vteps: z.array(z.string()),
})

/** A data gateway in one VN towards one other domain. */
export const gatewayRow = z.strictObject({
  /** Its VTEP towards the other domain. */
  gateway: z.string(),
  /** Its VTEP towards the local NVEs. */
  inside: z.string(),
  routerMac: z.string().nullable(),
  vn: z.string(),
  domain: z.string(),
  /** 1 is the highest. */
  rank: z.int().min(1),
  up: z.boolean(),
  /** Who says whether it is up: its BGP session, the operator, or nobody. */
  watchedBy: z.enum(['session', 'operator', 'nobody']),
  /** Whether it is the one that is told: only then it has to flood. */
  active: z.boolean(),
  /** Where it floods on the side of the local NVEs, and what VNI it has there. */
  local: floodList,
  /** The same on the side of the other domain. */
  interconnect: floodList,
  /** Routes told to the other domain, and to the local NVEs, with it as next hop. */
  routesOut: count,
  routesIn: count,
})

/** A message in which something was wrong (RFC 7606 §2). */
export const errorRow = z.strictObject({
  /** Counts from 1 since the start, those that are no longer kept too. */
  number: z.int(),
  time: z.iso.datetime(),
  peer: z.string(),
  address: z.string(),
  reach: z.enum(['ignored', 'attribute-discard', 'treat-as-withdraw', 'session-reset']),
  why: z.string(),
  /** The NOTIFICATION that ended the session. */
  notification: z.strictObject({ code: z.int(), subcode: z.int() }).nullable(),
  /** The message in hex, header included; empty when the stream had none to cut out. */
  hex: z.string(),
  /** What reading the message depends on. */
  fourOctetAs: z.boolean(),
  internal: z.boolean(),
})

export const errorsAnswer = z.strictObject({
  errors: z.array(errorRow),
  /** Records that had to make room for newer ones. */
  forgotten: count,
})

export const statusView = z.strictObject({
  name: z.string(),
  domain: z.string(),
  asn: z.int(),
  routerId: z.string(),
  version: z.string(),
  uptimeSeconds: z.number().min(0),
  /** How long the work of the NVA kept everything else waiting at most, in milliseconds: in the last second, the last minute, since the start. */
  longestBlockMs: z.strictObject({ lastSecond: z.number().min(0), lastMinute: z.number().min(0), ever: z.number().min(0) }),
  peers: count,
  peersEstablished: count,
  /** Connections that were not taken: no peer or listen range has their address, or its range is full. */
  connectionsRefused: count,
  /** Paths held, of all peers. */
  routes: count,
})

/** A policy module of the operator's own. */
export const moduleRow = z.strictObject({
  name: z.string(),
  file: z.string(),
  looksAt: z.enum(['attributes', 'route']),
  match: z.boolean(),
  set: z.boolean(),
  /** What becomes of a route on which it fails. */
  onError: z.enum(['accept', 'reject', 'next']),
  budgetMs: count,
  /** off: too many calls took too long; `onError` stands for its answers until a reload. */
  state: z.enum(['running', 'off']),
  /** Since it was loaded. */
  calls: count,
  errors: count,
  overruns: count,
  /** Not asked, because it is switched off. */
  spared: count,
  lastFailure: z.string().nullable(),
})

const verdict = z.enum(['accept', 'reject'])

/** The way of one route through policy, to or from one peer. */
export const explainRow = z.strictObject({
  direction: z.enum(['import', 'export']),
  peer: z.string(),
  /** Who sent the route; null: it was made here. */
  source: z.string().nullable(),
  rd: z.string().nullable(),
  route: z.string(),
  routeType: z.int(),
  mac: z.string().nullable(),
  ip: z.string().nullable(),
  prefix: z.string().nullable(),
  /** The route as policy meets it: next hop, VNIs and path attributes by name. */
  attributes: z.record(z.string(), z.string()),
  /** Refused for another reason before policy was asked. */
  refusedBefore: z.string().nullable(),
  /** All chains that were asked, in order: of the session and of the VNs of the route. */
  chains: z.array(
    z.strictObject({
      policies: z.array(z.string()),
      terms: z.array(
        z.strictObject({
          policy: z.string(),
          term: z.string(),
          matched: z.boolean(),
          /** A module of your own failed, and `decided` is what was said for that. */
          failure: z.strictObject({ module: z.string(), why: z.string() }).nullable(),
          /** In the order in which they were asked. null: it was not, as one before it did not hold. */
          tests: z.array(z.strictObject({ module: z.string(), held: z.boolean().nullable(), failed: z.boolean() })),
          changes: z.array(z.strictObject({ what: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
          decided: z.enum(['accept', 'reject', 'next']).nullable(),
        }),
      ),
      verdict,
      /** No term decided. */
      byEnd: z.boolean(),
    }),
  ),
  verdict,
  /** What decided, in a line. */
  because: z.string(),
  /** For import: it is the chosen one. For export: the peer has been told. */
  effective: z.boolean(),
  /** Policy accepts it, and it is not used or not told all the same: why. */
  heldBack: z.string().nullable(),
  /** When the route went; null: it is there. */
  gone: z.iso.datetime().nullable(),
})

/** One page; `next` alone tells the end. */
export const explainAnswer = z.strictObject({ routes: z.array(explainRow), next: z.string().nullable() })

/** A policy, where it is attached, and what its terms have done since it says what it says. */
export const policyRow = z.strictObject({
  name: z.string(),
  /** `peer leaf1`, `group leaves`, `listen range 192.0.2.64/26`, `domain fra`, `VN web`; none: nowhere. */
  attached: z.array(z.strictObject({ direction: z.enum(['import', 'export']), to: z.string() })),
  /** Routes that one of its terms has accepted, and rejected. */
  accepted: count,
  rejected: count,
  /** In order. */
  terms: z.array(
    z.strictObject({
      term: z.string(),
      /** Names of its modules; no match: every route. */
      match: z.array(z.string()),
      set: z.array(z.string()),
      decides: z.enum(['accept', 'reject', 'next']),
      /** Routes that it has matched, each time one was asked about: after a reload more than once. On the way out once for all peers that are told the same. */
      routes: count,
      /** Times it was decided for all routes with the same attributes at once. */
      sets: count,
    }),
  ),
})

const outcomes = {
  /** Routes that are not told (or, for import, not used) and would be. */
  starts: count,
  stops: count,
  /** Told or used, and would be as another one. */
  changes: count,
}

/** What other policies would do, and did not: nothing is applied. */
export const policyDiffAnswer = z.strictObject({
  /** false: it could not be told, and `problems` says why. */
  asked: z.boolean(),
  /** `file:line:column: field: found X, expected Y`. */
  problems: z.array(z.string()),
  warnings: z.array(z.string()),
  /** All that a reload with the candidate would change, in the words of `POST /v1/reload`. */
  changes: z.array(z.strictObject({ what: z.string(), count, which: z.array(z.string()) })),
  /** What of that is not in the figures below, in sentences. */
  beside: z.array(z.string()),
  /** Destinations that were looked at. */
  looked: count,
  /** Peers for whom anything would be otherwise. */
  peers: z.array(
    z.strictObject({
      peer: z.string(),
      direction: z.enum(['import', 'export']),
      ...outcomes,
      /** The same by VN, as VNs are now; null: of no VN. A route of several VNs counts in each. */
      vns: z.array(z.strictObject({ vn: z.string().nullable(), ...outcomes })),
    }),
  ),
  /** The first routes, as many as were asked for: each once for all peers for whom it comes to the same. */
  routes: z.array(
    z.strictObject({
      direction: z.enum(['import', 'export']),
      outcome: z.enum(['starts', 'stops', 'changes']),
      /** The first of them, and how many there are. */
      peers: z.array(z.string()),
      peersInAll: count,
      /** Who sent the route; null: it was made here. */
      source: z.string().nullable(),
      rd: z.string().nullable(),
      route: z.string(),
      routeType: z.int(),
      vns: z.array(z.string()),
      /** What decides now, and what would; null: there is no such route. */
      now: z.string().nullable(),
      later: z.string().nullable(),
      /** What of it would be another. */
      changes: z.array(z.strictObject({ what: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
    }),
  ),
  /** There are more than the routes above. */
  more: z.boolean(),
})

/** What became of `POST /v1/reload`. */
export const reloadAnswer = z.strictObject({
  /** false: everything is as it was, and `problems` says why. */
  applied: z.boolean(),
  /** `file:line:column: field: found X, expected Y`. */
  problems: z.array(z.string()),
  warnings: z.array(z.string()),
  /** What differed from what was running: `peers added`, how many, and which; with what was changed the fields in brackets. */
  changes: z.array(z.strictObject({ what: z.string(), count, which: z.array(z.string()) })),
})

export const peersAnswer = z.strictObject({ peers: z.array(peerRow) })
export const vnsAnswer = z.strictObject({ vns: z.array(vnRow) })
export const modulesAnswer = z.strictObject({ modules: z.array(moduleRow) })
export const policiesAnswer = z.strictObject({ policies: z.array(policyRow) })
export const gatewaysAnswer = z.strictObject({ gateways: z.array(gatewayRow) })
export const nvesAnswer = z.strictObject({ nves: z.array(nveRow) })
/** One page. It may hold fewer rows than asked for, even none, with more to come: `next` alone tells the end. */
export const routesAnswer = z.strictObject({ routes: z.array(routeRow), next: z.string().nullable() })
export const errorAnswer = z.strictObject({ error: z.string() })

export type SessionStateName = z.output<typeof sessionState>
export type PeerRow = z.output<typeof peerRow>
export type RouteRow = z.output<typeof routeRow>
export type ExplainRow = z.output<typeof explainRow>
export type ExplainAnswer = z.output<typeof explainAnswer>
export type ModuleRow = z.output<typeof moduleRow>
export type PolicyRow = z.output<typeof policyRow>
export type PolicyDiffAnswer = z.output<typeof policyDiffAnswer>
export type VnRow = z.output<typeof vnRow>
export type NveRow = z.output<typeof nveRow>
export type GatewayRow = z.output<typeof gatewayRow>
export type FrozenMacRow = z.output<typeof frozenMacRow>
export type FrozenMacsAnswer = z.output<typeof frozenMacsAnswer>
export type LimitView = z.output<typeof limitView>
export type SharedVnView = z.output<typeof sharedVnView>
export type FederatedDomainView = z.output<typeof federatedDomainView>
export type FederationView = z.output<typeof federationView>
export type ErrorRow = z.output<typeof errorRow>
export type ErrorsAnswer = z.output<typeof errorsAnswer>
export type StatusView = z.output<typeof statusView>
export type ReloadAnswer = z.output<typeof reloadAnswer>
export type RoutesAnswer = z.output<typeof routesAnswer>
