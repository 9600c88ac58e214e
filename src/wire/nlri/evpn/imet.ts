/**
 * Inclusive Multicast Ethernet Tag route (IMET), type 3, RFC 7432 §7.3. Key: all of it. The VNI stands in the PMSI Tunnel attribute.
 *
 *     +-------------------------+
 *     | RD               (8)    |
 *     | Ethernet Tag     (4)    |
 *     | IP length        (1)    |  32 or 128
 *     | Originator IP (4, 16)   |
 *     +-------------------------+
 */
import { formatIp, writeIp } from '../../../address/ip.ts'
import { put8, put32, u8, u32 } from '../../../bytes/octets.ts'
import { putRd, type RdFields, type RdView, readRd } from './fields.ts'
import type { EvpnRouteType } from './route-type.ts'

export interface Imet extends RdView {
  readonly ethernetTag: number
  readonly ipLength: number
  /** The originating router's address. */
  readonly ip: string
}

export interface ImetFields extends RdFields {
  readonly ethernetTag: number
  readonly ip: string
}

const ETHERNET_TAG = 8
const IP_LENGTH = 12
const IP = 13

/** EVPN route type. */
export const IMET = 3

export const imet = {
  type: IMET,
  name: 'imet',
  esiIsPathData: false,
  check(bytes, at, length) {
    if (length !== IP + 4 && length !== IP + 16) return 'IMET route whose length is not 17 or 29'
    return u8(bytes, at + IP_LENGTH) === (length - IP) * 8 ? null : 'IMET route whose IP length does not fit its length'
  },
  keyEnd: (_bytes, _at, length) => length,
  withdrawnTail: () => 0,
  read: (bytes, at, length) => ({
    ...readRd(bytes, at),
    ethernetTag: u32(bytes, at + ETHERNET_TAG),
    ipLength: u8(bytes, at + IP_LENGTH),
    ip: formatIp(bytes, at + IP, length - IP),
  }),
  write(value: ImetFields, out, at) {
    const ipAt = put32(out, putRd(value, out, at), value.ethernetTag) + 1
    const end = writeIp(value.ip, out, ipAt)
    put8(out, ipAt - 1, (end - ipAt) * 8)
    return end
  },
  format: (value) => `:[${value.ethernetTag}]:[${value.ipLength}]:[${value.ip}]`,
} satisfies EvpnRouteType<Imet>
