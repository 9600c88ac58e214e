/**
 * Tunnel Encapsulation, RFC 9012 §2, §3: the tunnels by which the next hop can be reached. A list of
 *
 *     +---------------------------+
 *     | Tunnel type   (2)         |
 *     | Length        (2)         |
 *     | sub-TLVs                  |  type (1), length (1 below type 128, 2 from there on), value
 *     +---------------------------+
 *
 * A tunnel counts as not there when its egress endpoint is missing, stands twice or is malformed. No tunnel left, or sub-TLVs that do not end where
 * their tunnel ends: treat-as-withdraw. Unknown tunnel types and sub-TLVs, and malformed sub-TLVs of other kinds, pass (RFC 9012 §13).
 */
import { formatIp } from '../../address/ip.ts'
import { formatMac } from '../../address/mac.ts'
import { copy, hex, put8, put16, u8, u16, u24, u32 } from '../../bytes/octets.ts'
import { tunnelTypeName } from '../community/encapsulation.ts'
import { routeFault } from '../fault.ts'
import { OPTIONAL_TRANSITIVE, type PathAttribute } from './attribute.ts'

export interface SubTlv {
  readonly type: number
  readonly name: string
  /** The value octets; all that is needed for writing. */
  readonly hex: string
  /** Members by kind, where the value is one of its kind. */
  readonly [member: string]: unknown
}

export interface Tunnel {
  readonly tunnelType: number
  readonly tunnelName: string
  readonly subTlvs: readonly SubTlv[]
}

export interface TunnelFields {
  readonly tunnelType: number
  readonly subTlvs: readonly Pick<SubTlv, 'type' | 'hex'>[]
}

const TUNNEL_HEADER = 4
const LONG_FROM = 128
const ENDPOINT = 6
const ENDPOINT_ADDRESS = 6
const ADDRESS_FAMILY = 4

/** Offset of the value of the sub-TLV at `at`. */
function valueAt(bytes: Uint8Array, at: number): number {
  return at + (u8(bytes, at) < LONG_FROM ? 2 : 3)
}

function valueLength(bytes: Uint8Array, at: number): number {
  return u8(bytes, at) < LONG_FROM ? u8(bytes, at + 1) : u16(bytes, at + 1)
}

/** Egress endpoint: reserved (4), address family (2), address; family 0 and no address: the next hop itself (RFC 9012 §3.1). */
function endpointIsSound(bytes: Uint8Array, at: number, length: number): boolean {
  if (length < ENDPOINT_ADDRESS) return false
  const family = u16(bytes, at + ADDRESS_FAMILY)
  const octets = length - ENDPOINT_ADDRESS
  return (family === 0 && octets === 0) || (family === 1 && octets === 4) || (family === 2 && octets === 16)
}

/** 1 for a tunnel that counts, 0 for one that does not, -1 when its sub-TLVs do not end where it ends. */
function tunnelCounts(bytes: Uint8Array, from: number, to: number): number {
  let endpoints = 0
  let sound = true
  for (let at = from; at < to; ) {
    const value = valueAt(bytes, at)
    if (value > to) return -1
    const length = valueLength(bytes, at)
    if (value + length > to) return -1
    if (u8(bytes, at) === ENDPOINT) {
      endpoints++
      sound &&= endpointIsSound(bytes, value, length)
    }
    at = value + length
  }
  return endpoints === 1 && sound ? 1 : 0
}

interface Kind {
  readonly name: string
  /** Members of a value of `length` octets at `at`, null when it is none of this kind. */
  read(bytes: Uint8Array, at: number, length: number, tunnelType: number): object | null
}

const fixed = (name: string, octets: number, read: (bytes: Uint8Array, at: number) => object): Kind => ({
  name,
  read: (bytes, at, length) => (length === octets ? read(bytes, at) : null),
})

/** Encapsulation parameters by tunnel type (RFC 9012 §3.2). */
const ENCAPSULATIONS: Readonly<Record<number, Kind['read']>> = {
  1: (bytes, at, length) =>
    length === 4 || length === 8 || length === 12 ? { sessionId: u32(bytes, at), cookie: hex(bytes, at + 4, at + length) } : null,
  2: (bytes, at, length) => (length === 4 ? { key: u32(bytes, at) } : null),
  8: readVirtualNetwork,
  9: readVirtualNetwork,
  11: (bytes, at, length) => (length === 4 ? { key: u32(bytes, at) } : null),
  12: (bytes, at, length) => (length === 8 ? { flags: u8(bytes, at), vni: u24(bytes, at + 4) } : null),
}

/** VXLAN and NVGRE: flags (1), virtual network (3), MAC (6), reserved (2); bits 0x80 and 0x40 tell which of them count. */
function readVirtualNetwork(bytes: Uint8Array, at: number, length: number): object | null {
  if (length !== 12) return null
  const flags = u8(bytes, at)
  return {
    flags,
    ...(flags & 0x80 ? { vni: u24(bytes, at + 1) } : {}),
    ...(flags & 0x40 ? { mac: formatMac(bytes, at + 4) } : {}),
  }
}

