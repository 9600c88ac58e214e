/**
 * One MAC that two domains claim with the same sequence, attached on both sides at one moment. RFC 7432 §15.1 has the lowest VTEP win; but behind gateways nobody
 * sees the VTEP of the other one, so there has to be something else that both sides know:
 *
 * - Gateways at both ends: the lower DOMAIN-ID of those where the claims began, which D-PATH carries over any number of domains. All NVAs know it and none of them asks what another one has
 *   heard, so that whatever the order of hearing the best claim of all is never told of one that its NVE would give way to.
 * - At one end alone: the NVEs of the other one see our gateway, and go by the lowest VTEP. So do we, for our NVEs: our gateway's address and the next hop that comes from over there.
 * - Who has been told of the other claim with a lower VTEP than his own, a gateway's, gives way whatever is decided later: he has lost, and the other one is told
 *   nothing of his claim. Two NVAs of a domain may not know that of each other, hence gateways should have higher addresses than NVEs (`docs/macs-between-domains.md`).
 *
 * The side that wins tells its NVEs nothing of the other claim. The one that loses tells them of it, with a sequence one higher where they would not give way to its
 * gateway's VTEP else; what they are told says which sequence was claimed, and that is what counts from NVA to NVA. A domain that passes on to two others what each says of the MAC tells the claim
 * that loses to nobody, and raises the other one for those who have no gateway that would. When one side has given way, all is told as it is again.
 */
import type { SourceOf } from '../../advertise/exporter/exporters.ts'
import { KEY_START } from '../../bytes/byte-key.ts'
import { copy, put8, put16, u8, u16, u32 } from '../../bytes/octets.ts'
import type { AttributeSets } from '../../rib/attribute-sets.ts'
import type { Rib } from '../../rib/rib.ts'
import type { SetId } from '../../rib/verdict.ts'
import { MAC_IP } from '../../wire/nlri/evpn/mac-ip.ts'
import { originDomainAt } from '../agreement/domain-path.ts'
import { sameMobility } from './best-route.ts'
import { claimedSequence } from './claimed-sequence.ts'
import type { Crossing } from './crossing.ts'
import type { Crossings } from './crossings.ts'
import { TAIL_AT, TYPE_AT } from './mapping-key.ts'
import type { MappingTable } from './mapping-table.ts'
import type { GatewaySettings } from './settings.ts'

export type Telling = 'as it is' | 'raised' | 'not'

/** In a mapping key of a MAC: MAC length (1), MAC (6), IP length (1). */
const IP_LENGTH_AT = TAIL_AT + 7
const DOMAIN_ID_OCTETS = 6
/** Route distinguisher of an IPv4 address and a number (RFC 4364 §4.2). */
const RD_OF_ADDRESS = 1
const NONE = -1

export class Ties {
  private readonly table: MappingTable
  private readonly rib: Rib
  private readonly sourceOf: SourceOf
  private readonly ownId: Uint8Array
  private readonly crossings: Crossings
  private readonly gatewayOf: (crossing: Crossing) => GatewaySettings | null
  /** By entry: those of which it has decided how they are told. */
  private readonly decided = new Map<number, Set<number>>()

  /** `ownId`: DOMAIN-ID of the own domain. `gatewayOf`: the one that stands for a crossing now. */
  constructor(
    table: MappingTable,
    rib: Rib,
    sourceOf: SourceOf,
    ownId: Uint8Array,
    crossings: Crossings,
    gatewayOf: (crossing: Crossing) => GatewaySettings | null,
  ) {
    this.table = table
    this.rib = rib
    this.sourceOf = sourceOf
    this.ownId = ownId
    this.crossings = crossings
    this.gatewayOf = gatewayOf
  }

