/** The values of attributes that are made of parts. The others are shown as one line by their own `format`. */
import { formatIp } from '../../address/ip.ts'
import { hex, u8, u16, u24, u32 } from '../../bytes/octets.ts'
import type { AttributeContext } from '../../wire/attribute/attribute.ts'
import { type DPath, dPath as dPathAttribute } from '../../wire/attribute/d-path.ts'
import { ipv6ExtCommunities } from '../../wire/attribute/ipv6-ext-communities.ts'
import { type PmsiTunnel, pmsiTunnel } from '../../wire/attribute/pmsi-tunnel.ts'
import { type AsPath, formatSegments } from '../../wire/attribute/segments.ts'
import { EXTENDED_COMMUNITY_OCTETS } from '../../wire/community/extended-community.ts'
import { type ExtendedCommunityView, formatExtendedCommunity } from '../../wire/community/table.ts'
import type { ListedNlri } from '../../wire/nlri/list.ts'
import { dissectNlriList } from './dissect-nlri.ts'
import { type Field, group, leaf, type Placed, place, raw } from './field.ts'

export interface Parts {
  /** `dissect` takes any octets, without a value too, and marks what is wrong itself. */
  readonly judges: boolean
  /** Adds the parts of the octets in `from`..`to`, which were read as `value`. Returns a line about it. */
  dissect(out: Field[], bytes: Uint8Array, from: number, to: number, context: AttributeContext, value: unknown): string | undefined
}

const checked = (dissect: Parts['dissect']): Parts => ({ judges: false, dissect })
const judging = (dissect: Parts['dissect']): Parts => ({ judges: true, dissect })

/** The values of the fields from the `first` on. */
function joined(fields: readonly Field[], first: number): string {
  let text = ''
  for (let i = first; i < fields.length; i++) text += `${text === '' ? '' : ' '}${fields[i]!.value}`
  return text
}

/** A list of items of one size, each a leaf. */
function items(name: string, octets: number, text: (bytes: Uint8Array, at: number) => string): Parts {
  return checked((out, bytes, from, to) => {
    const first = out.length
    for (let at = from; at + octets <= to; ) at = leaf(out, name, at, octets, text(bytes, at))
    return joined(out, first)
  })
}

const segments = (octetsOf: (context: AttributeContext) => 2 | 4): Parts =>
  checked((out, bytes, from, _to, context, value) => {
    const octets = octetsOf(context)
    const first = out.length
    let at = from
    for (const segment of value as AsPath) {
      const length = 2 + segment.asns.length * octets
      const fields: Field[] = []
      leaf(fields, 'type', at, 1, u8(bytes, at), segment.type)
      leaf(fields, 'count', at + 1, 1, segment.asns.length)
      for (const [i, as] of segment.asns.entries()) leaf(fields, 'as', at + 2 + i * octets, octets, as)
      at = group(out, 'segment', at, length, formatSegments([segment]), fields)
    }
    return joined(out, first)
  })

const aggregator = (octetsOf: (context: AttributeContext) => 2 | 4): Parts =>
  checked((out, bytes, from, to, context) => {
    const octets = octetsOf(context)
    const at = leaf(out, 'as', from, octets, octets === 2 ? u16(bytes, from) : u32(bytes, from))
    leaf(out, 'address', at, to - at, formatIp(bytes, at, 4))
    return joined(out, out.length - 2)
  })

const agreed = ({ fourOctetAs }: AttributeContext): 2 | 4 => (fourOctetAs ? 4 : 2)
const four = (): 4 => 4
const VPN_SAFIS: readonly number[] = [128, 129]

const mpReach: Parts['dissect'] = (out, bytes, from, to, context, value) => {
  if (from + 5 > to) {
    raw(out, 'value', bytes, from, to, 'too short')
    return undefined
  }
  const family = { afi: u16(bytes, from), safi: u8(bytes, from + 2) }
  const length = u8(bytes, from + 3)
  leaf(out, 'afi', from, 2, family.afi)
  leaf(out, 'safi', from + 2, 1, family.safi)
  let at = leaf(out, 'nextHopLength', from + 3, 1, length)
  if (at + length + 1 > to) {
    raw(out, 'rest', bytes, at, to, 'the next hop runs over the end')
    return `${family.afi}/${family.safi}`
  }
  const next = out.length
  at = nextHop(out, bytes, at, at + length, VPN_SAFIS.includes(family.safi))
  at = leaf(out, 'reserved', at, 1, u8(bytes, at))
  dissectNlriList(out, bytes, at, to, family, context.addPath, viewsOf(value))
  return length === 0 ? `${family.afi}/${family.safi}` : `${family.afi}/${family.safi} via ${out[next]?.value}`
}

