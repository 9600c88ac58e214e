/**
 * S-PMSI A-D route, type 10, RFC 9572 §3.2: a tunnel of its own for one multicast flow. Key: all of it; the tunnel stands in the PMSI Tunnel attribute.
 *
 *     +---------------------------------+
 *     | RD                       (8)    |
 *     | Ethernet Tag             (4)    |
 *     | Source, group, originator       |  multicast.ts
 *     +---------------------------------+
 */
import { put32, u32 } from '../../../bytes/octets.ts'
import { putRd, type RdFields, type RdView, readRd } from './fields.ts'
import { formatMulticast, type MulticastFields, type MulticastView, multicastOctets, putMulticast, readMulticast } from './multicast.ts'
import type { EvpnRouteType } from './route-type.ts'

export interface SPmsi extends RdView, MulticastView {
  readonly ethernetTag: number
}

export interface SPmsiFields extends RdFields, MulticastFields {
  readonly ethernetTag: number
}

const ETHERNET_TAG = 8
const FLOW = 12

export const sPmsi = {
  type: 10,
  name: 's-pmsi',
  esiIsPathData: false,
  check(bytes, at, length) {
    const octets = multicastOctets(bytes, at + FLOW, at + length)
    if (octets < 0) return 'S-PMSI route whose address lengths cannot be'
    return FLOW + octets === length ? null : 'S-PMSI route whose length does not fit its addresses'
  },
  keyEnd: (_bytes, _at, length) => length,
  withdrawnTail: () => 0,
  read: (bytes, at) => ({
    ...readRd(bytes, at),
    ethernetTag: u32(bytes, at + ETHERNET_TAG),
    ...readMulticast(bytes, at + FLOW),
  }),
  write: (value: SPmsiFields, out, at) => putMulticast(value, out, put32(out, putRd(value, out, at), value.ethernetTag)),
  format: (value) => `:[${value.ethernetTag}]${formatMulticast(value)}`,
} satisfies EvpnRouteType<SPmsi>
