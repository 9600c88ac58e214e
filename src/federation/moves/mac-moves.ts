/**
 * MACs that move between domains again and again: two hosts with one address, or a loop that two domains share. They are found as RFC 7432 §15.1 says (so many
 * moves in so much time), frozen (the routes of one side stay in use, all others stand in the Adj-RIB-In, refused, and go no further), told of, and thawed. It is
 * asked of routes with MAC mobility alone, since a move raises the sequence; what a gateway is told with is made from what passes here. A sticky MAC does not move
 * (§15.2): its routes are no moves, and while it is frozen they are held like all others. Pure: the time is the RIB's, and `tick`'s.
 */
import { formatMac, parseMac } from '../../address/mac.ts'
import type { SourceOf } from '../../advertise/exporter/exporters.ts'
import { same } from '../../bytes/octets.ts'
import { Membership } from '../../domain/membership.ts'
import type { VnSettings } from '../../domain/settings.ts'
import { refusal } from '../../policy/refusal.ts'
import type { Admission } from '../../rib/admission.ts'
import { STICKY } from '../../rib/decision-facts.ts'
import type { Rib } from '../../rib/rib.ts'
import type { SetId, Verdict } from '../../rib/verdict.ts'
import { macAt } from '../../wire/nlri/evpn/in-place.ts'
import { Provenance } from '../agreement/provenance.ts'
import type { FederationSettings } from '../settings.ts'
import { type FrozenMac, FrozenMacs } from './frozen-macs.ts'
import { macKey, writeMacKey } from './mac-key.ts'
import type { MacMovesSettings } from './settings.ts'
import { NO_SIDE, OWN, Sides } from './sides.ts'
import { WatchedMacs } from './watched-macs.ts'

const FROZEN = refusal('mac-frozen')
/** Most MACs watched, and most frozen at once. */
export const MOST_WATCHED = 16_384
const MOST_FROZEN = 16_384
/** Paths asked about again in one go. */
const SLICE = 1024
/** Where the MAC stands in the key of a type 2 route: type (1) RD (8) Ethernet Tag (4) MAC length (1). */
const MAC_AT = 14
const MAC_OCTETS = 6

/** What happened since the start. */
export interface MoveCounts {
  frozen: number
  thawed: number
  /** MACs that moved too often when as many as can be were frozen already. */
  tooMany: number
}

export class MacMoves implements Admission {
  now = 0
  wantsRefresh = false
  onFrozen: (mac: FrozenMac) => void = () => {}
  /** `by`: its time was over, somebody said so, or other settings hold. */
  onThawed: (mac: FrozenMac, by: 'time' | 'operator' | 'settings') => void = () => {}
  readonly counts: MoveCounts = { frozen: 0, thawed: 0, tooMany: 0 }
  private readonly rib: Rib
  private readonly sourceOf: SourceOf
  private readonly typeVerdictsOf: (peer: number) => Int32Array | null
  private readonly watched = new WatchedMacs(MOST_WATCHED)
  private readonly frozen = new FrozenMacs()
  private federation: FederationSettings
  private membership: Membership
  private sides: Sides
  /** Of the MAC that is being asked about. */
  private readonly key = macKey()
  private readonly byDomain = new Map<string, MacMovesSettings>()
  private restSeconds = 0
  private terms = ''

  /** `typeVerdictsOf`: by peer id, as `Rib.learn` takes them. */
  constructor(
    rib: Rib,
    sourceOf: SourceOf,
    typeVerdictsOf: (peer: number) => Int32Array | null,
    federation: FederationSettings,
    vns: readonly VnSettings[],
  ) {
    this.rib = rib
    this.sourceOf = sourceOf
    this.typeVerdictsOf = typeVerdictsOf
    this.federation = federation
    this.membership = new Membership([], rib.sets)
    this.sides = new Sides(rib.sets, sourceOf, new Provenance(federation))
    this.adopt(federation, vns)
  }

  /** Adopts other agreements. Where they differ from those before, everything is thawed and forgotten. */
  adopt(federation: FederationSettings, vns: readonly VnSettings[]): void {
    const shared = new Set(federation.domains.flatMap(({ share }) => share.map(({ vn }) => vn)))
    const bridged = vns.filter(({ name, service }) => service === 'l2' && shared.has(name))
    const terms = termsOf(federation, bridged)
    if (terms === this.terms) return
    this.terms = terms
    for (const mac of this.frozen.numbers) this.thawOne(mac, 'settings')
    this.watched.clear()
    this.membership.close()
    this.sides.close()
    this.federation = federation
    this.membership = new Membership(bridged, this.rib.sets)
    this.sides = new Sides(this.rib.sets, this.sourceOf, new Provenance(federation))
    this.byDomain.clear()
    for (const { name, macMoves } of federation.domains) this.byDomain.set(name, macMoves)
    this.restSeconds = Math.max(federation.macMoves.withinSeconds, ...[...this.byDomain.values()].map((one) => one.withinSeconds))
  }

  /** MACs frozen now. */
  get all(): readonly FrozenMac[] {
    return [...this.frozen.all]
  }

  /** MACs watched now, and those that had to make room although they had moved of late. */
  get watching(): { readonly macs: number; readonly forgotten: number } {
    return { macs: this.watched.size, forgotten: this.watched.forgotten }
  }

  admit(dest: number, peer: number, before: Verdict, used: SetId, _same: boolean, nlri: Uint8Array, at: number, size: number): Verdict {
    const members = this.membership.vnsOf(used)
    if (members.length === 0) return used
    const mac = macAt(nlri, at, size)
    const side = mac < 0 ? NO_SIDE : this.sides.of(used)
    if (side === NO_SIDE) return used
    for (const index of members) {
      writeMacKey(this.key, index, nlri, mac)
      if (this.passes(index, side, dest, used)) continue
      this.frozen.refuse(this.frozen.find(this.key), dest, peer)
      return FROZEN
    }
    if (before === FROZEN) this.frozen.forget(dest, peer)
    return used
  }

