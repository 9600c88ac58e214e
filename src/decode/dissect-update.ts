/** Takes an UPDATE apart (RFC 4271 §4.3): the two IPv4 unicast fields, and each attribute with its flags, type, length and value. */
import { hex, u8, u16 } from '../bytes/octets.ts'
import { type AttributeContext, EXTENDED_LENGTH, OPTIONAL, PARTIAL, TRANSITIVE } from '../wire/attribute/attribute.ts'
import { checkAttribute, pathAttribute } from '../wire/attribute/table.ts'
import { IPV4_UNICAST } from '../wire/negotiated.ts'
import { ATTRIBUTE_PARTS } from './attribute-parts.ts'
import { dissectNlriList } from './dissect-nlri.ts'
import { type Field, group, leaf, raw } from './field.ts'

/** Adds the body of an UPDATE in `from`..`to`; returns how far it understood. */
export function dissectUpdate(out: Field[], bytes: Uint8Array, from: number, to: number, context: AttributeContext): number {
  if (from + 2 > to) return from
  const withdrawn = u16(bytes, from)
  let at = leaf(out, 'withdrawnLength', from, 2, withdrawn)
  const withdrawnTo = Math.min(at + withdrawn, to)
  if (withdrawn > 0) at = list(out, 'withdrawn', bytes, at, withdrawnTo, context)
  if (at + 2 > to) return at
  const total = u16(bytes, at)
  at = leaf(out, 'attributesLength', at, 2, total)
  const attributesTo = Math.min(at + total, to)
  while (at < attributesTo) {
    const end = dissectAttribute(out, bytes, at, attributesTo, context)
    if (end < 0) break
    at = end
  }
  raw(out, 'rest', bytes, at, attributesTo, 'no whole attribute')
  return attributesTo < to ? list(out, 'nlri', bytes, attributesTo, to, context) : to
}

function list(out: Field[], name: string, bytes: Uint8Array, from: number, to: number, context: AttributeContext): number {
  const fields: Field[] = []
  dissectNlriList(fields, bytes, from, to, IPV4_UNICAST, context.addPath)
  return group(out, name, from, to - from, undefined, fields)
}

/** Adds the attribute at `at`; returns the offset behind, or -1 when its header does not fit before `to`. */
export function dissectAttribute(out: Field[], bytes: Uint8Array, at: number, to: number, context: AttributeContext): number {
  if (at + 3 > to) return -1
  const flags = u8(bytes, at)
  const code = u8(bytes, at + 1)
  const lengthOctets = flags & EXTENDED_LENGTH ? 2 : 1
  const from = at + 2 + lengthOctets
  if (from > to) return -1
  const length = lengthOctets === 2 ? u16(bytes, at + 2) : u8(bytes, at + 2)
  const end = Math.min(from + length, to)
  const entry = pathAttribute(code)
  const fields: Field[] = []
  leaf(fields, 'flags', at, 1, `0x${hex(bytes, at, at + 1)}`, flagsText(flags))
  leaf(fields, 'type', at + 1, 1, code)
  leaf(fields, 'length', at + 2, lengthOctets, length)
  if (from + length > to) {
    raw(fields, 'value', bytes, from, end)
    return group(out, entry?.name ?? 'unknown', at, end - at, undefined, fields, `${length} octets, ${to - from} are there`)
  }
  const fault = checkAttribute(flags, code, bytes, from, length, context)
  const parts = ATTRIBUTE_PARTS[code]
  const text = fault === null && entry !== null ? entry.format(entry.read(bytes, from, length, context)) : undefined
  if (parts !== undefined && (fault === null || parts.evenIfFaulty)) parts.dissect(fields, bytes, from, end, context)
  else if (text !== undefined && length > 0) leaf(fields, 'value', from, length, text)
  else raw(fields, 'value', bytes, from, end)
  return group(out, entry?.name ?? 'unknown', at, end - at, text, fields, fault?.why)
}

const FLAGS = [
  [OPTIONAL, 'optional'],
  [TRANSITIVE, 'transitive'],
  [PARTIAL, 'partial'],
  [EXTENDED_LENGTH, 'extended length'],
] as const
const FLAG_TEXTS = Array.from({ length: 256 }, (_, flags) => {
  const names = FLAGS.filter(([bit]) => flags & bit).map(([, name]) => name)
  return (flags & OPTIONAL ? names : ['well-known', ...names]).join(', ')
})

function flagsText(flags: number): string {
  return FLAG_TEXTS[flags]!
}
