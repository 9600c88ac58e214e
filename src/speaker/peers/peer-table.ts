import type { SessionSettings } from '../../session/door.ts'
import { CeaseSubcode } from '../../wire/notification-codes.ts'
import type { ListenRangeSettings, PeerSettings, SpeakerSettings } from '../settings.ts'
import type { World } from '../world.ts'
import { rangeFor } from './listen-ranges.ts'
import { Peer, type PeerOwner } from './peer.ts'
import type { PeerBook } from './reconfigure-peers.ts'

/**
 * How long a session that was ended here stays away. Whoever hears that routes are gone and, a moment later, that they are back must have acted on the first: FRR 8.4 gathers
 * changes for 50 ms, and of a type 5 route that goes and comes within that time it forgets the Router's MAC, and sends its traffic nowhere until it goes again.
 */
const AWAY_MS = 250

/** The peers of a speaker: who has an address, by name or by a listen range, and what each one's session is to be like. */
export class PeerTable implements PeerBook {
  /** Static peers and those that came by a listen range, by name. */
  readonly peers = new Map<string, Peer>()
  readonly fromRange = new Map<Peer, ListenRangeSettings>()
  private readonly byAddress = new Map<string, Peer>()
  private readonly settings: () => SpeakerSettings
  private readonly families: SessionSettings['families']
  private readonly world: World
  private readonly owner: PeerOwner
  /** Peers that came by a listen range and whose sessions were ended here a moment ago: who dials again meanwhile is turned away as by any idle peer. */
  private readonly away = new Set<Peer>()
  private closed = false

  /** `settings`: those of the speaker as they are now. */
  constructor(settings: () => SpeakerSettings, families: SessionSettings['families'], world: World, owner: PeerOwner) {
    this.settings = settings
    this.families = families
    this.world = world
    this.owner = owner
  }

  /** Makes a peer, and does not start it. */
  make(settings: PeerSettings): Peer {
    const peer = new Peer(settings, this.sessionSettings(settings), this.world, this.owner)
    this.peers.set(settings.name, peer)
    this.byAddress.set(settings.address, peer)
    return peer
  }

  add(settings: PeerSettings): void {
    this.make(settings).start()
  }

  resume(peer: Peer): void {
    if (this.fromRange.has(peer)) this.away.add(peer)
    this.world.after(AWAY_MS, () => {
      if (this.closed || this.peers.get(peer.settings.name) !== peer) return
      // Nobody dials it from here: it is there again when it comes.
      if (this.fromRange.has(peer)) this.drop(peer, CeaseSubcode.deconfigured)
      else peer.start()
    })
  }

  /** Nobody is resumed any more. */
  close(): void {
    this.closed = true
  }

  drop(peer: Peer, subcode: number): void {
    this.fromRange.delete(peer)
    this.away.delete(peer)
    if (this.peers.get(peer.settings.name) === peer) this.peers.delete(peer.settings.name)
    if (this.byAddress.get(peer.settings.address) === peer) this.byAddress.delete(peer.settings.address)
    peer.stop(subcode, '')
  }

  /** Forgets a peer that came by a listen range, when it turns out to have no connection any more. */
  dropWhenIdle(peer: Peer): void {
    if (!this.fromRange.has(peer)) return
    this.world.soon(() => {
      if (!peer.connected && this.fromRange.has(peer) && !this.away.has(peer)) this.drop(peer, CeaseSubcode.deconfigured)
    })
  }

  adopt(peer: Peer, settings: PeerSettings): void {
    if (this.byAddress.get(peer.settings.address) === peer) this.byAddress.delete(peer.settings.address)
    peer.adopt(settings, this.sessionSettings(settings))
    this.byAddress.set(settings.address, peer)
  }

  rangeOf(address: string): ListenRangeSettings | undefined {
    return rangeFor(this.settings().listenRanges, address)
  }

  /** The peer with this address, made when a listen range takes it; else why there is none. */
  atAddress(address: string): Peer | string {
    const known = this.byAddress.get(address)
    if (known !== undefined) return known
    const range = this.rangeOf(address)
    if (range === undefined) return 'no peer and no listen range has this address'
    if (this.takenBy(range) >= range.limit) return `the listen range has as many sessions as it may (limit: ${range.limit})`
    const peer = this.make({ ...range, name: address, address, passive: true })
    this.fromRange.set(peer, range)
    peer.start()
    return peer
  }

  /** Peers that a listen range has taken. Counts: copies of the list would make thousands that come at once cost a second. */
  private takenBy(range: ListenRangeSettings): number {
    let taken = 0
    for (const other of this.fromRange.values()) if (other === range) taken++
    return taken
  }

  private sessionSettings(settings: PeerSettings): SessionSettings {
    const { asn, routerId, name } = this.settings()
    return {
      localAs: asn,
      peerAs: settings.asn,
      routerId,
      hostname: name,
      families: this.families,
      holdTimeSeconds: settings.holdTimeSeconds,
      connectRetrySeconds: settings.connectRetrySeconds,
      sendHoldSeconds: settings.sendHoldSeconds,
      passive: settings.passive,
    }
  }
}
