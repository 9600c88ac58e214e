/** Peers as the API shows them: their sessions, and what became of their routes, by reason in words. */
import { formatRouterId } from '../../address/router-id.ts'
import type { PeerRow } from '../../api/schema/peers.ts'
import { REFUSAL_TEXT, REFUSALS } from '../../policy/refusal.ts'
import type { Peer } from '../../speaker/peers/peer.ts'
import { sameIdentifier } from '../../speaker/peers/same-identifier.ts'
import type { Nva } from '../nva.ts'

/** What is not told back to those it came from is nothing to report. */
const OWN = REFUSALS.indexOf('back-to-its-domain')

/** `seconds` since a moment on the speaker's clock. */
export function peerRows(nva: Nva, seconds: (since: number) => number): PeerRow[] {
  const peers = [...nva.speaker.peers.values()]
  const twins = sameIdentifier(peers)
  return peers.map((peer) => peerRow(nva, peer, twins.get(peer) ?? [], seconds))
}

function peerRow(nva: Nva, peer: Peer, twins: readonly Peer[], seconds: (since: number) => number): PeerRow {
  const { speaker } = nva
  const attachment = speaker.sources.sessionOf(peer)
  const standing = peer.standing
  const id = attachment?.inbound.peer ?? 0
  const received = attachment === undefined ? 0 : speaker.rib.receivedFrom(id)
  const refused = attachment === undefined ? {} : refusals(nva, id)
  const refusedTotal = Object.values(refused).reduce((sum, count) => sum + count, 0)
  return {
    name: peer.settings.name,
    address: peer.settings.address,
    port: standing?.connection.link.remote.port ?? peer.settings.port,
    role: peer.settings.role,
    group: peer.settings.group,
    domain: peer.settings.domain,
    asn: peer.settings.asn,
    passive: peer.settings.passive,
    authentication: peer.settings.password === null ? null : 'tcp-md5',
    state: peer.state,
    stateSeconds: seconds(peer.stateSince),
    timesUp: peer.established,
    routerId: standing === null ? null : formatRouterId(standing.agreed.peerRouterId),
    sameRouterIdAs: twins.map(({ settings }) => settings.name),
    holdTimeSeconds: standing?.agreed.holdTimeSeconds ?? null,
    families: standing === null ? [] : [speaker.rib.family.name],
    routesReceived: received,
    routesAccepted: received - refusedTotal,
    routesOfNoVn: nva.census.strays.get(id) ?? 0,
    routesSent: attachment === undefined ? 0 : attachment.group.sentTo(id),
    refused,
    faults: Object.fromEntries(peer.faults.byReason),
    withheld: attachment === undefined ? {} : byReason((index) => (index === OWN ? 0 : attachment.group.withheldFor(index))),
    messagesIn: peer.received.total,
    messagesOut: peer.sent.total,
    lastError: peer.lastError === '' ? null : peer.lastError,
  }
}

/** Refused paths of a peer id, by reason in words. */
export function refusals(nva: Nva, peer: number): Record<string, number> {
  return byReason((index) => nva.speaker.rib.refusedFrom(peer, index))
}

function byReason(count: (index: number) => number): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const [index, reason] of REFUSALS.entries()) {
    const number = count(index)
    if (number > 0) counts[REFUSAL_TEXT[reason]] = number
  }
  return counts
}
