import { z } from 'zod'
import { byReason, count, sessionState } from './parts.ts'

const sharedVnView = z.strictObject({
  vn: z.string(),
  vni: z.int(),
  /**
   * agreed: both sides share it; offered: only we do; asked-for: only the peer does; mismatch: both do, and not alike; no-gateway: none of ours is up, so that nothing crosses; down: no session.
   */
  state: z.enum(['agreed', 'offered', 'asked-for', 'mismatch', 'no-gateway', 'down']),
  /** In what they do not match. route-target: it comes with one that was not agreed; limits: more comes than they allow. */
  mismatch: z.array(z.enum(['route-target', 'vni', 'encapsulation', 'service', 'limits'])),
  /** For each of these, what comes and what is agreed, in words; of a VN that is offered, what it waits for while something else comes. */
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

const federatedDomainView = z.strictObject({
  name: z.string(),
  asn: z.int(),
  peers: z.array(
    z.strictObject({
      name: z.string(),
      address: z.string(),
      state: sessionState,
      stateSeconds: z.number().min(0),
      /** It is not dialled from here. */
      passive: z.boolean(),
      /** How its segments are signed (RFC 2385); null: they are not. */
      authentication: z.enum(['tcp-md5']).nullable(),
      /** Why the last session or attempt at one ended; null: none has. */
      lastError: z.string().nullable(),
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
  /** Next hops of our own domain that it names, for which routes of it are refused: the first 100. */
  ownNextHops: z.array(z.string()),
  /** Routes of shared VNs that it is not told, by reason. */
  withheld: byReason,
})

export const federationView = z.strictObject({
  region: z.string().nullable(),
  domain: z.string(),
  domains: z.array(federatedDomainView),
})

export type LimitView = z.output<typeof limitView>
export type SharedVnView = z.output<typeof sharedVnView>
export type FederatedDomainView = z.output<typeof federatedDomainView>
export type FederationView = z.output<typeof federationView>
