/**
 * Ethernet Auto-Discovery route, type 1, RFC 7432 §7.1. Key: all but the label.
 *
 *     +-------------------------+
 *     | RD               (8)    |
 *     | ESI              (10)   |
 *     | Ethernet Tag     (4)    |  0xffffffff: per Ethernet segment
 *     | MPLS label / VNI (3)    |
 *     +-------------------------+
 */
import { put32, u24, u32 } from '../../../bytes/octets.ts'
import { type EsiView, putEsi, putLabel, putRd, type RdFields, type RdView, readEsi, readRd } from './fields.ts'
import type { EvpnRouteType } from './route-type.ts'

export interface EthernetAd extends RdView, EsiView {
  readonly ethernetTag: number
  readonly label1: number
  readonly vni1: number
}

export interface EthernetAdFields extends RdFields {
  readonly esi: string
  readonly ethernetTag: number
  readonly label1?: number
  readonly vni1?: number
}

const ESI = 8
const ETHERNET_TAG = 18
const LABEL = 22
const LENGTH = 25

/** EVPN route type. */
export const ETHERNET_AD = 1

export const ethernetAd = {
  type: ETHERNET_AD,
  name: 'ethernet-ad',
  esiIsPathData: false,
  check: (_bytes, _at, length) => (length === LENGTH ? null : 'Ethernet A-D route whose length is not 25'),
  keyEnd: (_bytes, _at, length) => Math.min(length, LABEL),
  withdrawnTail: () => 3,
  read: (bytes, at) => ({
    ...readRd(bytes, at),
    ...readEsi(bytes, at + ESI),
    ethernetTag: u32(bytes, at + ETHERNET_TAG),
    label1: u24(bytes, at + LABEL) >>> 4,
    vni1: u24(bytes, at + LABEL),
  }),
  write(value: EthernetAdFields, out, at) {
    const tagAt = putEsi(value.esi, out, putRd(value, out, at))
    return putLabel(value.vni1, value.label1, out, put32(out, tagAt, value.ethernetTag))
  },
  format: (value) => `:[${value.ethernetTag}]:[${value.esi}]`,
} satisfies EvpnRouteType<EthernetAd>
