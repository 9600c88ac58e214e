/**
 * PMSI Tunnel, RFC 6514 §5: how broadcast, unknown and multicast frames of an IMET route travel.
 *
 *     +-------------------------+
 *     | Flags            (1)    |  1 leaf information required; assisted replication (RFC 9574 §4): 2 no unknown, 4 no broadcast and multicast,
 *     |                         |  0x18 role (0 RNVE, 1 replicator, 2 leaf)
 *     | Tunnel type      (1)    |
 *     | MPLS label / VNI (3)    |
 *     | Tunnel id        (rest) |  by type, see TUNNEL_IDS; ingress and assisted replication: the endpoint
 *     +-------------------------+
 *
 * Too short, or a tunnel id that is none of its type: treat-as-withdraw (RFC 6514 §5). Tunnel types nobody here knows pass (RFC 7385 §3).
 */
import { formatIp } from '../../address/ip.ts'
import { copy, hex, put8, put24, u8, u16, u24, u32 } from '../../bytes/octets.ts'
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
const NO_UNKNOWN = 0x02
const NO_BROADCAST_MULTICAST = 0x04
const ROLE = 0x18
const EXTENSION = 0x40

export const PmsiTunnelType = { none: 0, ingressReplication: 6, assistedReplication: 10 } as const

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

/** Tunnel types by name. */
export const PMSI_TUNNEL_NAMES: ReadonlyMap<string, number> = new Map(Object.entries(NAMES).map(([type, name]) => [name, Number(type)]))

/** A tunnel id by type: whether `octets` octets at `at` are one, and such octets in words. */
interface TunnelId {
  fits(bytes: Uint8Array, at: number, octets: number): boolean
  words(bytes: Uint8Array, at: number, octets: number): string
}

/** Fields of fixed size around one or two addresses that are both IPv4 or both IPv6. */
const addressed = (addresses: 1 | 2, more: number, words: TunnelId['words']): TunnelId => ({
  fits: (_bytes, _at, octets) => octets === addresses * 4 + more || octets === addresses * 16 + more,
  words,
})

const endpoint = addressed(1, 0, (bytes, at, octets) => formatIp(bytes, at, octets))

const flow = addressed(2, 0, (bytes, at, octets) => `(${formatIp(bytes, at, octets / 2)}, ${formatIp(bytes, at + octets / 2, octets / 2)})`)

/** Extended tunnel id (4, 16), reserved (2), tunnel id (2), P2MP id (4): the session object of RFC 4875 §19.1. */
const rsvpTe = addressed(1, 8, (bytes, at, octets) => {
  const fixed = at + octets - 8
  return `${formatIp(bytes, at, octets - 8)} tunnel ${u16(bytes, fixed + 2)} p2mp ${u32(bytes, fixed + 4)}`
})

/** Address (4, 16), number (4), RFC 7524 §8. */
const transport = addressed(1, 4, (bytes, at, octets) => `${formatIp(bytes, at, octets - 4)} number ${u32(bytes, at + octets - 4)}`)

/** Sub-domain (1), BFR id (2), BFR prefix (4, 16), RFC 8556 §2.1. */
const bier = addressed(
  1,
  3,
  (bytes, at, octets) => `sub-domain ${u8(bytes, at)} bfr ${u16(bytes, at + 1)} ${formatIp(bytes, at + 3, octets - 3)}`,
)

const FEC_ROOT = 4

/** The FEC element of mLDP: type (1), address family (2), address length (1), root, opaque length (2), opaque value (RFC 6388 §2.2). */
const mldp: TunnelId = {
  fits(bytes, at, octets) {
    if (octets < FEC_ROOT) return false
    const rootOctets = u8(bytes, at + 3)
    const opaqueAt = FEC_ROOT + rootOctets
    return (rootOctets === 4 || rootOctets === 16) && opaqueAt + 2 <= octets && opaqueAt + 2 + u16(bytes, at + opaqueAt) === octets
  },
  words(bytes, at, octets) {
    const rootOctets = u8(bytes, at + 3)
    return `root ${formatIp(bytes, at + FEC_ROOT, rootOctets)} opaque ${hex(bytes, at + FEC_ROOT + rootOctets + 2, at + octets)}`
  },
}

/** Types not listed have an id of any size. */
const TUNNEL_IDS: Readonly<Record<number, TunnelId>> = {
  1: rsvpTe,
  2: mldp,
  3: flow,
  4: flow,
  5: flow,
  [PmsiTunnelType.ingressReplication]: endpoint,
  7: mldp,
  8: transport,
  [PmsiTunnelType.assistedReplication]: endpoint,
  11: bier,
}

export const pmsiTunnel: PathAttribute<PmsiTunnel> = {
  code: 22,
  name: 'pmsiTunnel',
  flags: OPTIONAL_TRANSITIVE,
  check(bytes, at, length) {
    if (length < TUNNEL_ID) return routeFault(22, `PMSI Tunnel of ${length} octets, at least 5 expected`)
    const type = u8(bytes, at + TYPE)
    const id = TUNNEL_IDS[type]
    if (id === undefined || id.fits(bytes, at + TUNNEL_ID, length - TUNNEL_ID)) return null
    return routeFault(22, `PMSI Tunnel of type ${type} with a tunnel id of ${length - TUNNEL_ID} octets that is none of that type`)
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
  format({ tunnelName, tunnelType, vni, flags, tunnelId }) {
    const name = tunnelName === 'unknown' ? `tunnel type ${tunnelType}` : tunnelName
    return [name, `vni ${vni}`, formatTunnelId(tunnelType, tunnelId), ...flagWords(flags)].filter((part) => part !== '').join(' ')
  },
}

/** The tunnel id, given in hex, in words: `(192.0.2.1, 232.1.1.1)` for PIM; hex where the type is unknown or the id none of it. */
function formatTunnelId(tunnelType: number, tunnelId: string): string {
  const octets = new Uint8Array(Buffer.from(tunnelId, 'hex'))
  const id = TUNNEL_IDS[tunnelType]
  return id?.fits(octets, 0, octets.length) ? id.words(octets, 0, octets.length) : tunnelId
}

const ROLES = ['', 'ar-replicator', 'ar-leaf', 'ar-role-3']

/** The flags in words: `ar-replicator`, `no-bm`, `no-unknown`, `leaf-information-required`, `extended` (RFC 6514 §5, RFC 9574 §4, RFC 7902 §3). */
function flagWords(flags: number): string[] {
  const words = [
    ROLES[(flags & ROLE) >> 3] ?? '',
    flags & NO_BROADCAST_MULTICAST ? 'no-bm' : '',
    flags & NO_UNKNOWN ? 'no-unknown' : '',
    flags & LEAF_INFO_REQUIRED ? 'leaf-information-required' : '',
    flags & EXTENSION ? 'extended' : '',
  ]
  return words.filter((word) => word !== '')
}

/** Writes the value octets for ingress replication to `endpoint` (4 or 16 octets); returns the offset behind. */
export function writeIngressReplication(vni: number, endpoint: Uint8Array, out: Uint8Array, at: number): number {
  const head = put24(out, put8(out, put8(out, at, 0), PmsiTunnelType.ingressReplication), vni)
  return copy(endpoint, 0, endpoint.length, out, head)
}
