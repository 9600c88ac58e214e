import { put16, u16 } from '../../bytes/octets.ts'
import { clearValue, type ExtendedCommunity } from './extended-community.ts'

export interface Encapsulation {
  readonly tunnelType: number
  /** Left out in writing. */
  readonly tunnelName?: string
}

/** Tunnel types of IANA's BGP Tunnel Encapsulation registry that EVPN meets (RFC 8365 §11, RFC 9012 §13). */
export const TunnelType = {
  l2tpv3: 1,
  gre: 2,
  ipInIp: 7,
  vxlan: 8,
  nvgre: 9,
  mpls: 10,
  mplsInGre: 11,
  vxlanGpe: 12,
  mplsInUdp: 13,
  geneve: 19,
} as const

const NAMES: Readonly<Record<number, string>> = {
  1: 'l2tpv3',
  2: 'gre',
  7: 'ip-in-ip',
  8: 'vxlan',
  9: 'nvgre',
  10: 'mpls',
  11: 'mpls-in-gre',
  12: 'vxlan-gpe',
  13: 'mpls-in-udp',
  14: 'ipv6-tunnel',
  19: 'geneve',
}

/** `vxlan`; `unknown` where there is no name. */
export function tunnelTypeName(tunnelType: number): string {
  return NAMES[tunnelType] ?? 'unknown'
}

/** Tunnel types by name. */
export const TUNNEL_TYPE_NAMES: ReadonlyMap<string, number> = new Map(Object.entries(NAMES).map(([type, name]) => [name, Number(type)]))

/** Type and subtype, and where the tunnel type stands in the community. */
export const ENCAPSULATION = 0x030c
export const TUNNEL_TYPE_AT = 6

/** Encapsulation, RFC 9012 §4.1: reserved (4), tunnel type (2). Decides how a label field is read (RFC 8365 §5.1.3). */
export const encapsulation: ExtendedCommunity<Encapsulation> = {
  name: 'encapsulation',
  kinds: [ENCAPSULATION],
  read(bytes, at) {
    const tunnelType = u16(bytes, at + TUNNEL_TYPE_AT)
    return { tunnelType, tunnelName: tunnelTypeName(tunnelType) }
  },
  write({ tunnelType }, out, at) {
    clearValue(out, at)
    put16(out, at + TUNNEL_TYPE_AT, tunnelType)
  },
  format: ({ tunnelType }) => `ET:${tunnelType}`,
}