/** The NLRI of a value, when it was read and its family is decoded. */
function viewsOf(value: unknown): readonly ListedNlri[] | undefined {
  return (value as { readonly nlri?: readonly ListedNlri[] } | undefined)?.nlri
}

/** One address, or a global and a link-local one (RFC 2545 §3); in VPN families behind a route distinguisher of zeros. */
function nextHop(out: Field[], bytes: Uint8Array, from: number, to: number, vpn: boolean): number {
  const head = vpn ? 8 : 0
  const length = to - from
  const count = length === 2 * (head + 16) ? 2 : 1
  const octets = length / count - head
  if (octets !== 4 && octets !== 16) return raw(out, 'nextHopHex', bytes, from, to)
  let at = from
  for (const name of ['nextHop', 'linkLocalNextHop'].slice(0, count)) {
    at = raw(out, 'nextHopRd', bytes, at, at + head)
    at = leaf(out, name, at, octets, formatIp(bytes, at, octets))
  }
  return at
}

const mpUnreach: Parts['dissect'] = (out, bytes, from, to, context, value) => {
  if (from + 3 > to) {
    raw(out, 'value', bytes, from, to, 'too short')
    return undefined
  }
  const family = { afi: u16(bytes, from), safi: u8(bytes, from + 2) }
  leaf(out, 'afi', from, 2, family.afi)
  leaf(out, 'safi', from + 2, 1, family.safi)
  dissectNlriList(out, bytes, from + 3, to, family, context.addPath, viewsOf(value))
  return `${family.afi}/${family.safi}`
}

/** Where the members of extended communities stand in their 8 octets; of the others the value is one leaf. */
const COMMUNITY_PLACES: Readonly<Record<string, readonly Placed[]>> = {
  'route-target': [['value', 0, 6]],
  'route-origin': [['value', 0, 6]],
  'evi-rt-0': [['value', 0, 6]],
  'link-bandwidth': [
    ['as', 0, 2],
    ['bytesPerSecond', 2, 4],
  ],
  color: [
    ['flags', 0, 2],
    ['color', 2, 4],
  ],
  encapsulation: [['tunnelType', 4, 2]],
  'mac-mobility': [
    ['flags', 0, 1],
    ['sequence', 2, 4],
  ],
  'esi-label': [
    ['flags', 0, 1],
    ['label', 3, 3],
  ],
  'es-import': [['mac', 0, 6]],
  'router-mac': [['mac', 0, 6]],
  'layer2-attributes': [
    ['controlFlags', 0, 2],
    ['mtu', 2, 2],
  ],
  'e-tree': [
    ['flags', 0, 1],
    ['label', 3, 3],
  ],
  'df-election': [
    ['algorithm', 0, 1],
    ['bitmap', 1, 2],
  ],
  'claimed-sequence': [['sequence', 2, 4]],
  'arp-nd': [['flags', 0, 1]],
  'multicast-flags': [['flags', 0, 2]],
}

function extendedCommunity(out: Field[], bytes: Uint8Array, at: number, view: ExtendedCommunityView): number {
  const end = at + EXTENDED_COMMUNITY_OCTETS
  const fields: Field[] = []
  leaf(fields, 'type', at, 1, `0x${hex(bytes, at, at + 1)}`, view.transitive ? 'transitive' : 'non-transitive')
  leaf(fields, 'subtype', at + 1, 1, `0x${hex(bytes, at + 1, at + 2)}`, view.name)
  const places = COMMUNITY_PLACES[view.name]
  if (places === undefined) raw(fields, 'value', bytes, at + 2, end)
  else place(fields, bytes, at + 2, end, view, places)
  return group(out, view.name, at, EXTENDED_COMMUNITY_OCTETS, formatExtendedCommunity(view), fields)
}

/** Tunnels of type (2), length (2) and sub-TLVs; those of types from 128 on have a length of 2 octets (RFC 9012 §2). */
const tunnels: Parts['dissect'] = (out, bytes, from, to) => {
  let at = from
  while (at + 4 <= to) {
    const end = Math.min(at + 4 + u16(bytes, at + 2), to)
    const fields: Field[] = []
    leaf(fields, 'type', at, 2, u16(bytes, at))
    leaf(fields, 'length', at + 2, 2, u16(bytes, at + 2))
    subTlvs(fields, bytes, at + 4, end)
    at = group(out, 'tunnel', at, end - at, undefined, fields)
  }
  raw(out, 'rest', bytes, at, to)
  return undefined
}

