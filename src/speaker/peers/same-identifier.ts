/**
 * Peers that have one BGP Identifier although they are in one AS, where it is to be unique (RFC 6286 §2.1). Reflected routes bear it as ORIGINATOR_ID, so that each of
 * them takes for its own, and ignores, what the other announces (RFC 4456 §8), and no message says so.
 */
import type { Peer } from './peer.ts'

/** Peers whose sessions stand and that share an identifier, each with the others. */
export function sameIdentifier(peers: Iterable<Peer>): ReadonlyMap<Peer, readonly Peer[]> {
  const alike = new Map<string, Peer[]>()
  for (const peer of peers) {
    if (peer.standing === null) continue
    const key = `${peer.settings.asn} ${peer.standing.agreed.peerRouterId}`
    const others = alike.get(key)
    if (others === undefined) alike.set(key, [peer])
    else others.push(peer)
  }
  const found = new Map<Peer, readonly Peer[]>()
  for (const all of alike.values()) {
    if (all.length > 1) for (const peer of all) found.set(peer, others(peer, all))
  }
  return found
}

/** The other peers, with a session, that have the AS and the identifier of `peer`. */
export function withIdentifierOf(peer: Peer, peers: Iterable<Peer>): readonly Peer[] {
  const id = peer.standing?.agreed.peerRouterId
  const { asn } = peer.settings
  const found: Peer[] = []
  // One walk, no copies: it is asked at every session that comes up.
  for (const other of peers) {
    if (other !== peer && other.settings.asn === asn && other.standing?.agreed.peerRouterId === id) found.push(other)
  }
  return found
}

function others(peer: Peer, all: readonly Peer[]): readonly Peer[] {
  return all.filter((other) => other !== peer)
}
