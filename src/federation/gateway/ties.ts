/**
 * One MAC that two domains claim with the same sequence, attached on both sides at one moment. RFC 7432 §15.1 has the lowest VTEP win; but behind gateways nobody
 * sees the VTEP of the other one, so there has to be something else that both sides know:
 *
 * - The other side is in gateway mode too: the lower DOMAIN-ID, of D-PATH, wins.
 * - It is not: its NVEs see our gateway, and go by the lowest VTEP. So do we, for our NVEs: our gateway's address and the next hop that comes from over there.
 *
 * The side that wins tells its NVEs nothing of the other claim, the one that loses tells them of it with a sequence one higher, so that they give way. A domain
 * that passes on to two others what each says of the MAC decides for both (again the lower DOMAIN-ID): the claim that wins is told with a sequence one higher, the
 * other one to nobody; and who hears of a claim over such a domain waits for that. When one side has given way, all is told as it is again.
 */
import type { SourceOf } from '../../advertise/exporters.ts'
import { KEY_START } from '../../bytes/byte-key.ts'
import { copy, put8, put16, u8, u16, u32 } from '../../bytes/octets.ts'
import type { AttributeSets, SetId } from '../../rib/attribute-sets.ts'
import type { Rib } from '../../rib/rib.ts'
import { originDomainAt } from '../domain-path.ts'
import { sameMobility } from './best-route.ts'
import type { Crossing } from './crossing.ts'
import { MAC_IP, TAIL_AT, TYPE_AT } from './mapping-key.ts'
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
  /** By entry: those of which it has decided how they are told. */
  private readonly decided = new Map<number, Set<number>>()

  /** `ownId`: DOMAIN-ID of the own domain. */
  constructor(table: MappingTable, rib: Rib, sourceOf: SourceOf, ownId: Uint8Array) {
    this.table = table
    this.rib = rib
    this.sourceOf = sourceOf
    this.ownId = ownId
  }

  /** How a mapping is told, of which `best` is the destination of the best route. `gateway`: that which stands for both ways. `bestOf`: the same of another entry. */
  tell(entry: number, crossing: Crossing, gateway: GatewaySettings, best: number, bestOf: (entry: number) => number): Telling {
    const rival = this.rivalOf(entry, crossing)
    if (rival === NONE) return 'as it is'
    const { sets } = this.rib
    const { advertised } = this.rib.destinations
    const [outDest, intoDest] = crossing.outward ? [best, bestOf(rival)] : [bestOf(rival), best]
    const out = advertised[outDest]!
    const into = advertised[intoDest]!
    if (!sameMobility(sets, out, into)) return 'as it is'
    const passedOn = sets.domainPathLength[out]! > 0
    const order = passedOn ? this.compareOrigins(out, into) : this.compareOwn(gateway, into, intoDest)
    // One claim, over two ways.
    if (order === 0 && passedOn) return 'as it is'
    this.decide(rival, entry)
    // Of our own claim the other side, or the one between us, knows what to make of it.
    if (crossing.outward && !passedOn) return 'as it is'
    return (crossing.outward ? order < 0 : order > 0) ? 'raised' : 'not'
  }

  /** Below 0 where a claim of our own wins, or is to wait; above 0 where what comes from over there does. */
  private compareOwn(gateway: GatewaySettings, into: SetId, intoDest: number): number {
    const { sets } = this.rib
    if (!this.madeByTeller(into, intoDest)) return compareToNextHop(gateway.address, sets, into)
    if (sets.domainPathLength[into]! > 1) return -1
    const origin = originDomainAt(sets, into)
    return origin < 0 ? -1 : compareIds(this.ownId, 0, sets.octets(into), origin)
  }

  private compareOrigins(a: SetId, b: SetId): number {
    const { sets } = this.rib
    const [atA, atB] = [originDomainAt(sets, a), originDomainAt(sets, b)]
    return atA < 0 || atB < 0 ? 0 : compareIds(sets.octets(a), atA, sets.octets(b), atB)
  }

  /** Whether who tells of a route has made it himself, for his gateway: the RD is his own (see `rdOf`), and no NVE's. */
  private madeByTeller(set: SetId, dest: number): boolean {
    const { destinations, sets } = this.rib
    const bytes = destinations.octets(dest)
    const rd = destinations.start(dest) + 1
    return u16(bytes, rd) === RD_OF_ADDRESS && u32(bytes, rd + 2) === this.sourceOf(sets.peer[set]!)?.routerId
  }

  /** An entry has changed: others, of which it may decide how they are told, are looked at again. */
  changed(entry: number, crossing: Crossing): void {
    const { table } = this
    const decided = this.decided.get(entry)
    this.decided.delete(entry)
    for (const one of decided ?? []) if (table.isLive(one)) table.markEcho(one)
    const rival = this.find(entry, crossing, table.keys.length(entry))
    if (rival !== NONE) table.markEcho(rival)
  }

  private decide(rival: number, entry: number): void {
    const all = this.decided.get(rival) ?? new Set()
    this.decided.set(rival, all.add(entry))
  }

  /** The entry for what goes the other way of the same MAC and address; where there is none, of the MAC alone. */
  private rivalOf(entry: number, crossing: Crossing): number {
    const { keys } = this.table
    const length = keys.length(entry)
    const exact = this.find(entry, crossing, length)
    return exact === NONE && length > IP_LENGTH_AT + 1 ? this.find(entry, crossing, IP_LENGTH_AT) : exact
  }

  /** `length`: so many octets of the key are those of `entry`; what is cut off is an address, and there is none then. */
  private find(entry: number, crossing: Crossing, length: number): number {
    const { keys, key } = this.table
    if (crossing.via.unknownMac || u8(keys.octets(entry), keys.start(entry) + TYPE_AT) !== MAC_IP) return NONE
    const at = keys.start(entry)
    let end = copy(keys.octets(entry), at + 2, at + length, key.octets, put16(key.octets, KEY_START, crossing.otherWay))
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