function subTlvs(out: Field[], bytes: Uint8Array, from: number, to: number): void {
  let at = from
  while (at + 2 <= to) {
    const type = u8(bytes, at)
    const lengthOctets = type >= 128 ? 2 : 1
    const start = at + 1 + lengthOctets
    if (start > to) break
    const length = lengthOctets === 2 ? u16(bytes, at + 1) : u8(bytes, at + 1)
    const end = Math.min(start + length, to)
    const fields: Field[] = []
    leaf(fields, 'type', at, 1, type)
    leaf(fields, 'length', at + 1, lengthOctets, length)
    raw(fields, 'value', bytes, start, end)
    at = group(out, 'subTlv', at, end - at, undefined, fields)
  }
  raw(out, 'rest', bytes, at, to)
}

/** AIGP counts type and length into the length (RFC 7311 §3). */
const aigp: Parts['dissect'] = (out, bytes, from, to) => {
  let at = from
  while (at + 3 <= to) {
    const length = Math.max(3, u16(bytes, at + 1))
    const end = Math.min(at + length, to)
    const fields: Field[] = []
    leaf(fields, 'type', at, 1, u8(bytes, at))
    leaf(fields, 'length', at + 1, 2, u16(bytes, at + 1))
    raw(fields, 'value', bytes, at + 3, end)
    at = group(out, 'tlv', at, end - at, undefined, fields)
  }
  raw(out, 'rest', bytes, at, to)
  return undefined
}

/** RFC 10039: segments of a count and domains of AS (4), number (2) and the type of the routes there (1). */
const dPath: Parts['dissect'] = (out, _bytes, from, _to, _context, value) => {
  let at = from
  for (const domains of value as DPath) {
    const fields: Field[] = []
    let next = leaf(fields, 'count', at, 1, domains.length)
    for (const { domainId, safi } of domains) {
      next = leaf(fields, 'domainId', next, 6, domainId)
      next = leaf(fields, 'safi', next, 1, safi)
    }
    at = group(out, 'segment', at, next - at, undefined, fields)
  }
  return dPathAttribute.format(value as DPath)
}

const NO_CONTEXT: AttributeContext = { fourOctetAs: true, internal: true }

/** Values by type code. */
export const ATTRIBUTE_PARTS: Readonly<Record<number, Parts>> = {
  2: segments(agreed),
  7: aggregator(agreed),
  8: items('community', 4, (bytes, at) => `${u16(bytes, at)}:${u16(bytes, at + 2)}`),
  10: items('clusterId', 4, (bytes, at) => formatIp(bytes, at, 4)),
  14: judging(mpReach),
  15: judging(mpUnreach),
  16: checked((out, bytes, from, _to, _context, value) => {
    const first = out.length
    let at = from
    for (const view of value as readonly ExtendedCommunityView[]) at = extendedCommunity(out, bytes, at, view)
    return joined(out, first)
  }),
  17: segments(four),
  18: aggregator(four),
  22: checked((out, bytes, from, to, _context, value) => {
    leaf(out, 'flags', from, 1, `0x${hex(bytes, from, from + 1)}`)
    leaf(out, 'tunnelType', from + 1, 1, u8(bytes, from + 1))
    leaf(out, 'label', from + 2, 3, u24(bytes, from + 2) >>> 4, `VNI ${u24(bytes, from + 2)}`)
    const octets = to - from - 5
    const address = u8(bytes, from + 1) === 6 && (octets === 4 || octets === 16)
    if (address) leaf(out, 'endpoint', from + 5, octets, formatIp(bytes, from + 5, octets))
    else raw(out, 'tunnelId', bytes, from + 5, to)
    return pmsiTunnel.format(value as PmsiTunnel)
  }),
  23: checked(tunnels),
  25: items('ipv6ExtCommunity', 20, (bytes, at) => ipv6ExtCommunities.format(ipv6ExtCommunities.read(bytes, at, 20, NO_CONTEXT))),
  26: checked(aigp),
  32: items('largeCommunity', 12, (bytes, at) => `${u32(bytes, at)}:${u32(bytes, at + 4)}:${u32(bytes, at + 8)}`),
  36: checked(dPath),
}
