/**
 * Which next hops our own domain uses: those that routes of our own sessions name, unless they come from another domain by what they carry (`Provenance`), and addresses of
 * our configuration (peers, gateways, ourselves). For each next hop it is counted how many sets of ours name it, and the sets of other domains that name it are a list, so that
 * the first of ours that comes, and the last that goes, has just those judged anew. Kept by attribute set: a route costs nothing.
 */

import { formatIp } from '../../address/ip.ts'
import type { SourceOf } from '../../advertise/exporter/exporters.ts'
import { ByteKey, KEY_START } from '../../bytes/byte-key.ts'
import { ByteTable } from '../../bytes/byte-table.ts'
import { capacityFor, Growth, grownInt32 } from '../../bytes/columns.ts'
import { copy, hex, same } from '../../bytes/octets.ts'
import { refusal } from '../../policy/refusal.ts'
import type { AttributeSets } from '../../rib/attribute-sets.ts'
import { NO_SET, type SetId } from '../../rib/verdict.ts'
import { Provenance } from '../agreement/provenance.ts'
import type { FederationSettings } from '../settings.ts'
import type { KnowsOwnNextHops } from './judge.ts'
import { addressAt, addressOctets, plainAddress } from './next-hop.ts'

const REFUSED = refusal('own-next-hop')
const NONE = -1
const FIRST = 16
/** Sets of one next hop that are looked at for people. */
const LOOK = 1024
/** Of a set that counts for no next hop. Else one more than the number of its next hop, negative for sets of other domains. */
const NOTHING = 0

export class OwnNextHops implements KnowsOwnNextHops {
  /** Called when there are sets to be judged anew: see `any` and `take`. */
  onDoubt: () => void = () => {}
  private readonly sets: AttributeSets
  private readonly sourceOf: SourceOf
  private provenance: Provenance | null = null
  private terms = ''
  private configured: ReadonlyMap<string, Uint8Array> = new Map()
  /** Next hops by address. */
  private readonly table = new ByteTable()
  private readonly key = new ByteKey(16)
  /** The one asked for last: the next set usually names it too. -1: gone. */
  private last = NONE
  /** By next hop: how many sets of ours name it, and one more if it is configured; and the first set of another domain that names it. */
  private ours = new Int32Array(FIRST)
  private first = new Int32Array(FIRST)
  /** By set. `next` and `previous`: of the list of its next hop. */
  private counts = new Int32Array(FIRST)
  private next = new Int32Array(FIRST)
  private previous = new Int32Array(FIRST)
  private readonly growth: Growth
  /** Next hops that have become ours, or are ours no more: their lists are to be gone through. */
  private readonly turned = new Set<number>()
  /** The set that comes next in such a list. */
  private doubtful: SetId = NONE
  /** The set to look at next, because other agreements hold; -1: all have been. */
  private reviewed: SetId = NONE
  private readonly made = (set: SetId): void => this.place(set)
  private readonly gone = (set: SetId): void => this.count(set, NOTHING)

  constructor(sets: AttributeSets, sourceOf: SourceOf) {
    this.sets = sets
    this.sourceOf = sourceOf
    this.growth = this.columns()
  }

  /** These agreements hold from now on, and these addresses are ours by configuration, whatever routes say. Without another domain nothing is counted. */
  adopt(federation: FederationSettings, addresses: readonly Uint8Array[]): void {
    const terms = federation.domains.length === 0 ? '' : termsOf(federation)
    if (terms !== this.terms) {
      if (this.terms === '') this.begin()
      else if (terms === '') this.end()
      this.terms = terms
      this.provenance = terms === '' ? null : new Provenance(federation)
      this.reviewed = terms === '' || this.sets.table.capacity === 0 ? NONE : 0
    }
    if (this.provenance !== null) this.configure(addresses)
    if (this.any) this.onDoubt()
  }

  isOurs(set: SetId): boolean {
    const hop = this.numberOf(set)
    return hop !== NONE && this.ours[hop]! > 0
  }

  /** Addresses of next hops of ours for which sets of a domain are refused, `most` at most. For people: it looks at some of the sets of each, not at all. */
  namedBy(domain: string, most: number): string[] {
    const named: string[] = []
    for (let hop = 0; hop < this.table.capacity && named.length < most; hop++) {
      if (hop < this.ours.length && this.ours[hop]! > 0 && this.isRefused(hop, domain))
        named.push(formatIp(this.table.octets(hop), this.table.start(hop), this.table.length(hop)))
    }
    return named
  }

  private isRefused(hop: number, domain: string): boolean {
    const { sets } = this
    let left = LOOK
    for (let set = this.first[hop]!; set !== NONE && left > 0; set = this.next[set]!, left--) {
      if (sets.imported[set] === REFUSED && this.sourceOf(sets.peer[set]!)?.domain === domain) return true
    }
    return false
  }

  /** Whether there are sets to be judged anew, or sets to be looked at. */
  get any(): boolean {
    return this.doubtful !== NONE || this.turned.size > 0 || this.reviewed !== NONE
  }

  /** A set to be judged anew; `NO_SET`: a step was taken, and none found yet. */
  take(): SetId {
    const set = this.doubtful
    if (set !== NONE) {
      this.doubtful = this.next[set]!
      return set
    }
    for (const hop of this.turned) {
      this.turned.delete(hop)
      this.doubtful = this.first[hop]!
      return NO_SET
    }
    return this.reviewed === NONE ? NO_SET : this.review()
  }