  /** How a mapping is told, of which `best` is the destination of the best route. `gateway`: that which stands for both ways. `bestOf`: the same of another entry. */
  tell(entry: number, crossing: Crossing, gateway: GatewaySettings, best: number, bestOf: (entry: number) => number): Telling {
    const rival = this.rivalOf(entry, crossing)
    if (rival === NONE) return 'as it is'
    const { sets } = this.rib
    const { advertised } = this.rib.destinations
    const rivalDest = bestOf(rival)
    const rivalSet = advertised[rivalDest]!
    if (!sameMobility(sets, advertised[best]!, rivalSet)) return 'as it is'
    // Of all addresses of a MAC what is said of the MAC decides, so that they never part.
    const alone = this.find(entry, crossing.index, IP_LENGTH_AT)
    const mine = alone !== NONE && sameMobility(sets, advertised[bestOf(alone)]!, rivalSet) ? alone : entry
    const outEntry = crossing.outward ? mine : rival
    const intoEntry = crossing.outward ? rival : mine
    const outDest = crossing.outward ? bestOf(mine) : rivalDest
    const intoDest = crossing.outward ? rivalDest : bestOf(mine)
    const out = advertised[outDest]!
    const into = advertised[intoDest]!
    const passedOn = sets.domainPathLength[out]! > 0
    const byRank = passedOn ? this.compareOrigins(out, into) : this.compareOwn(gateway, into, intoDest)
    // One claim, over two ways.
    if (byRank === 0 && passedOn) return 'as it is'
    // Where both are of the same address each finds the other by itself (`changed`).
    if (this.table.keys.length(rival) !== this.table.keys.length(entry)) this.decide(rival, entry)
    if (mine !== entry) this.decide(mine, entry)
    const back = this.wayBack(crossing, out)
    const toldOut = back === null ? intoEntry : this.sameMac(intoEntry, back.index)
    const behind = back === null ? gateway.insideAddress : this.gatewayOf(back)?.address
    const outYields = behind !== undefined && toldOut !== NONE && this.yields(toldOut, behind, out, outDest)
    const intoYields = this.yields(outEntry, gateway.address, into, intoDest)
    const order = outYields === intoYields ? byRank : outYields ? 1 : -1
    // Of our own claim the other side, or the one between us, knows what to make of it; but what has lost already must not have it lose too.
    if (crossing.outward && !passedOn) return outYields && !intoYields ? 'not' : 'as it is'
    if (crossing.outward ? order > 0 : order < 0) return 'not'
    const loser = crossing.outward ? into : out
    const loserDest = crossing.outward ? intoDest : outDest
    // Who stands for the loser with a gateway makes him give way himself, by the same rule.
    if (this.isBehindGateway(loser, loserDest) || (!crossing.outward && back !== null)) return 'as it is'
    // Raised only for those who would not give way else: a sequence that is raised for nothing meets the next move.
    return this.yieldsToVtep(crossing.outward ? gateway.address : gateway.insideAddress, loser, loserDest) ? 'as it is' : 'raised'
  }

  /** The crossing by which a claim that goes out by `crossing` has come in, in the other direction; null: it has come through no gateway of ours. */
  private wayBack({ vn }: Crossing, out: SetId): Crossing | null {
    const domain = this.domainOf(out)
    if (domain === null) return null
    for (const one of this.crossings.all) if (one.outward && one.domain === domain && one.vn === vn) return one
    return null
  }

  /** Whether who makes a claim gives way to what is told at the entry `told`, with this VTEP: only NVEs do of themselves. */
  private yields(told: number, address: Uint8Array, claim: SetId, dest: number): boolean {
    const raised = this.table.toldSequence(told) - claimedSequence(this.rib.sets, claim)
    return raised === 0 ? this.yieldsToVtep(address, claim, dest) : raised > 0 && !this.isBehindGateway(claim, dest)
  }

  /** Whether who makes a claim gives way to this VTEP at equal sequence: only who sees the VTEP does. Behind a gateway of theirs, or another domain, NVAs decide. */
  private yieldsToVtep(address: Uint8Array, claim: SetId, dest: number): boolean {
    const { sets } = this.rib
    const own = this.domainOf(claim) === null
    if (sets.domainPathLength[claim]! > (own ? 0 : 1)) return false
    return compareToNextHop(address, sets, claim) < 0 && !this.isBehindGateway(claim, dest)
  }

  /** Whether a claim of another domain is told of by who stands for it with a gateway: of theirs, or of ours, and then by another NVA of ours. */
  private isBehindGateway(set: SetId, dest: number): boolean {
    return this.rib.sets.domainPathLength[set]! > 0 && this.madeByTeller(set, dest)
  }

  /** The domain that has told of it; null: our own. */
  private domainOf(set: SetId): string | null {
    return this.sourceOf(this.rib.sets.peer[set]!)?.domain ?? null
  }

