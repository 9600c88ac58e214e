/** Carries out a `PeersChange` on the peers of a speaker. */
import { CeaseSubcode } from '../../wire/notification-codes.ts'
import type { ListenRangeSettings, PeerSettings } from '../settings.ts'
import type { Peer } from './peer.ts'
import { type Changed, mattersToDialling, type PeersChange, rangeKey } from './peers-change.ts'

/** The peers of a speaker, as far as they may be changed from here. */
export interface PeerBook {
  readonly peers: ReadonlyMap<string, Peer>
  /** Peers that came by a listen range, and which. */
  readonly fromRange: Map<Peer, ListenRangeSettings>
  /** The listen range, as it is now, that takes an address. */
  rangeOf(address: string): ListenRangeSettings | undefined
  /** Makes a peer and starts it. */
  add(settings: PeerSettings): void
  /** Ends the session of a peer, with a Cease of `subcode`, and forgets the peer. */
  drop(peer: Peer, subcode: number): void
  /** The session of a peer that was stopped may begin anew, in a moment: that of a configured one does, of another one when it comes again. */
  resume(peer: Peer): void
  /** Other settings for a peer; its session, if there is one, stays. */
  adopt(peer: Peer, settings: PeerSettings): void
}

/**
 * Who goes hears Peer De-configured, who begins anew Other Configuration Change (RFC 4486 §4). Those who go are first, because an address or a name
 * may be that of somebody new.
 */
export function reconfigurePeers({ peers, ranges }: PeersChange, book: PeerBook): void {
  for (const range of ranges.removed) {
    for (const peer of peersOf(book, range)) book.drop(peer, CeaseSubcode.deconfigured)
  }
  for (const { name } of peers.removed) {
    const peer = book.peers.get(name)
    if (peer !== undefined) book.drop(peer, CeaseSubcode.deconfigured)
  }
  for (const { before, after } of ranges.reset) {
    for (const peer of peersOf(book, before)) {
      peer.stop(CeaseSubcode.configurationChange, '')
      adoptRange(book, peer, after)
      book.resume(peer)
    }
  }
  for (const { before, after } of ranges.kept) for (const peer of peersOf(book, before)) adoptRange(book, peer, after)
  for (const settings of [...peers.added, ...peers.reset.map(({ after }) => after)]) giveUpAddress(book, settings)
  // All stop before one starts: two of them may have changed addresses.
  for (const { after } of peers.reset) book.peers.get(after.name)?.stop(CeaseSubcode.configurationChange, '')
  for (const { after } of peers.reset) adopt(book, after)
  for (const { after } of peers.reset) resume(book, after)
  for (const change of peers.kept) keep(book, change)
  for (const settings of peers.added) book.add(settings)
  // Sessions are counted against the range as it is now; and a more specific one may have come for some.
  for (const [peer, before] of [...book.fromRange]) {
    const range = book.rangeOf(peer.settings.address)
    if (range !== undefined && rangeKey(range) === rangeKey(before)) book.fromRange.set(peer, range)
    else book.drop(peer, CeaseSubcode.configurationChange)
  }
}

function keep(book: PeerBook, { after, fields }: Changed<PeerSettings>): void {
  const peer = book.peers.get(after.name)
  if (peer === undefined) return
  const again = peer.standing === null && mattersToDialling(fields)
  if (again) peer.stop(CeaseSubcode.configurationChange, '')
  book.adopt(peer, after)
  if (again) peer.start()
}

function resume(book: PeerBook, { name }: PeerSettings): void {
  const peer = book.peers.get(name)
  if (peer !== undefined) book.resume(peer)
}

function adopt(book: PeerBook, settings: PeerSettings): void {
  const peer = book.peers.get(settings.name)
  if (peer !== undefined) book.adopt(peer, settings)
}

function adoptRange(book: PeerBook, peer: Peer, range: ListenRangeSettings): void {
  const { name, address } = peer.settings
  book.adopt(peer, { ...range, name, address, passive: true })
}

/** Whoever came by a listen range from an address that is a peer's own now. */
function giveUpAddress(book: PeerBook, { address }: PeerSettings): void {
  for (const peer of [...book.fromRange.keys()]) {
    if (peer.settings.address === address) book.drop(peer, CeaseSubcode.configurationChange)
  }
}

function peersOf(book: PeerBook, range: ListenRangeSettings): Peer[] {
  const key = rangeKey(range)
  return [...book.fromRange].flatMap(([peer, of]) => (rangeKey(of) === key ? [peer] : []))
}