  /** Every route fits: what is frozen is a matter of time. */
  misfit(): Verdict {
    return 0
  }

  ended(dest: number, peer: number, before: Verdict): void {
    if (before === FROZEN) this.frozen.forget(dest, peer)
  }

  /** Whether there is something to do in time. */
  get busy(): boolean {
    return this.frozen.waiting > 0 || this.frozen.timed > 0
  }

  /** Thaws what has been frozen long enough, and asks again about the routes that were refused for it. */
  tick(now: number): void {
    for (const mac of this.frozen.due(now / 1000)) this.thawOne(mac, 'time')
    this.frozen.release(SLICE, (dest, peer) => this.rib.reconsider(dest, peer, this.typeVerdictsOf(peer)))
  }

  /** Somebody has looked after it. `vn` by name, `mac` as text. Returns whether it was frozen. The routes come in with the next `tick`. */
  thaw(vn: string, mac: string): boolean {
    const index = this.membership.vns.findIndex(({ name }) => name === vn)
    const octets = parseMac(mac)
    if (index < 0 || !octets.ok) return false
    writeMacKey(this.key, index, octets.value, 0)
    return this.thawOne(this.frozen.find(this.key), 'operator')
  }

  private thawOne(number: number, by: 'time' | 'operator' | 'settings'): boolean {
    const mac = this.frozen.thaw(number)
    if (mac === undefined) return false
    this.counts.thawed++
    this.onThawed(mac, by)
    return true
  }

  /** Whether a route of a VN that says the MAC of `key` is on this side may be used. Hot. */
  private passes(index: number, side: number, dest: number, used: SetId): boolean {
    const { frozen, key, watched } = this
    const kept = frozen.find(key)
    if (kept >= 0) return frozen.keptSide(kept) === side
    const { sets, nowSeconds: now } = this.rib
    const sequence = sets.mobilitySequence[used]!
    const sticky = (sets.mobility[used]! & STICKY) !== 0
    let mac = watched.find(key, now, this.restSeconds)
    if (mac < 0) {
      if (sticky || sequence === 0) return true
      mac = watched.begin(key, side, sequence, now, this.restSeconds)
    } else if (sequence > watched.sequenceOf(mac) && !sticky) {
      if (side !== watched.sideOf(mac) && !this.moves(index, mac, side, dest)) return false
      // What was one move too many has ended the watch.
      if (frozen.find(key) >= 0) return true
      watched.raise(mac, side, sequence, now)
    }
    watched.claim(mac, side, dest)
    return true
  }

  /** A MAC moves to a side. Returns whether the route that says so may be used. */
  private moves(index: number, mac: number, side: number, dest: number): boolean {
    const { watched } = this
    const now = this.rib.nowSeconds
    const from = watched.sideOf(mac)
    const settings = this.byDomain.get(this.sides.nameOf(side === OWN ? from : side)) ?? this.federation.macMoves
    if (settings.moves === 0) return true
    const moves = watched.moved(mac, now, settings.withinSeconds)
    if (moves < settings.moves) return true
    if (this.frozen.size >= MOST_FROZEN) {
      this.counts.tooMany++
      watched.forgetMove(mac)
      return true
    }
    const octets = this.macOctets(dest)
    const keep = this.keptSide(settings, mac, side, octets)
    const between = [...new Set([...watched.sidesOf(mac), side])]
    watched.drop(mac)
    this.counts.frozen++
    const frozen = this.frozen.freeze(
      this.key,
      {
        vn: this.membership.vns[index]!.name,
        mac: formatMac(octets),
        keep: this.sides.nameOf(keep),
        between: between.map((one) => this.sides.nameOf(one)),
        moves,
        since: now,
        until: settings.freezeSeconds === 0 ? null : now + settings.freezeSeconds,
      },
      keep,
    )
    this.onFrozen(frozen)
    return keep === side
  }

  /** Whose routes stay: only of a side that has one. */
  private keptSide({ keep }: MacMovesSettings, mac: number, side: number, octets: Uint8Array): number {
    if (keep === 'local' && (side === OWN || this.holds(mac, OWN, octets))) return OWN
    const from = this.watched.sideOf(mac)
    return this.holds(mac, from, octets) ? from : side
  }

  /** Whether a side has a route for the MAC in use. */
  private holds(mac: number, side: number, octets: Uint8Array): boolean {
    const { rib } = this
    const dest = this.watched.claimOf(mac, side)
    // The number may mean another destination by now.
    if (dest < 0 || !rib.destinations.isLive(dest) || !same(this.macOctets(dest), 0, octets, 0, MAC_OCTETS)) return false
    for (let row = rib.firstRow(dest); row >= 0; row = rib.nextRow(row)) {
      const used = rib.rows.used[row]!
      if (used >= 0 && this.sides.of(used) === side) return true
    }
    return false
  }

  /** The 6 octets behind those of another type of route mean nothing, and are never those of a MAC that is asked for. */
  private macOctets(dest: number): Uint8Array {
    const { destinations } = this.rib
    const at = destinations.start(dest) + MAC_AT
    return destinations.octets(dest).slice(at, at + MAC_OCTETS)
  }
}

/** What decides whether anything is frozen, in words that are equal when it is the same. */
function termsOf({ macMoves, domains, domainId, transit }: FederationSettings, vns: readonly VnSettings[]): string {
  return JSON.stringify([
    macMoves,
    domains.map(({ name, asn, domainId, macMoves }) => [name, asn, domainId, macMoves]),
    domainId,
    transit,
    vns,
  ])
}
