/**
 * Ethernet Segment route, type 4, RFC 7432 §7.4. Key: all of it.
 *
 *     +-------------------------+
 *     | RD               (8)    |
 *     | ESI              (10)   |
 *     | IP length        (1)    |  32 or 128
 *     | Originator IP (4, 16)   |
 *     +-------------------------+
 */
import { formatIp, writeIp } from '../../../address/ip.ts'
import { put8, u8 } from '../../../bytes/octets.ts'
import { type EsiView, putEsi, putRd, type RdFields, type RdView, readEsi, readRd } from './fields.ts'
import type { EvpnRouteType } from './route-type.ts'

export interface EthernetSegment extends RdView, EsiView {
  readonly ipLength: number
  /** The originating router's address. */
  readonly ip: string
}

export interface EthernetSegmentFields extends RdFields {
  readonly esi: string
  readonly ip: string
}

const ESI = 8
const IP_LENGTH = 18
const IP = 19

/** EVPN route type. */
export const ETHERNET_SEGMENT = 4

export const ethernetSegment = {
  type: ETHERNET_SEGMENT,
  name: 'ethernet-segment',
  esiIsPathData: false,
  check(bytes, at, length) {
    if (length !== IP + 4 && length !== IP + 16) return 'Ethernet Segment route whose length is not 23 or 35'
    return u8(bytes, at + IP_LENGTH) === (length - IP) * 8 ? null : 'Ethernet Segment route whose IP length does not fit its length'
  },
  keyEnd: (_bytes, _at, length) => length,
  withdrawnTail: () => 0,
  read: (bytes, at, length) => ({
    ...readRd(bytes, at),
    ...readEsi(bytes, at + ESI),
    ipLength: u8(bytes, at + IP_LENGTH),
    ip: formatIp(bytes, at + IP, length - IP),
  }),
  write(value: EthernetSegmentFields, out, at) {
    const ipAt = putEsi(value.esi, out, putRd(value, out, at)) + 1
    const end = writeIp(value.ip, out, ipAt)
    put8(out, ipAt - 1, (end - ipAt) * 8)
    return end
  },
  format: (value) => `:[${value.esi}]:[${value.ipLength}]:[${value.ip}]`,
} satisfies EvpnRouteType<EthernetSegment>
