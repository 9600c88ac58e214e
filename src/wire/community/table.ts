import { hex, u8, u16 } from '../../bytes/octets.ts'
import { eviRouteTargetAs2, eviRouteTargetAs4, eviRouteTargetIpv4, routeOrigin, routeTarget } from './administered.ts'
import { claimedSequence } from './claimed-sequence.ts'
import { encapsulation } from './encapsulation.ts'
import { EXTENDED_COMMUNITY_OCTETS, type ExtendedCommunity, NON_TRANSITIVE } from './extended-community.ts'
import { arpNd, defaultGateway, multicastFlags } from './hosts.ts'
import { esImport, routerMac } from './mac-address.ts'
import { macMobility } from './mac-mobility.ts'
import { dfElection, esiLabel, eTree, layer2Attributes } from './multihoming.ts'
import { color, linkBandwidth } from './traffic.ts'

/** The extended communities that are decoded. A new one: its object and its line here. */
export const EXTENDED_COMMUNITIES: readonly ExtendedCommunity[] = [
  routeTarget,
  routeOrigin,
  linkBandwidth,
  color,
  encapsulation,
  defaultGateway,
  macMobility,
  claimedSequence,
  esiLabel,
  esImport,
  routerMac,
  layer2Attributes,
  eTree,
  dfElection,
  arpNd,
  multicastFlags,
  eviRouteTargetAs2,
  eviRouteTargetIpv4,
  eviRouteTargetAs4,
] as readonly ExtendedCommunity[]

const BY_KIND = new Map<number, ExtendedCommunity>(
  EXTENDED_COMMUNITIES.flatMap((entry) => entry.kinds.map((kind) => [kind, entry] as const)),
)
const BY_NAME = new Map<string, ExtendedCommunity>(EXTENDED_COMMUNITIES.map((entry) => [entry.name, entry]))

/** One extended community for people and programs: the octets, their name, and the members its file names. */
export interface ExtendedCommunityView {
  readonly hex: string
  readonly type: number
  readonly subtype: number
  readonly transitive: boolean
  readonly name: string
  /** The 6 octets behind type and subtype. */
  readonly valueHex: string
  readonly [member: string]: unknown
}

/** Decodes the 8 octets at `at`. Any octets give a view. */
export function readExtendedCommunity(bytes: Uint8Array, at: number): ExtendedCommunityView {
  const type = u8(bytes, at)
  const subtype = u8(bytes, at + 1)
  const end = at + EXTENDED_COMMUNITY_OCTETS
  const entry = BY_KIND.get(u16(bytes, at))
  return {
    hex: hex(bytes, at, end),
    type,
    subtype,
    transitive: (type & NON_TRANSITIVE) === 0,
    name: entry?.name ?? plainName(type, subtype),
    ...entry?.read(bytes, at),
    valueHex: hex(bytes, at + 2, end),
  }
}

/** What is not decoded is at least sorted: opaque ones (RFC 4360 §3.3), flow specification actions (RFC 8955 §7), unknown. */
function plainName(type: number, subtype: number): string {
  if ((type & ~NON_TRANSITIVE) === 3) return 'opaque'
  if ((type === 0x80 && subtype >= 6 && subtype <= 9) || ((type === 0x81 || type === 0x82) && subtype === 8))
    return 'flowspec-or-experimental'
  return 'unknown'
}

/** Fields to write: a `name` of the table with its members, or `hex` of 8 octets, which wins. */
export type ExtendedCommunityFields = { readonly hex: string } | { readonly name: string; readonly [member: string]: unknown }

/** Writes 8 octets; returns the offset behind. Throws on a name that the table does not hold: a bug of ours. */
export function writeExtendedCommunity(fields: ExtendedCommunityFields, out: Uint8Array, at: number): number {
  if (typeof fields.hex === 'string') {
    out.set(Buffer.from(fields.hex, 'hex').subarray(0, EXTENDED_COMMUNITY_OCTETS), at)
    return at + EXTENDED_COMMUNITY_OCTETS
  }
  const entry = BY_NAME.get(String('name' in fields ? fields.name : ''))
  if (entry === undefined) throw new Error(`no extended community ${JSON.stringify(fields)}`)
  const kind = entry.kinds[0]!
  out[at] = kind >>> 8
  out[at + 1] = kind
  entry.write(fields, out, at)
  return at + EXTENDED_COMMUNITY_OCTETS
}

/** `RT:65001:100`, `ET:8`, `MM:1`, `Rmac:02:aa:..`; type, subtype and octets of what is not decoded: `UNK:0x03aa:010203040506`. */
export function formatExtendedCommunity(view: ExtendedCommunityView): string {
  const entry = BY_NAME.get(view.name)
  return entry === undefined ? `UNK:0x${view.hex.slice(0, 4)}:${view.valueHex}` : entry.format(view)
}
