/**
 * PMSI Tunnel, RFC 6514 §5: how broadcast, unknown and multicast frames of an IMET route travel.
 *
 *     +-------------------------+
 *     | Flags            (1)    |  1: leaf information required
 *     | Tunnel type      (1)    |
 *     | MPLS label / VNI (3)    |
 *     | Tunnel id        (rest) |  ingress replication: the endpoint, 4 or 16 octets
 *     +-------------------------+
 *
 * Too short, or an ingress replication endpoint that is no address: treat-as-withdraw (RFC 6514 §5). Tunnel types nobody here knows pass
 * (RFC 7385 §3).
 */
import { formatIp } from '../../address/ip.ts'
import { copy, hex, put8, put24, u8, u24 } from '../../bytes/octets.ts'
import { routeFault } from '../fault.ts'
import { OPTIONAL_TRANSITIVE, type PathAttribute } from './attribute.ts'

export interface PmsiTunnel {
  readonly flags: number
  readonly leafInfoRequired: boolean
  readonly tunnelType: number
  readonly tunnelName: string
  /** The upper 20 bits of the label field. */
  readonly label: number
  /** All 24 bits of it. */
  readonly vni: number
  /** Hex. */
  readonly tunnelId: string
  /** Address text, of ingress replication. */
  readonly endpoint?: string
}

/** As given for writing; the other members say the same in other words. */
export type PmsiTunnelFields = Pick<PmsiTunnel, 'flags' | 'tunnelType' | 'vni' | 'tunnelId'>

const TYPE = 1
const LABEL = 2
const TUNNEL_ID = 5
const LEAF_INFO_REQUIRED = 0x01

export const PmsiTunnelType = { none: 0, ingressReplication: 6 } as const

const NAMES: Readonly<Record<number, string>> = {
  0: 'no-tunnel-info',
  1: 'rsvp-te-p2mp',
  2: 'mldp-p2mp',
  3: 'pim-ssm',
  4: 'pim-sm',
  5: 'bidir-pim',
  6: 'ingress-replication',
  7: 'mldp-mp2mp',
  8: 'transport-tunnel',
  10: 'assisted-replication',
  11: 'bier',
}

export const pmsiTunnel: PathAttribute<PmsiTunnel> = {
  code: 22,
  name: 'pmsiTunnel',
  flags: OPTIONAL_TRANSITIVE,
  check(bytes, at, length) {
    if (length < TUNNEL_ID) return routeFault(22, `PMSI Tunnel of ${length} octets, at least 5 expected`)
    const idOctets = length - TUNNEL_ID
    if (u8(bytes, at + TYPE) !== PmsiTunnelType.ingressReplication || idOctets === 4 || idOctets === 16) return null
    return routeFault(22, `PMSI Tunnel with an ingress replication endpoint of ${idOctets} octets`)
  },
  read(bytes, at, length) {
    const flags = u8(bytes, at)
    const tunnelType = u8(bytes, at + TYPE)
    const tunnel: PmsiTunnel = {
      flags,
      leafInfoRequired: (flags & LEAF_INFO_REQUIRED) !== 0,
      tunnelType,
      tunnelName: NAMES[tunnelType] ?? 'unknown',
      label: u24(bytes, at + LABEL) >>> 4,
      vni: u24(bytes, at + LABEL),
      tunnelId: hex(bytes, at + TUNNEL_ID, at + length),
    }
    if (tunnelType !== PmsiTunnelType.ingressReplication) return tunnel
    return { ...tunnel, endpoint: formatIp(bytes, at + TUNNEL_ID, length - TUNNEL_ID) }
  },
  write({ flags, tunnelType, vni, tunnelId }: PmsiTunnelFields, out, at) {
    const id = Buffer.from(tunnelId, 'hex')
    return copy(id, 0, id.length, out, put24(out, put8(out, put8(out, at, flags), tunnelType), vni))
  },
  format: ({ tunnelName, vni, endpoint, tunnelId }) => `${tunnelName} vni ${vni} ${endpoint ?? tunnelId}`.trimEnd(),
}

/** Writes the value octets for ingress replication to `endpoint` (4 or 16 octets); returns the offset behind. */
export function writeIngressReplication(vni: number, endpoint: Uint8Array, out: Uint8Array, at: number): number {
  const head = put24(out, put8(out, put8(out, at, 0), PmsiTunnelType.ingressReplication), vni)
  return copy(endpoint, 0, endpoint.length, out, head)
}
