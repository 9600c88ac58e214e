/**
 * Extended communities as arguments, in the words in which `show routes` and `decode` write them (`wire/community/table.ts`), case aside: `RT:65001:100`,
 * `SoO:65001:1`, `Color:100`, `ET:8`, `Rmac:02:00:5e:00:00:01`, `Default-Gateway`, or in hex `0x030b000000000064`. As patterns also `SoO:*`, `SoO:65001:*`,
 * `Rmac:02:00:*`, `0x030b*`.
 */
import { decimal, known, type Parsed, parsed, unreadable } from '../../../address/parsed.ts'
import { put16, put32 } from '../../../bytes/octets.ts'
import { EXTENDED_COMMUNITY_OCTETS } from '../../../wire/community/extended-community.ts'
import { EXTENDED_COMMUNITIES } from '../../../wire/community/table.ts'
import { MaskedSet } from '../lookup/masked-set.ts'
import { parseAdministeredPattern } from './administered.ts'
import { anyOf, listOf, type OneOrMore, text } from './fields.ts'
import { type OctetPattern, parseOctetPattern } from './octet-patterns.ts'

const VALUE =
  'an extended community such as RT:65001:100, SoO:65001:1, Color:100, ET:8, Rmac:02:00:5e:00:00:01, Default-Gateway or 0x030b000000000064'
const PATTERN = `${VALUE}, or a pattern such as "SoO:*", "RT:65001:*" or "0x030b*"`

/** What stands behind the name and its colon, as the 6 value octets: all forms that it means. null: not readable. */
type ReadValue = (typed: string, kind: number) => readonly OctetPattern[] | null

const administered: ReadValue = (typed, kind) => {
  const forms = parseAdministeredPattern(typed, PATTERN)
  if (!forms.ok) return null
  const one = ({ numbers }: { numbers: { from: number; to: number } }) => numbers.from === numbers.to
  if (!typed.endsWith(':*') && !forms.value.every(one)) return null
  return forms.value.map(({ form, admin, numbers }) => {
    const pattern = ofKind((form << 8) | (kind & 0xff))
    const adminOctets = form === 0 ? 2 : 4
    if (admin !== null) {
      pattern.value.set(admin, 2)
      pattern.mask.fill(0xff, 2, 2 + adminOctets)
    }
    if (one({ numbers })) {
      if (form === 0) put32(pattern.value, 4, numbers.from)
      else put16(pattern.value, 6, numbers.from)
      pattern.mask.fill(0xff, 2 + adminOctets)
    }
    return pattern
  })
}

/** A number in the last octets, 2 or 4 of them; those before are flags, or reserved. */
const numberIn = (octets: 2 | 4): ReadValue => {
  return (typed, kind) => {
    const number = decimal(typed, 2 ** (8 * octets) - 1)
    if (number < 0) return null
    const pattern = ofKind(kind)
    if (octets === 2) put16(pattern.value, 6, number)
    else put32(pattern.value, 4, number)
    pattern.mask.fill(0xff, EXTENDED_COMMUNITY_OCTETS - octets)
    return [pattern]
  }
}

const mac: ReadValue = (typed, kind) => {
  const read = parseOctetPattern(typed, 6, PATTERN)
  if (!read.ok) return null
  const pattern = ofKind(kind)
  pattern.value.set(read.value.value, 2)
  pattern.mask.set(read.value.mask, 2)
  return [pattern]
}

/** By the name they are written with, in lower case: that of the table, and how a value is read where one can be typed. */
const KINDS: Readonly<Record<string, { readonly name: string; readonly value?: ReadValue; readonly plain?: true }>> = {
  rt: { name: 'route-target', value: administered },
  soo: { name: 'route-origin', value: administered },
  lb: { name: 'link-bandwidth' },
  color: { name: 'color', value: numberIn(4) },
  et: { name: 'encapsulation', value: numberIn(2) },
  'default-gateway': { name: 'default-gateway', plain: true },
  mm: { name: 'mac-mobility' },
  'claimed-mm': { name: 'claimed-sequence' },
  'esi-label': { name: 'esi-label' },
  'es-import': { name: 'es-import', value: mac },
  rmac: { name: 'router-mac', value: mac },
  l2: { name: 'layer2-attributes' },
  'e-tree': { name: 'e-tree' },
  df: { name: 'df-election' },
  nd: { name: 'arp-nd' },
  multicast: { name: 'multicast-flags' },
}

function ofKind(kind: number): OctetPattern {
  const value = new Uint8Array(EXTENDED_COMMUNITY_OCTETS)
  put16(value, 0, kind)
  return { value, mask: new Uint8Array(EXTENDED_COMMUNITY_OCTETS).fill(0xff, 0, 2) }
}

/** All patterns that a text means: any of them is it. */
function parsePatterns(typed: string): Parsed<readonly OctetPattern[]> {
  const hexadecimal = /^(?:unk:)?0x([0-9a-f]{4}):?([0-9a-f]{0,12})(\*?)$/i.exec(typed)
  if (hexadecimal !== null) {
    const digits = `${hexadecimal[1]}${hexadecimal[2]}`
    const open = hexadecimal[3] === '*'
    if (digits.length % 2 !== 0 || (digits.length < 16 && !open)) return unreadable(typed, PATTERN)
    const octets = Buffer.from(digits, 'hex')
    const value = new Uint8Array(EXTENDED_COMMUNITY_OCTETS)
    value.set(octets)
    return parsed([{ value, mask: new Uint8Array(EXTENDED_COMMUNITY_OCTETS).fill(0xff, 0, octets.length) }])
  }
  const colon = typed.indexOf(':')
  const name = (colon < 0 ? typed : typed.slice(0, colon)).toLowerCase()
  const of = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined
  const kinds = EXTENDED_COMMUNITIES.find((entry) => entry.name === of?.name)?.kinds
  if (of === undefined || kinds === undefined) return unreadable(typed, PATTERN)
  if (colon < 0) return of.plain === true ? parsed(kinds.map(ofKind)) : unreadable(typed, PATTERN)
  const behind = typed.slice(colon + 1)
  if (behind === '*') return parsed(kinds.map(ofKind))
  const patterns = of.value?.(behind, kinds[0]!) ?? null
  return patterns === null ? unreadable(typed, PATTERN) : parsed(patterns)
}

/** The octets of a community in full; what a pattern leaves open are flags and reserved octets here, and zero. */
function parseValue(typed: string): Parsed<Uint8Array> {
  const patterns = typed.includes('*') ? unreadable(typed, VALUE) : parsePatterns(typed)
  const first = patterns.ok ? patterns.value[0] : undefined
  return first === undefined ? unreadable(typed, VALUE) : parsed(first.value)
}

export type ExtendedCommunities = OneOrMore<string>

export const extendedCommunityValues = anyOf(text(VALUE, parseValue), VALUE)
export const extendedCommunityPatterns = anyOf(text(PATTERN, parsePatterns), PATTERN)

/** 8 octets each. */
export function extendedCommunityOctets(argument: ExtendedCommunities): Uint8Array[] {
  return listOf(argument).map((one) => known(parseValue(one)))
}

export function extendedCommunitySet(argument: ExtendedCommunities): MaskedSet {
  const set = new MaskedSet(EXTENDED_COMMUNITY_OCTETS)
  for (const one of listOf(argument)) for (const { value, mask } of known(parsePatterns(one))) set.add(value, mask)
  return set
}
