/**
 * Per-Region I-PMSI A-D route, type 9, RFC 9572 §3.1: an IMET for a whole region. Key: all of it; the tunnel stands in the PMSI Tunnel attribute.
 *
 *     +-------------------------+
 *     | RD               (8)    |
 *     | Ethernet Tag     (4)    |
 *     | Region ID        (8)    |  made like an extended community
 *     +-------------------------+
 */
import { copy, hex, put32, u32 } from '../../../bytes/octets.ts'
import { putRd, type RdFields, type RdView, readRd } from './fields.ts'
import type { EvpnRouteType } from './route-type.ts'

export interface RegionIPmsi extends RdView {
  readonly ethernetTag: number
  /** 8 octets in hex. */
  readonly regionId: string
}

export interface RegionIPmsiFields extends RdFields {
  readonly ethernetTag: number
  readonly regionId: string
}

const ETHERNET_TAG = 8
const REGION_ID = 12
const LENGTH = 20

export const regionIPmsi = {
  type: 9,
  name: 'per-region-i-pmsi',
  esiIsPathData: false,
  check: (_bytes, _at, length) => (length === LENGTH ? null : 'Per-Region I-PMSI route whose length is not 20'),
  keyEnd: (_bytes, _at, length) => length,
  withdrawnTail: () => 0,
  read: (bytes, at) => ({
    ...readRd(bytes, at),
    ethernetTag: u32(bytes, at + ETHERNET_TAG),
    regionId: hex(bytes, at + REGION_ID, at + LENGTH),
  }),
  write(value: RegionIPmsiFields, out, at) {
    const octets = Buffer.from(value.regionId, 'hex')
    return copy(octets, 0, LENGTH - REGION_ID, out, put32(out, putRd(value, out, at), value.ethernetTag))
  },
  format: (value) => `:[${value.ethernetTag}]:[${value.regionId}]`,
} satisfies EvpnRouteType<RegionIPmsi>
