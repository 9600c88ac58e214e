/** The federation as the API shows it: VNs by domains, with state, counts and what keeps a VN from crossing. */
import type { FederatedDomainView, FederationView, LimitView, SharedVnView } from '../../api/schema/federation.ts'
import type { VnCount } from '../../domain/census.ts'
import { CROSSING } from '../../federation/agreement/agreement.ts'
import type { AskedTargets } from '../../federation/agreement/asked-targets.ts'
import type { Boundary } from '../../federation/boundary.ts'
import type { Crossing } from '../../federation/gateway/crossing.ts'
import type { Gateways } from '../../federation/gateway/gateways.ts'
import type { Breaker } from '../../federation/limits/breaker.ts'
import type { FederatedDomain, ShareSettings } from '../../federation/settings.ts'
import { REFUSAL_TEXT, REFUSALS, type Refusal, refusalOf } from '../../policy/refusal.ts'
import type { Verdict } from '../../rib/verdict.ts'
import type { Peer } from '../../speaker/peers/peer.ts'
import type { Attachment } from '../../speaker/sources/attachment.ts'
import type { Nva } from '../nva.ts'
import { awaited, foundInstead, type Mismatch, otherTarget } from './found-instead.ts'

/** What about an agreement does not match when routes of a VN are turned away for this. */
const MISMATCH: Partial<Record<Refusal, Mismatch>> = {
  'vni-mismatch': 'vni',
  'service-mismatch': 'service',
  'encapsulation-mismatch': 'encapsulation',
  'held-by-limit': 'limits',
  'suspended-by-limit': 'limits',
}

/** Why routes stay here that the agreement itself keeps in: nothing to report. */
const BY_AGREEMENT: readonly Refusal[] = [
  'vn-not-shared',
  'route-type-stays-home',
  'back-to-its-domain',
  'made-for-a-domain',
  'gateway-stands-for-it',
  'no-transit-between-domains',
  'already-passed-domain',
]
const UNSHARED_MOST = 100
const NEXT_HOPS_MOST = 100

/**
 * `seconds` since a moment on the speaker's clock; `refusals`: refused paths of a peer id, by reason in words. `examples`: what does not fit is told by a route, for which all that are turned away
 * may have to be looked at.
 */
export function federationView(
  nva: Nva,
  now: number,
  seconds: (since: number) => number,
  refusals: (peer: number) => Readonly<Record<string, number>>,
  examples = true,
): FederationView {
  const { settings } = nva
  const domains = settings.federation.domains.map((domain) => domainView(nva, domain, now, seconds, refusals, examples))
  return { region: settings.federation.region, domain: settings.domain.name, domains }
}

function domainView(
  nva: Nva,
  domain: FederatedDomain,
  now: number,
  seconds: (since: number) => number,
  refusals: (peer: number) => Readonly<Record<string, number>>,
  examples: boolean,
): FederatedDomainView {
  const { speaker, settings } = nva
  const peers = [...speaker.peers.values()].filter((peer) => peer.settings.domain === domain.name)
  const up = peers.some((peer) => peer.standing !== null)
  const boundary = nva.boundaries.get(domain.name)
  const heldBack = boundary?.heldBack() ?? new Map<string, ReadonlyMap<Verdict, number>>()
  const refused: Record<string, number> = {}
  for (const peer of peers) {
    const id = speaker.sources.sessionOf(peer)?.inbound.peer
    if (id === undefined) continue
    for (const [reason, number] of Object.entries(refusals(id))) refused[reason] = (refused[reason] ?? 0) + number
  }
  // What it does not send any more is no matter, though its targets are remembered.
  const unshared = up && (refused[REFUSAL_TEXT['vn-not-shared']] ?? 0) > 0 ? boundary?.asked : undefined
  const counts = new Map(nva.census.vns.map((count) => [count.vn.name, count]))
  const vns = domain.share.map((share) =>
    sharedView(nva, domain, share, counts.get(share.vn), boundary, heldBack.get(share.vn) ?? new Map(), up, unshared, examples),
  )
  for (const { name, vni } of unshared?.vnsAmong(settings.domain.vns) ?? []) {
    vns.push({ vn: name, vni, state: 'asked-for', mismatch: [], found: [], routesIn: 0, routesOut: 0, refused: {}, heldBack: {} })
  }
  const attached = peers.flatMap((peer) => speaker.sources.sessionOf(peer) ?? [])
  const deadlines = speaker.stale.all.filter((one) => one.domain === domain.name).map(({ deadline }) => deadline)
  return {
    name: domain.name,
    asn: domain.asn,
    peers: peers.map((peer) => ({
      name: peer.settings.name,
      address: peer.settings.address,
      state: peer.state,
      stateSeconds: seconds(peer.stateSince),
      passive: peer.settings.passive,
      authentication: peer.settings.password === null ? null : 'tcp-md5',
      lastError: peer.lastError === '' ? null : peer.lastError,
      routesSent: sentTo(nva, peer),
    })),
    vns,
    frozenMacs: nva.moves.all.filter(({ between }) => between.includes(domain.name)).length,
    limits: [...(boundary?.breakers ?? []), ...(boundary?.breakersOnTold ?? [])].map((breaker) => limitView(breaker, seconds)),
    pace: paceView(nva, domain, peers),
    staleForSeconds: deadlines.length === 0 ? null : Math.max(0, Math.round((Math.max(...deadlines) - now) / 1000)),
    refused,
    unsharedTargets: unshared?.all.slice(0, UNSHARED_MOST) ?? [],
    ownNextHops: (refused[REFUSAL_TEXT['own-next-hop']] ?? 0) > 0 ? nva.nextHops.namedBy(domain.name, NEXT_HOPS_MOST) : [],
    withheld: withheldOf(attached),
  }
}

