/**
 * Selective Multicast Ethernet Tag route (SMET), type 6, RFC 9251 §9.1. Key: all but the flags.
 *
 *     +---------------------------------+
 *     | RD                       (8)    |
 *     | Ethernet Tag             (4)    |
 *     | Source, group, originator       |  multicast.ts
 *     | Flags                    (1)    |  path data: 1, 2, 4 IGMP version 1, 2, 3 (MLD: 1, 2 are versions 1, 2); 8 exclude
 *     +---------------------------------+
 */
import { put8, put32, u8, u32 } from '../../../bytes/octets.ts'
import { putRd, type RdFields, type RdView, readRd } from './fields.ts'
import {
  formatMulticast,
  type MulticastFields,
  type MulticastView,
  multicastEnd,
  multicastOctets,
  putMulticast,
  readMulticast,
} from './multicast.ts'
import type { EvpnRouteType } from './route-type.ts'

export interface Smet extends RdView, MulticastView {
  readonly ethernetTag: number
  readonly flags: number
}

export interface SmetFields extends RdFields, MulticastFields {
  readonly ethernetTag: number
  readonly flags: number
}

const ETHERNET_TAG = 8
const FLOW = 12
const FLAGS_OCTETS = 1

export const smet = {
  type: 6,
  name: 'smet',
  esiIsPathData: false,
  check(bytes, at, length) {
    const octets = multicastOctets(bytes, at + FLOW, at + length)
    if (octets < 0) return 'SMET route whose address lengths cannot be'
    return FLOW + octets + FLAGS_OCTETS === length ? null : 'SMET route whose length does not fit its addresses'
  },
  keyEnd: (bytes, at, length) => multicastEnd(bytes, Math.min(at + FLOW, at + length), at + length) - at,
  withdrawnTail: () => FLAGS_OCTETS,
  read: (bytes, at, length) => ({
    ...readRd(bytes, at),
    ethernetTag: u32(bytes, at + ETHERNET_TAG),
    ...readMulticast(bytes, at + FLOW),
    flags: u8(bytes, at + length - FLAGS_OCTETS),
  }),
  write(value: SmetFields, out, at) {
    const flowAt = put32(out, putRd(value, out, at), value.ethernetTag)
    return put8(out, putMulticast(value, out, flowAt), value.flags)
  },
  format: (value) => `:[${value.ethernetTag}]${formatMulticast(value)}`,
} satisfies EvpnRouteType<Smet>
