/** Standard (RFC 1997) and large (RFC 8092) communities as people write them: `65001:100`, `no-export`, `65001:1:2`; as patterns also `65001:*`, `"65001:100-199"`. */
import { decimal, known, type Parsed, parsed, unreadable } from '../../../address/parsed.ts'
import { put16, put32 } from '../../../bytes/octets.ts'
import { wellKnownCommunity } from '../../../wire/attribute/communities.ts'
import { type RangedEntry, RangedSet } from '../lookup/ranged-set.ts'
import { parseRange } from './range.ts'

/** A kind of community that is some numbers of one width with colons between. */
export interface Shape {
  readonly parts: 2 | 3
  readonly partOctets: 2 | 4
  readonly value: string
  readonly pattern: string
}

export const STANDARD: Shape = {
  parts: 2,
  partOctets: 2,
  value: 'a community such as 65001:100 or no-export',
  pattern: 'a community such as 65001:100, "65001:*", "65001:100-199" or no-export',
}
export const LARGE: Shape = {
  parts: 3,
  partOctets: 4,
  value: 'a large community such as 65001:1:2',
  pattern: 'a large community such as 65001:1:2, "65001:1:*" or "65001:1:100-199"',
}

/** The text with a well-known name replaced by its numbers. */
function inNumbers(shape: Shape, typed: string): string {
  return shape === STANDARD ? (wellKnownCommunity(typed) ?? typed) : typed
}

export function parseValue(shape: Shape, typed: string): Parsed<Uint8Array> {
  const numbers = inNumbers(shape, typed)
    .split(':')
    .map((part) => decimal(part, 2 ** (8 * shape.partOctets) - 1))
  if (numbers.length !== shape.parts || numbers.some((number) => number < 0)) return unreadable(typed, shape.value)
  const octets = new Uint8Array(shape.parts * shape.partOctets)
  numbers.forEach((number, i) => void put(shape, octets, i, number))
  return parsed(octets)
}

function put(shape: Shape, octets: Uint8Array, part: number, number: number): number {
  return shape.partOctets === 2 ? put16(octets, 2 * part, number) : put32(octets, 4 * part, number)
}

export function parsePattern(shape: Shape, typed: string): Parsed<RangedEntry> {
  const most = 2 ** (8 * shape.partOctets) - 1
  const parts = inNumbers(shape, typed).split(':')
  const last = parts.pop() ?? ''
  const numbers = last === '*' ? parsed({ from: 0, to: most }) : parseRange(last, shape.pattern, 0, most)
  const leading = parts.map((part) => (part === '*' ? null : decimal(part, most)))
  if (!numbers.ok || leading.length !== shape.parts - 1 || leading.some((part) => part !== null && part < 0))
    return unreadable(typed, shape.pattern)
  const lead = new Uint8Array(leading.length * shape.partOctets)
  const mask = new Uint8Array(lead.length)
  leading.forEach((part, i) => {
    if (part === null) return
    put(shape, lead, i, part)
    mask.fill(0xff, i * shape.partOctets, (i + 1) * shape.partOctets)
  })
  return parsed({ lead, mask, numbers: numbers.value })
}

/** The communities that any of these patterns means. */
export function setOfPatterns(shape: Shape, patterns: readonly string[]): RangedSet {
  const entries = patterns.map((one) => known(parsePattern(shape, one)))
  return new RangedSet((shape.parts - 1) * shape.partOctets, shape.partOctets, entries)
}