function sentTo({ speaker }: Nva, peer: Peer): number {
  const session = speaker.sources.sessionOf(peer)
  return session === undefined ? 0 : session.group.sentTo(session.inbound.peer)
}

/** Its sessions are kept from the same; which of them has heard most of it by now counts. */
function withheldOf(sessions: readonly Attachment[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const [index, reason] of REFUSALS.entries()) {
    if (BY_AGREEMENT.includes(reason)) continue
    const most = Math.max(0, ...sessions.map(({ group }) => group.withheldFor(index)))
    if (most > 0) counts[REFUSAL_TEXT[reason]] = most
  }
  return counts
}

function limitView(breaker: Breaker, seconds: (since: number) => number): LimitView {
  return {
    on: breaker.name,
    way: breaker.way,
    state: breaker.state,
    stateSeconds: seconds(breaker.since),
    onExcess: breaker.settings.onExcess,
    most: breaker.settings.routes,
    changesPerSecond: breaker.settings.changesPerSecond,
    used: breaker.used,
    waiting: breaker.held,
    excess: breaker.excess,
    shed: breaker.shed,
  }
}

function paceView({ speaker }: Nva, { limits: { outgoing } }: FederatedDomain, peers: readonly Peer[]): FederatedDomainView['pace'] {
  if (outgoing === null) return null
  const members = peers.flatMap((peer) => speaker.sources.sessionOf(peer)?.member ?? [])
  const waiting = members.reduce((sum, { missed }) => sum + (missed?.size ?? 0), 0)
  const exceeded = members.reduce((sum, { link }) => sum + (link.pace?.exceeded ?? 0), 0)
  return { ...outgoing, waiting, exceeded }
}

/** `kept`: how many of its routes limits keep from the domain, by verdict. `unshared`: the targets of routes of no shared VN that it sends, if it does. */
function sharedView(
  nva: Nva,
  domain: FederatedDomain,
  share: ShareSettings,
  count: VnCount | undefined,
  boundary: Boundary | undefined,
  kept: ReadonlyMap<Verdict, number>,
  up: boolean,
  unshared: AskedTargets | undefined,
  examples: boolean,
): SharedVnView {
  const routesIn = count?.byDomain.get(domain.name) ?? 0
  const refused: Record<string, number> = {}
  const mismatch = new Set<SharedVnView['mismatch'][number]>()
  const found: string[] = []
  for (const [verdict, number] of boundary?.turnedAwayOf(share.vn) ?? []) {
    const reason = refusalOf(verdict)
    if (reason === null) continue
    refused[REFUSAL_TEXT[reason]] = number
    const what = MISMATCH[reason]
    if (what === undefined || mismatch.has(what)) continue
    mismatch.add(what)
    found.push(foundInstead(nva, share, what, examples ? (boundary?.turnedAwayExample(share.vn, verdict) ?? null) : null))
  }
  if (unshared !== undefined && mismatch.size === 0 && routesIn === 0) {
    const target = unshared.insteadOf(share)
    if (target !== null) mismatch.add('route-target')
    found.push(target === null ? awaited(share) : otherTarget(share, target))
  }
  const heldBack: Record<string, number> = {}
  let notTold = 0
  for (const [verdict, number] of kept) {
    const reason = refusalOf(verdict)
    if (reason !== null) heldBack[REFUSAL_TEXT[reason]] = number
    notTold += number
  }
  const state = !up
    ? 'down'
    : gatewayless(nva, domain, share)
      ? 'no-gateway'
      : mismatch.size > 0
        ? 'mismatch'
        : routesIn > 0
          ? 'agreed'
          : 'offered'
  return {
    vn: share.vn,
    vni: share.vni,
    state,
    mismatch: [...mismatch],
    found,
    routesIn,
    routesOut: up ? Math.max(0, leaving(nva, domain, share, count) - notTold) : 0,
    refused,
    heldBack,
  }
}

/** Routes of a VN that may leave. */
function leaving(nva: Nva, domain: FederatedDomain, share: ShareSettings, count: VnCount | undefined): number {
  if (share.via && nva.gateways !== null) {
    const out = outwards(nva.gateways, domain, share)
    return out === undefined ? 0 : nva.gateways.toldOf(out)
  }
  return CROSSING.reduce((sum, type) => sum + (count?.ownByType.get(type) ?? 0), 0)
}

/** Whether it crosses through gateways of ours, of which none is up. */
function gatewayless({ gateways }: Nva, domain: FederatedDomain, share: ShareSettings): boolean {
  if (!share.via || gateways === null) return false
  const out = outwards(gateways, domain, share)
  return out !== undefined && gateways.gatewayOf(out) === null
}

function outwards({ crossings }: Gateways, domain: FederatedDomain, share: ShareSettings): Crossing | undefined {
  return crossings.all.find((one) => one.outward && one.domain === domain.name && one.vn.name === share.vn)
}
