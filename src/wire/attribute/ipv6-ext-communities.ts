/**
 * IPv6 Address Specific Extended Communities, RFC 5701 §2: 20 octets each. Empty or not a multiple of 20: treat-as-withdraw (RFC 7606 §7.15).
 *
 *     +--------------------+
 *     | Type          (1)  |  0x00, or 0x40: not transitive across ASes
 *     | Subtype       (1)  |
 *     | IPv6 address  (16) |
 *     | Number        (2)  |
 *     +--------------------+
 */
import { formatIp, writeIp } from '../../address/ip.ts'
import { put8, put16, u8, u16 } from '../../bytes/octets.ts'
import { NON_TRANSITIVE } from '../community/extended-community.ts'
import { routeFault } from '../fault.ts'
import { OPTIONAL_TRANSITIVE, type PathAttribute } from './attribute.ts'

export interface Ipv6ExtCommunity {
  readonly type: number
  readonly subtype: number
  readonly transitive: boolean
  readonly name: string
  readonly address: string
  readonly number: number
}

const OCTETS = 20
const NAMES: Readonly<Record<number, string>> = { 2: 'route-target', 3: 'route-origin', 11: 'vrf-route-import' }
const SHORT: Readonly<Record<string, string>> = { 'route-target': 'RT', 'route-origin': 'SoO' }

function readOne(bytes: Uint8Array, at: number): Ipv6ExtCommunity {
  return {
    type: u8(bytes, at),
    subtype: u8(bytes, at + 1),
    transitive: (u8(bytes, at) & NON_TRANSITIVE) === 0,
    name: NAMES[u16(bytes, at)] ?? 'unknown',
    address: formatIp(bytes, at + 2, 16),
    number: u16(bytes, at + 18),
  }
}

export const ipv6ExtCommunities: PathAttribute<readonly Ipv6ExtCommunity[]> = {
  code: 25,
  name: 'ipv6ExtCommunities',
  flags: OPTIONAL_TRANSITIVE,
  viewedAsOctets: true,
  check(_bytes, _at, length) {
    if (length > 0 && length % OCTETS === 0) return null
    return routeFault(25, `IPv6 EXTENDED COMMUNITIES of ${length} octets, a multiple of 20 expected`)
  },
  read: (bytes, at, length) => Array.from({ length: length / OCTETS }, (_, i) => readOne(bytes, at + OCTETS * i)),
  write(communities, out, at) {
    let end = at
    for (const { type, subtype, address, number } of communities) {
      end = put16(out, writeIp(address, out, put8(out, put8(out, end, type), subtype)), number)
    }
    return end
  },
  format: (communities) =>
    communities
      .map(
        ({ type, subtype, name, address, number }) =>
          `${SHORT[name] ?? `0x${((type << 8) | subtype).toString(16).padStart(4, '0')}`}:[${address}]:${number}`,
      )
      .join(' '),
}
