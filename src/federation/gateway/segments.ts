/**
 * Interconnect Ethernet segments (RFC 9014 §4.4.3): gateways that are all active at once share an I-ESI, which the MAC routes made for them carry. Each gateway
 * that is up has its two Ethernet A-D routes in every VN: one for the segment, the withdrawal of which takes the gateway out for all MACs at once (RFC 7432
 * §8.2), one for the VN, by which those who are told share their frames between the gateways (RFC 7432 §8.4). Both carry the route targets of the VN alone.
 */
import { formatIp } from '../../address/ip.ts'
import { copy, put8, put16, put24, put32 } from '../../bytes/octets.ts'
import { AttributeCode, EXTENDED_LENGTH, OPTIONAL_TRANSITIVE, WELL_KNOWN } from '../../wire/attribute/attribute.ts'
import { TunnelType } from '../../wire/community/encapsulation.ts'
import { writeExtendedCommunity } from '../../wire/community/table.ts'
import { ETHERNET_AD } from '../../wire/nlri/evpn/ethernet-ad.ts'
import { type Crossing, nextHopOf } from './crossing.ts'
import { type RdNumbers, rdOf } from './crossings.ts'

/** Where routes made here go. */
interface Routes {
  originate(nextHop: Uint8Array, attributes: Uint8Array, nlri: Uint8Array, source: number): void
  retract(nlri: Uint8Array, source: number): void
}

/** RD (8) ESI (10) Ethernet Tag (4) label (3). */
const BODY = 25
/** Ethernet Tag of the route for the whole segment, MAX-ET (RFC 7432 §8.2.1). */
const MAX_ET = 0xffffffff
/** ESI Label flags: bit 0 would say single-active (RFC 7432 §7.5). */
const ALL_ACTIVE = 0

export class InterconnectSegments {
  private readonly routes: Routes
  private readonly routerId: number
  private readonly numbers: RdNumbers
  private readonly told = new Set<string>()

  constructor(routes: Routes, routerId: number, numbers: RdNumbers) {
    this.routes = routes
    this.routerId = routerId
    this.numbers = numbers
  }

  /** Tells of every gateway with an I-ESI that is up, and takes back those of gateways that are not. */
  tell(crossings: readonly Crossing[], isUp: (address: string) => boolean): void {
    for (const crossing of crossings) {
      if (crossing.via.esi === null) continue
      for (const gateway of crossing.via.gateways) {
        const address = formatIp(gateway.address)
        const what = `${crossing.domain} ${crossing.vn.name} ${crossing.outward ? 'out' : 'in'} ${address}`
        const up = isUp(address)
        if (up === this.told.has(what)) continue
        const rd = rdOf(this.routerId, this.numbers, what)
        for (const wholeSegment of [true, false]) {
          const nlri = nlriOf(crossing, crossing.via.esi, rd, wholeSegment)
          if (up) this.routes.originate(nextHopOf(crossing, gateway), attributesOf(crossing, wholeSegment), nlri, crossing.source)
          else this.routes.retract(nlri, crossing.source)
        }
        if (up) this.told.add(what)
        else this.told.delete(what)
      }
    }
  }
}

function nlriOf({ vni }: Crossing, esi: Uint8Array, rd: Uint8Array, wholeSegment: boolean): Uint8Array {
  const out = new Uint8Array(2 + BODY)
  const tagAt = copy(esi, 0, esi.length, out, copy(rd, 0, rd.length, out, put8(out, put8(out, 0, ETHERNET_AD), BODY)))
  put24(out, put32(out, tagAt, wholeSegment ? MAX_ET : 0), wholeSegment ? 0 : vni)
  return out
}

/** Canonical, without LOCAL_PREF. */
function attributesOf({ targets }: Crossing, wholeSegment: boolean): Uint8Array {
  const communities = new Uint8Array(8 * (targets.length + 2))
  let end = 0
  for (const target of targets) end = copy(target, 0, 8, communities, end)
  end = writeExtendedCommunity({ name: 'encapsulation', tunnelType: TunnelType.vxlan }, communities, end)
  if (wholeSegment) end = writeExtendedCommunity({ name: 'esi-label', flags: ALL_ACTIVE, vni: 0 }, communities, end)
  const out = new Uint8Array(16 + end)
  let at = put8(out, put8(out, put8(out, put8(out, 0, WELL_KNOWN), AttributeCode.origin), 1), 0)
  at = put8(out, put8(out, put8(out, at, WELL_KNOWN), AttributeCode.asPath), 0)
  const long = end > 255
  at = put8(out, put8(out, at, long ? OPTIONAL_TRANSITIVE | EXTENDED_LENGTH : OPTIONAL_TRANSITIVE), AttributeCode.extCommunities)
  at = long ? put16(out, at, end) : put8(out, at, end)
  return out.subarray(0, copy(communities, 0, end, out, at))
}
