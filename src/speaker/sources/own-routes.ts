/** Routes made here: by the speaker itself (peer id 0), or from sources with peer ids of their own. */
import type { Source } from '../../advertise/exporter/exporters.ts'
import { ByteKey, KEY_START, MAX_KEY } from '../../bytes/byte-key.ts'
import { copy, put8 } from '../../bytes/octets.ts'
import type { Rib } from '../../rib/rib.ts'
import type { Sources } from './sources.ts'

export class OwnRoutes {
  readonly rib: Rib
  private readonly sources: Sources
  private readonly ask: () => void
  private readonly key = new ByteKey(MAX_KEY)

  /** `ask`: for the turn in which it is told. */
  constructor(rib: Rib, routerId: number, sources: Sources, ask: () => void) {
    this.rib = rib
    this.sources = sources
    this.ask = ask
    rib.addPeer({ id: 0, external: false, routerId, address: new Uint8Array(4) })
  }

  /** A source of routes that are told apart from all others, as if a peer had sent them. Returns its peer id. */
  addSource(source: Source): number {
    const id = this.sources.ids.take()
    this.rib.addPeer({ id, external: source.external, routerId: source.routerId, address: new Uint8Array(4) })
    this.sources.make(id, source)
    return id
  }

  /** Takes back all that a source has announced, in slices; its id is given out again when that is done. */
  dropSource(id: number): void {
    this.sources.ids.leave(id)
    this.ask()
  }

  /**
   * Announces routes: canonical path attributes without LOCAL_PREF, next hop of 4 or 16 octets, NLRI octets. `source`: one of `addSource`, or the speaker
   * itself. `attributesEnd`, `nlriEnd`: behind the last octet of them, for a maker that writes one after the other into the same memory. Hot: allocates nothing.
   */
  originate(
    nextHop: Uint8Array,
    attributes: Uint8Array,
    nlri: Uint8Array,
    source = 0,
    attributesEnd = attributes.length,
    nlriEnd = nlri.length,
  ): void {
    const { key, rib } = this
    const { sets } = rib
    this.ask()
    let at = put8(key.octets, put8(key.octets, KEY_START, source), source >>> 8)
    at = put8(key.octets, at, nextHop.length)
    at = copy(nextHop, 0, nextHop.length, key.octets, at)
    key.seal(copy(attributes, 0, attributesEnd, key.octets, at))
    const set = sets.intern(key)
    sets.imported[set] = set
    sets.hold(set)
    rib.learn(source, set, null, nlri, 0, nlriEnd)
    sets.release(set)
  }

  /** Withdraws routes. Hot: allocates nothing. */
  retract(nlri: Uint8Array, source = 0, nlriEnd = nlri.length): void {
    this.rib.withdraw(source, nlri, 0, nlriEnd)
    this.ask()
  }
}