  /** Looks at one more set that was there before. Returns it if it has been judged without knowing that its next hop is ours. */
  private review(): SetId {
    const { sets } = this
    const set = this.reviewed++
    if (this.reviewed >= sets.table.capacity) this.reviewed = NONE
    if (set >= sets.table.capacity || sets.refs[set]! <= 0) return NO_SET
    this.grow(set)
    const before = this.counts[set]!
    this.place(set)
    const after = this.counts[set]!
    return after < NOTHING && after !== before && this.isOurs(set) ? set : NO_SET
  }

  private begin(): void {
    this.sets.onMade.push(this.made)
    this.sets.onGone.push(this.gone)
  }

  private end(): void {
    const { onMade, onGone } = this.sets
    onMade.splice(onMade.indexOf(this.made), 1)
    onGone.splice(onGone.indexOf(this.gone), 1)
    this.configure([])
    for (let set = 0; set < this.counts.length; set++) this.count(set, NOTHING)
    this.turned.clear()
  }

  private configure(addresses: readonly Uint8Array[]): void {
    const wanted = new Map(addresses.map((address) => [hex(plainAddress(address)), plainAddress(address)]))
    for (const [text, address] of wanted) if (!this.configured.has(text)) this.add(this.named(address, 0, address.length))
    for (const [text, address] of this.configured) if (!wanted.has(text)) this.remove(this.named(address, 0, address.length))
    this.configured = wanted
  }

  /** Counts a set for what it is. Hot: for every set that is made. */
  private place(set: SetId): void {
    this.grow(set)
    const whose = this.whose(set)
    if (whose === NOTHING) this.count(set, NOTHING)
    else this.count(set, whose * (1 + this.named(this.sets.octets(set), addressAt(this.sets, set), addressOctets(this.sets, set))))
  }

  /** 1: ours; -1: of another domain, as it came; 0: made here, or what another NVA of ours has judged. */
  private whose(set: SetId): -1 | 0 | 1 {
    const { sets, provenance } = this
    const source = this.sourceOf(sets.peer[set]!)
    if (source === undefined || source.madeFor !== undefined || provenance === null) return 0
    if (source.domain !== null) return sets.isDerived(set) ? 0 : -1
    return provenance.of(sets, set, this.sourceOf).length === 0 ? 1 : 0
  }

  /** A set counts as this from now on. */
  private count(set: SetId, as: number): void {
    const before = set < this.counts.length ? this.counts[set]! : NOTHING
    if (before === as) return
    this.counts[set] = as
    // The new before the old: they may be of the same next hop, which must not be forgotten in between.
    if (as > NOTHING) this.add(as - 1)
    else if (as < NOTHING) this.link(set, -as - 1)
    if (before > NOTHING) this.remove(before - 1)
    else if (before < NOTHING) this.unlink(set, -before - 1)
  }

  private add(hop: number): void {
    if (++this.ours[hop]! === 1) this.turn(hop)
  }

  private remove(hop: number): void {
    if (--this.ours[hop]! > 0) return
    this.turn(hop)
    this.dropIfUnnamed(hop)
  }

  private turn(hop: number): void {
    if (this.first[hop] === NONE) return
    this.turned.add(hop)
    this.onDoubt()
  }

  private link(set: SetId, hop: number): void {
    const first = this.first[hop]!
    this.next[set] = first
    this.previous[set] = NONE
    if (first !== NONE) this.previous[first] = set
    this.first[hop] = set
  }

  private unlink(set: SetId, hop: number): void {
    const next = this.next[set]!
    const previous = this.previous[set]!
    if (set === this.doubtful) this.doubtful = next
    if (next !== NONE) this.previous[next] = previous
    if (previous !== NONE) this.next[previous] = next
    else this.first[hop] = next
    this.dropIfUnnamed(hop)
  }

  /** The number of a next hop, `octets` octets at `at`, known from now on. */
  private named(bytes: Uint8Array, at: number, octets: number): number {
    const { key, table, last } = this
    if (last !== NONE && table.length(last) === octets && same(bytes, at, table.octets(last), table.start(last), octets)) return last
    key.seal(copy(bytes, at, at + octets, key.octets, KEY_START))
    const hop = table.upsert(key)
    this.last = hop
    if (!table.inserted) return hop
    if (hop >= this.ours.length) {
      const capacity = capacityFor(hop, this.ours.length)
      this.ours = grownInt32(this.ours, capacity)
      this.first = grownInt32(this.first, capacity)
    }
    this.ours[hop] = 0
    this.first[hop] = NONE
    return hop
  }

  /** The number of the next hop of a set of another domain; -1: nobody names it. */
  private numberOf(set: SetId): number {
    const counted = set < this.counts.length ? this.counts[set]! : NOTHING
    if (counted !== NOTHING) return Math.abs(counted) - 1
    const { key, sets } = this
    const at = addressAt(sets, set)
    key.seal(copy(sets.octets(set), at, at + addressOctets(sets, set), key.octets, KEY_START))
    return this.table.find(key)
  }

  private dropIfUnnamed(hop: number): void {
    if (this.ours[hop]! > 0 || this.first[hop] !== NONE) return
    this.table.remove(hop)
    if (hop === this.last) this.last = NONE
  }

  private grow(set: SetId): void {
    while (set >= this.growth.due) this.growth.next()
  }

  private columns(): Growth {
    return new Growth(FIRST, [
      (capacity) => {
        this.counts = grownInt32(this.counts, capacity)
      },
      (capacity) => {
        this.next = grownInt32(this.next, capacity)
      },
      (capacity) => {
        this.previous = grownInt32(this.previous, capacity)
      },
    ])
  }
}

/** What decides whether a route is of our own domain, in words that are equal when it is the same. */
function termsOf({ domainId, domains }: FederationSettings): string {
  return JSON.stringify([hex(domainId), domains.map(({ name, asn, domainId: id }) => [name, asn, hex(id)])])
}
