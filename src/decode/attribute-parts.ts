/** The values of attributes that are made of parts. The others are shown as one line by their own `format`. */
import { formatIp } from '../address/ip.ts'
import { hex, u8, u16, u24, u32 } from '../bytes/octets.ts'
import type { AttributeContext } from '../wire/attribute/attribute.ts'
import { readSegments } from '../wire/attribute/segments.ts'
import { EXTENDED_COMMUNITY_OCTETS } from '../wire/community/extended-community.ts'
import { formatExtendedCommunity, readExtendedCommunity } from '../wire/community/table.ts'
import { dissectNlriList } from './dissect-nlri.ts'
import { type Field, group, leaf, type Placed, place, raw } from './field.ts'

export interface Parts {
  /** Whether `dissect` copes with octets that `check` has refused. */
  readonly evenIfFaulty: boolean
  /** Adds the parts of the value in `from`..`to`, all of it. */
  dissect(out: Field[], bytes: Uint8Array, from: number, to: number, context: AttributeContext): void
}

const checked = (dissect: Parts['dissect']): Parts => ({ evenIfFaulty: false, dissect })

/** A list of items of one size, each a leaf. */
function items(name: string, octets: number, text: (bytes: Uint8Array, at: number) => string): Parts {
  return checked((out, bytes, from, to) => {
    let at = from
    while (at + octets <= to) at = leaf(out, name, at, octets, text(bytes, at))
    raw(out, 'rest', bytes, at, to)
  })
}

const segments = (octetsOf: (context: AttributeContext) => 2 | 4): Parts =>
  checked((out, bytes, from, to, context) => {
    const octets = octetsOf(context)
    for (let at = from; at + 2 <= to; ) {
      const length = 2 + u8(bytes, at + 1) * octets
      const [segment] = readSegments(bytes, at, length, octets)
      const fields: Field[] = []
      leaf(fields, 'type', at, 1, u8(bytes, at), segment?.type)
      leaf(fields, 'count', at + 1, 1, u8(bytes, at + 1))
      for (const [i, as] of (segment?.asns ?? []).entries()) leaf(fields, 'as', at + 2 + i * octets, octets, as)
      at = group(out, 'segment', at, length, segment?.type, fields)
    }
  })

const aggregator = (octetsOf: (context: AttributeContext) => 2 | 4): Parts =>
  checked((out, bytes, from, to, context) => {
    const octets = octetsOf(context)
    const at = leaf(out, 'as', from, octets, octets === 2 ? u16(bytes, from) : u32(bytes, from))
    leaf(out, 'address', at, to - at, formatIp(bytes, at, 4))
  })

const agreed = ({ fourOctetAs }: AttributeContext): 2 | 4 => (fourOctetAs ? 4 : 2)
const four = (): 4 => 4
const VPN_SAFIS: readonly number[] = [128, 129]

