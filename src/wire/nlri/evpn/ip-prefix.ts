/**
 * IP Prefix route, type 5, RFC 9136 §3.1. Key: all but the ESI, the gateway and the label. The size tells the IP version.
 *
 *     +-------------------------+
 *     | RD               (8)    |
 *     | ESI              (10)   |  path data
 *     | Ethernet Tag     (4)    |
 *     | Prefix length    (1)    |  0..32 or 0..128
 *     | Prefix        (4, 16)   |
 *     | Gateway IP    (4, 16)   |  path data
 *     | MPLS label / VNI (3)    |  path data
 *     +-------------------------+
 */
import { isNoEsi } from '../../../address/esi.ts'
import { formatIp, writeIp } from '../../../address/ip.ts'
import { formatPrefixAt } from '../../../address/prefix.ts'
import { put8, put32, u8, u24, u32 } from '../../../bytes/octets.ts'
import { type EsiView, putEsi, putLabel, putRd, type RdFields, type RdView, readEsi, readRd } from './fields.ts'
import type { EvpnRouteType } from './route-type.ts'

export interface IpPrefix extends RdView, EsiView {
  readonly ethernetTag: number
  readonly ipPrefixLength: number
  /** `10.9.0.0/24`. */
  readonly ipPrefix: string
  /** All zeros when there is none. */
  readonly gatewayIp: string
  readonly label1: number
  readonly vni1: number
}

export interface IpPrefixFields extends RdFields {
  readonly esi?: string
  readonly ethernetTag: number
  readonly ipPrefix: string
  readonly gatewayIp?: string
  readonly label1?: number
  readonly vni1?: number
}

const ESI = 8
const ETHERNET_TAG = 18
const PREFIX_LENGTH = 22
const PREFIX = 23
const IPV4_LENGTH = PREFIX + 4 + 4 + 3
const IPV6_LENGTH = PREFIX + 16 + 16 + 3
/** Some speakers withdraw without gateway or label; from this size on the prefix can only have 16 octets. */
const IPV6_SHORTEST = PREFIX + 16

function addressOctets(length: number): 4 | 16 {
  return length >= IPV6_SHORTEST ? 16 : 4
}

/** EVPN route type. */
export const IP_PREFIX = 5

export const ipPrefix = {
  type: IP_PREFIX,
  name: 'ip-prefix',
  esiIsPathData: true,
  check(bytes, at, length) {
    if (length !== IPV4_LENGTH && length !== IPV6_LENGTH) return 'IP Prefix route whose length is not 34 or 58'
    const octets = addressOctets(length)
    if (u8(bytes, at + PREFIX_LENGTH) > octets * 8) return 'IP Prefix route whose prefix length is beyond its address'
    if (isNoEsi(bytes, at + ESI)) return null
    for (let i = 0; i < octets; i++) {
      if (u8(bytes, at + PREFIX + octets + i) !== 0) return 'IP Prefix route with both an ESI and a gateway'
    }
    return null
  },
  keyEnd(_bytes, _at, length) {
    const end = PREFIX + addressOctets(length)
    return Math.min(end, length)
  },
  withdrawnTail: (keyEnd) => keyEnd - PREFIX + 3,
  read(bytes, at, length) {
    const octets = addressOctets(length)
    const labelAt = at + PREFIX + 2 * octets
    return {
      ...readRd(bytes, at),
      ...readEsi(bytes, at + ESI),
      ethernetTag: u32(bytes, at + ETHERNET_TAG),
      ipPrefixLength: u8(bytes, at + PREFIX_LENGTH),
      ipPrefix: formatPrefixAt(bytes, at + PREFIX, octets, u8(bytes, at + PREFIX_LENGTH)),
      gatewayIp: formatIp(bytes, at + PREFIX + octets, octets),
      label1: u24(bytes, labelAt) >>> 4,
      vni1: u24(bytes, labelAt),
    }
  },
  write(value: IpPrefixFields, out, at) {
    const [address, bits] = value.ipPrefix.split('/')
    let end = putEsi(value.esi, out, putRd(value, out, at))
    end = put8(out, put32(out, end, value.ethernetTag), Number(bits))
    const gatewayAt = writeIp(address ?? '', out, end)
    end = writeIp(value.gatewayIp ?? (gatewayAt - end === 4 ? '0.0.0.0' : '::'), out, gatewayAt)
    return putLabel(value.vni1, value.label1, out, end)
  },
  format: (value) => `:[${value.ethernetTag}]:[${value.ipPrefixLength}]:[${value.ipPrefix.slice(0, value.ipPrefix.indexOf('/'))}]`,
} satisfies EvpnRouteType<IpPrefix>
