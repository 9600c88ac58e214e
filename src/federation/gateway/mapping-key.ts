/**
 * Under which key a route stands in the mapping table: what is the same for all inside routes that are one route outside. Octets:
 *
 *     crossing (2) | route type (1) | Ethernet Tag (4) | what follows it in the route key (RFC 7432 §7)
 *
 * The RD of the inside is left out. All IMET routes of a VN are one: type alone. In a routed VN a MAC/IP route stands for a prefix of its address alone, and
 * what an aggregate covers is that aggregate. The Ethernet Tag is 0, as everywhere with a VNI for each VN (RFC 8365 §5.1.3).
 */
import type { Prefix } from '../../address/prefix.ts'
import { KEY_START } from '../../bytes/byte-key.ts'
import { copy, put8, put16, put32, u8 } from '../../bytes/octets.ts'
import { IMET } from '../../wire/nlri/evpn/imet.ts'
import { IP_PREFIX } from '../../wire/nlri/evpn/ip-prefix.ts'
import { MAC_IP } from '../../wire/nlri/evpn/mac-ip.ts'
import type { Crossing } from './crossing.ts'

export const TYPE_AT = 2
/** Where what follows the Ethernet Tag begins, in the mapping key. */
export const TAIL_AT = 7

/** In a route key: type (1) RD (8) Ethernet Tag (4), then for type 2 MAC length (1) MAC (6) IP length (1) IP, for type 5 prefix length (1) prefix. */
const ROUTE_TAIL = 13
const IP_LENGTH = ROUTE_TAIL + 7
const NONE = -1

/** Writes the key under which the route with key octets `at`..`at + length` stands; returns the offset behind, or -1 when it does not cross. Hot. */
export function mappingKeyInto(crossing: Crossing, bytes: Uint8Array, at: number, length: number, out: Uint8Array): number {
  const type = u8(bytes, at)
  const routed = crossing.vn.service === 'l3'
  const head = put16(out, KEY_START, crossing.index)
  if (type === IMET) return routed ? NONE : imetKeyInto(crossing, out)
  if (type === MAC_IP && !routed) {
    const tail = put32(out, put8(out, head, MAC_IP), 0)
    return crossing.via.unknownMac && !crossing.outward ? unknownMacInto(out, tail) : copy(bytes, at + ROUTE_TAIL, at + length, out, tail)
  }
  // A MAC alone means nothing to a routed VN.
  if (type === MAC_IP ? u8(bytes, at + IP_LENGTH) === 0 : type !== IP_PREFIX) return NONE
  const lengthAt = at + (type === MAC_IP ? IP_LENGTH : ROUTE_TAIL)
  const bits = u8(bytes, lengthAt)
  const octets = at + length - lengthAt - 1
  const tail = put32(out, put8(out, head, IP_PREFIX), 0)
  for (const { address, length: most } of crossing.outward ? crossing.via.aggregates : NO_AGGREGATES) {
    if (address.length === octets && bits >= most && sameBits(address, bytes, lengthAt + 1, most)) {
      return copy(address, 0, octets, out, put8(out, tail, most))
    }
  }
  return copy(bytes, lengthAt + 1, lengthAt + 1 + octets, out, put8(out, tail, bits))
}

/** Writes the key of all IMET routes of a crossing; returns the offset behind. */
export function imetKeyInto(crossing: Crossing, out: Uint8Array): number {
  return put8(out, put16(out, KEY_START, crossing.index), IMET)
}

const NO_AGGREGATES: readonly Prefix[] = []

/** MAC 00:00:00:00:00:00 and no address: the Unknown-MAC-Route (RFC 9014 §3.5.1). */
function unknownMacInto(out: Uint8Array, at: number): number {
  out.fill(0, put8(out, at, 48), at + 8)
  return at + 8
}

function sameBits(address: Uint8Array, bytes: Uint8Array, at: number, bits: number): boolean {
  for (let i = 0; 8 * i < bits; i++) {
    const rest = bits - 8 * i
    const mask = rest >= 8 ? 0xff : (0xff00 >> rest) & 0xff
    if (((u8(address, i) ^ u8(bytes, at + i)) & mask) !== 0) return false
  }
  return true
}