function mpReach(out: Field[], bytes: Uint8Array, from: number, to: number, context: AttributeContext): void {
  if (from + 5 > to) {
    raw(out, 'value', bytes, from, to)
    return
  }
  const family = { afi: u16(bytes, from), safi: u8(bytes, from + 2) }
  const length = u8(bytes, from + 3)
  leaf(out, 'afi', from, 2, family.afi)
  leaf(out, 'safi', from + 2, 1, family.safi)
  let at = leaf(out, 'nextHopLength', from + 3, 1, length)
  if (at + length + 1 > to) {
    raw(out, 'rest', bytes, at, to, 'the next hop runs over the end')
    return
  }
  at = nextHop(out, bytes, at, at + length, VPN_SAFIS.includes(family.safi))
  at = leaf(out, 'reserved', at, 1, u8(bytes, at))
  dissectNlriList(out, bytes, at, to, family, context.addPath)
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

function mpUnreach(out: Field[], bytes: Uint8Array, from: number, to: number, context: AttributeContext): void {
  if (from + 3 > to) {
    raw(out, 'value', bytes, from, to)
    return
  }
  const family = { afi: u16(bytes, from), safi: u8(bytes, from + 2) }
  leaf(out, 'afi', from, 2, family.afi)
  leaf(out, 'safi', from + 2, 1, family.safi)
  dissectNlriList(out, bytes, from + 3, to, family, context.addPath)
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
  'arp-nd': [['flags', 0, 1]],
  'multicast-flags': [['flags', 0, 2]],
}

function extendedCommunity(out: Field[], bytes: Uint8Array, at: number): number {
  const view = readExtendedCommunity(bytes, at)
  const end = at + EXTENDED_COMMUNITY_OCTETS
  const fields: Field[] = []
  leaf(fields, 'type', at, 1, `0x${hex(bytes, at, at + 1)}`, view.transitive ? 'transitive' : 'non-transitive')
  leaf(fields, 'subtype', at + 1, 1, `0x${hex(bytes, at + 1, at + 2)}`, view.name)
  const places = COMMUNITY_PLACES[view.name]
  if (places === undefined) raw(fields, 'value', bytes, at + 2, end)
  else place(fields, bytes, at + 2, end, view, places)
  return group(out, view.name, at, EXTENDED_COMMUNITY_OCTETS, formatExtendedCommunity(view), fields)
}

/** Type (1 or 2 octets), length (1 or 2), value: the parts of TUNNEL_ENCAPSULATION and AIGP. */
function typeLengthValues(
  out: Field[],
  name: string,
  bytes: Uint8Array,
  from: number,
  to: number,
  typeOctets: 1 | 2,
  lengthOctets: (type: number) => 1 | 2,
  inside: (out: Field[], from: number, to: number) => void,
): void {
  let at = from
  while (at + typeOctets + 1 <= to) {
    const type = typeOctets === 1 ? u8(bytes, at) : u16(bytes, at)
    const octets = lengthOctets(type)
    const start = at + typeOctets + octets
    if (start > to) break
    const length = octets === 1 ? u8(bytes, start - 1) : u16(bytes, start - 2)
    const fields: Field[] = []
    leaf(fields, 'type', at, typeOctets, type)
    leaf(fields, 'length', at + typeOctets, octets, length)
    const end = Math.min(start + length, to)
    inside(fields, start, end)
    at = group(out, name, at, end - at, undefined, fields)
  }
  raw(out, 'rest', bytes, at, to)
}

/** AIGP counts type and length into the length (RFC 7311 §3). */
function aigp(out: Field[], bytes: Uint8Array, from: number, to: number): void {
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
}

/** Values by type code. */
export const ATTRIBUTE_PARTS: Readonly<Record<number, Parts>> = {
  2: segments(agreed),
  7: aggregator(agreed),
  8: items('community', 4, (bytes, at) => `${u16(bytes, at)}:${u16(bytes, at + 2)}`),
  10: items('clusterId', 4, (bytes, at) => formatIp(bytes, at, 4)),
  14: { evenIfFaulty: true, dissect: mpReach },
  15: { evenIfFaulty: true, dissect: mpUnreach },
  16: checked((out, bytes, from, to) => {
    for (let at = from; at < to; ) at = extendedCommunity(out, bytes, at)
  }),
  17: segments(four),
  18: aggregator(four),
  22: checked((out, bytes, from, to) => {
    leaf(out, 'flags', from, 1, `0x${hex(bytes, from, from + 1)}`)
    leaf(out, 'tunnelType', from + 1, 1, u8(bytes, from + 1))
    leaf(out, 'label', from + 2, 3, u24(bytes, from + 2) >>> 4, `VNI ${u24(bytes, from + 2)}`)
    const octets = to - from - 5
    const address = u8(bytes, from + 1) === 6 && (octets === 4 || octets === 16)
    if (address) leaf(out, 'endpoint', from + 5, octets, formatIp(bytes, from + 5, octets))
    else raw(out, 'tunnelId', bytes, from + 5, to)
  }),
  23: checked((out, bytes, from, to) => {
    // Sub-TLV types from 128 on have a length of 2 octets (RFC 9012 §2).
    const wide = (type: number): 1 | 2 => (type >= 128 ? 2 : 1)
    typeLengthValues(
      out,
      'tunnel',
      bytes,
      from,
      to,
      2,
      () => 2,
      (tunnel, start, end) => {
        typeLengthValues(tunnel, 'subTlv', bytes, start, end, 1, wide, (sub, valueFrom, valueTo) => {
          raw(sub, 'value', bytes, valueFrom, valueTo)
        })
      },
    )
  }),
  26: checked(aigp),
  32: items('largeCommunity', 12, (bytes, at) => `${u32(bytes, at)}:${u32(bytes, at + 4)}:${u32(bytes, at + 8)}`),
}
