/**
 * MAC/IP Advertisement route, type 2, RFC 7432 §7.2. Key: all but the ESI and the labels.
 *
 *     +-------------------------+
 *     | RD               (8)    |
 *     | ESI              (10)   |  path data
 *     | Ethernet Tag     (4)    |
 *     | MAC length       (1)    |  48
 *     | MAC              (6)    |
 *     | IP length        (1)    |  0, 32 or 128
 *     | IP          (0, 4, 16)  |
 *     | Label 1 / VNI    (3)    |  path data
 *     | Label 2 / VNI  (0, 3)   |  path data
 *     +-------------------------+
 */
import { formatIp, writeIp } from '../../../address/ip.ts'
import { formatMac, writeMac } from '../../../address/mac.ts'
import { put8, put32, u8, u24, u32 } from '../../../bytes/octets.ts'
import { type EsiView, putEsi, putLabel, putRd, type RdFields, type RdView, readEsi, readRd } from './fields.ts'
import type { EvpnRouteType } from './route-type.ts'

export interface MacIp extends RdView, EsiView {
  readonly ethernetTag: number
  readonly macLength: number
  readonly mac: string
  readonly ipLength: number
  /** null when the route is for a MAC alone. */
  readonly ip: string | null
  readonly label1: number
  readonly vni1: number
  readonly label2?: number
  readonly vni2?: number
}

export interface MacIpFields extends RdFields {
  readonly esi?: string
  readonly ethernetTag: number
  readonly mac: string
  readonly ip: string | null
  readonly label1?: number
  readonly vni1?: number
  readonly label2?: number
  readonly vni2?: number
}

const ESI = 8
const ETHERNET_TAG = 18
const MAC_LENGTH = 22
const MAC = 23
const IP_LENGTH = 29
const IP = 30

/** EVPN route type. */
export const MAC_IP = 2

export const macIp = {
  type: MAC_IP,
  name: 'mac-ip',
  esiIsPathData: true,
  check(bytes, at, length) {
    if (length < IP + 3) return 'MAC/IP route shorter than 33 octets'
    if (u8(bytes, at + MAC_LENGTH) !== 48) return 'MAC/IP route whose MAC length is not 48'
    const ipLength = u8(bytes, at + IP_LENGTH)
    if (ipLength !== 0 && ipLength !== 32 && ipLength !== 128) return 'MAC/IP route whose IP length is not 0, 32 or 128'
    const labels = length - IP - (ipLength >>> 3)
    return labels === 3 || labels === 6 ? null : 'MAC/IP route whose length does not fit its IP length'
  },
  keyEnd(bytes, at, length) {
    if (length < IP) return length
    const end = IP + ((u8(bytes, at + IP_LENGTH) + 7) >>> 3)
    return Math.min(end, length)
  },
  withdrawnTail: () => 3,
  read(bytes, at, length) {
    const ipOctets = u8(bytes, at + IP_LENGTH) >>> 3
    const labelAt = at + IP + ipOctets
    const first: MacIp = {
      ...readRd(bytes, at),
      ...readEsi(bytes, at + ESI),
      ethernetTag: u32(bytes, at + ETHERNET_TAG),
      macLength: u8(bytes, at + MAC_LENGTH),
      mac: formatMac(bytes, at + MAC),
      ipLength: u8(bytes, at + IP_LENGTH),
      ip: ipOctets === 0 ? null : formatIp(bytes, at + IP, ipOctets),
      label1: u24(bytes, labelAt) >>> 4,
      vni1: u24(bytes, labelAt),
    }
    if (labelAt + 6 > at + length) return first
    return { ...first, label2: u24(bytes, labelAt + 3) >>> 4, vni2: u24(bytes, labelAt + 3) }
  },
  write(value: MacIpFields, out, at) {
    let end = putEsi(value.esi, out, putRd(value, out, at))
    end = put8(out, put32(out, end, value.ethernetTag), 48)
    end = writeMac(value.mac, out, end)
    const ipAt = end + 1
    end = value.ip === null ? ipAt : writeIp(value.ip, out, ipAt)
    put8(out, ipAt - 1, (end - ipAt) * 8)
    end = putLabel(value.vni1, value.label1, out, end)
    const second = value.vni2 !== undefined || value.label2 !== undefined
    return second ? putLabel(value.vni2, value.label2, out, end) : end
  },
  format(value) {
    const mac = `:[${value.ethernetTag}]:[${value.macLength}]:[${value.mac}]`
    return value.ip === null ? mac : `${mac}:[${value.ipLength}]:[${value.ip}]`
  },
} satisfies EvpnRouteType<MacIp>