/** Kinds of sub-TLV (RFC 9012 §3). */
const KINDS: Readonly<Record<number, Kind>> = {
  1: {
    name: 'encapsulation',
    read: (bytes, at, length, tunnelType) => ENCAPSULATIONS[tunnelType]?.(bytes, at, length, tunnelType) ?? null,
  },
  2: fixed('protocol-type', 2, (bytes, at) => ({ etherType: u16(bytes, at) })),
  4: fixed('color', 8, (bytes, at) => ({ flags: u16(bytes, at + 2), color: u32(bytes, at + 4) })),
  [ENDPOINT]: {
    name: 'egress-endpoint',
    read(bytes, at, length) {
      if (!endpointIsSound(bytes, at, length)) return null
      const octets = length - ENDPOINT_ADDRESS
      return { endpoint: octets === 0 ? null : formatIp(bytes, at + ENDPOINT_ADDRESS, octets) }
    },
  },
  7: fixed('ds-field', 1, (bytes, at) => ({ dsField: u8(bytes, at) })),
  8: fixed('udp-destination-port', 2, (bytes, at) => ({ port: u16(bytes, at) })),
  9: fixed('embedded-label-handling', 1, (bytes, at) => ({ handling: u8(bytes, at) })),
  10: {
    name: 'mpls-label-stack',
    read: (bytes, at, length) =>
      length % 4 === 0 ? { labels: Array.from({ length: length / 4 }, (_, i) => u32(bytes, at + 4 * i) >>> 12) } : null,
  },
  11: { name: 'prefix-sid', read: () => null },
  12: fixed('preference', 6, (bytes, at) => ({ preference: u32(bytes, at + 2) })),
  13: { name: 'binding-sid', read: () => null },
  128: { name: 'segment-list', read: () => null },
  129: { name: 'policy-candidate-path-name', read: () => null },
}

function readSubTlvs(bytes: Uint8Array, from: number, to: number, tunnelType: number): SubTlv[] {
  const found: SubTlv[] = []
  for (let at = from; at < to; ) {
    const type = u8(bytes, at)
    const value = valueAt(bytes, at)
    const length = valueLength(bytes, at)
    const kind = KINDS[type]
    const members = kind?.read(bytes, value, length, tunnelType) ?? {}
    found.push({ type, name: kind?.name ?? 'unknown', ...members, hex: hex(bytes, value, value + length) })
    at = value + length
  }
  return found
}

export const tunnelEncapsulation: PathAttribute<readonly Tunnel[]> = {
  code: 23,
  name: 'tunnelEncapsulation',
  flags: OPTIONAL_TRANSITIVE,
  viewedAsOctets: true,
  check(bytes, at, length) {
    const end = at + length
    let counting = 0
    for (let tunnel = at; tunnel < end; ) {
      if (tunnel + TUNNEL_HEADER > end) return routeFault(23, 'Tunnel Encapsulation: a tunnel is cut short')
      const next = tunnel + TUNNEL_HEADER + u16(bytes, tunnel + 2)
      if (next > end) return routeFault(23, 'Tunnel Encapsulation: a tunnel runs over the end')
      const counts = tunnelCounts(bytes, tunnel + TUNNEL_HEADER, next)
      if (counts < 0) return routeFault(23, 'Tunnel Encapsulation: a sub-TLV runs over the end of its tunnel')
      counting += counts
      tunnel = next
    }
    return counting > 0 ? null : routeFault(23, 'Tunnel Encapsulation: no tunnel with one sound egress endpoint')
  },
  read(bytes, at, length) {
    const tunnels: Tunnel[] = []
    for (let tunnel = at; tunnel < at + length; ) {
      const tunnelType = u16(bytes, tunnel)
      const from = tunnel + TUNNEL_HEADER
      const next = from + u16(bytes, tunnel + 2)
      tunnels.push({ tunnelType, tunnelName: tunnelTypeName(tunnelType), subTlvs: readSubTlvs(bytes, from, next, tunnelType) })
      tunnel = next
    }
    return tunnels
  },
  write(tunnels: readonly TunnelFields[], out, at) {
    let end = at
    for (const { tunnelType, subTlvs } of tunnels) {
      const from = put16(out, end, tunnelType) + 2
      let sub = from
      for (const { type, hex: text } of subTlvs) {
        const octets = Buffer.from(text, 'hex')
        sub = put8(out, sub, type)
        sub = type < LONG_FROM ? put8(out, sub, octets.length) : put16(out, sub, octets.length)
        sub = copy(octets, 0, octets.length, out, sub)
      }
      put16(out, from - 2, sub - from)
      end = sub
    }
    return end
  },
  format: (tunnels) => tunnels.map(formatTunnel).join('; '),
}

function formatTunnel({ tunnelName, tunnelType, subTlvs }: Tunnel): string {
  const parts = subTlvs.map(({ type, name, hex: octets, ...members }) => {
    const known = Object.entries(members).map(([member, value]) => `${member} ${value ?? 'next hop'}`)
    return `${name === 'unknown' ? `sub-TLV ${type}` : name} ${known.length > 0 ? known.join(' ') : octets}`
  })
  return [tunnelName === 'unknown' ? `tunnel ${tunnelType}` : tunnelName, ...parts].join(', ')
}