  /** Below 0 where a claim of our own wins; above 0 where what comes from over there does. */
  private compareOwn(gateway: GatewaySettings, into: SetId, intoDest: number): number {
    const { sets } = this.rib
    if (!this.isBehindGateway(into, intoDest)) return compareToNextHop(gateway.address, sets, into)
    const origin = originDomainAt(sets, into)
    return origin < 0 ? -1 : compareIds(this.ownId, 0, sets.octets(into), origin)
  }

  private compareOrigins(a: SetId, b: SetId): number {
    const { sets } = this.rib
    const atA = originDomainAt(sets, a)
    const atB = originDomainAt(sets, b)
    return atA < 0 || atB < 0 ? 0 : compareIds(sets.octets(a), atA, sets.octets(b), atB)
  }

  /**
   * Whether who tells of a route has made it himself, for his gateway, or another NVA of his domain has that tells us too: the RD is one of theirs (see `rdOf`), and no NVE's.
   */
  private madeByTeller(set: SetId, dest: number): boolean {
    const { destinations, sets, peers } = this.rib
    const bytes = destinations.octets(dest)
    const rd = destinations.start(dest) + 1
    if (u16(bytes, rd) !== RD_OF_ADDRESS) return false
    const maker = u32(bytes, rd + 2)
    const teller = this.sourceOf(sets.peer[set]!)
    if (teller === undefined || teller.domain === null || teller.routerId === maker) return teller?.routerId === maker
    for (let peer = 0; peer < peers.length; peer++) {
      const other = peers[peer] === undefined ? undefined : this.sourceOf(peer)
      if (other?.domain === teller.domain && other.madeFor === undefined && other.routerId === maker) return true
    }
    return false
  }

  /** An entry has changed: others, of which it may decide how they are told, are looked at again. */
  changed(entry: number, crossing: Crossing): void {
    const { table } = this
    const decided = this.decided.get(entry)
    if (decided !== undefined) {
      this.decided.delete(entry)
      for (const one of decided) if (table.isLive(one)) table.markEcho(one)
    }
    const rival = crossing.via.unknownMac ? NONE : this.find(entry, crossing.otherWay, table.keys.length(entry))
    if (rival !== NONE) table.markEcho(rival)
  }

  private decide(rival: number, entry: number): void {
    const all = this.decided.get(rival) ?? new Set()
    this.decided.set(rival, all.add(entry))
  }

  /** The entry for what goes the other way of the same MAC. */
  private rivalOf(entry: number, { otherWay, via }: Crossing): number {
    return via.unknownMac ? NONE : this.sameMac(entry, otherWay)
  }

  /** The entry of a MAC under another crossing; where there is none of the MAC alone, of the same address. */
  private sameMac(entry: number, crossing: number): number {
    const alone = this.find(entry, crossing, IP_LENGTH_AT)
    const length = this.table.keys.length(entry)
    return alone === NONE && length > IP_LENGTH_AT + 1 ? this.find(entry, crossing, length) : alone
  }

  /** The entry under another crossing whose key shares the first `length` octets with that of `entry`. What is cut off is an address: the entry found has none. */
  private find(entry: number, crossing: number, length: number): number {
    const { keys, key } = this.table
    if (u8(keys.octets(entry), keys.start(entry) + TYPE_AT) !== MAC_IP) return NONE
    const at = keys.start(entry)
    let end = copy(keys.octets(entry), at + 2, at + length, key.octets, put16(key.octets, KEY_START, crossing))
    if (length < keys.length(entry)) end = put8(key.octets, end, 0)
    const rival = this.table.find(end)
    return this.table.isLive(rival) ? rival : NONE
  }
}

function compareIds(a: Uint8Array, atA: number, b: Uint8Array, atB: number): number {
  for (let i = 0; i < DOMAIN_ID_OCTETS; i++) {
    const difference = u8(a, atA + i) - u8(b, atB + i)
    if (difference !== 0) return difference
  }
  return 0
}

function compareToNextHop(address: Uint8Array, sets: AttributeSets, set: SetId): number {
  const length = sets.nextHopLength(set)
  if (address.length !== length) return address.length - length
  const bytes = sets.octets(set)
  const at = sets.nextHopAt(set)
  for (let i = 0; i < length; i++) {
    const difference = u8(address, i) - u8(bytes, at + i)
    if (difference !== 0) return difference
  }
  return 0
}
