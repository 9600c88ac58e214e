/** Takes an UPDATE apart (RFC 4271 §4.3): the two IPv4 unicast fields, and each attribute with its flags, type, length and value. */
import { hex, u8, u16 } from '../../bytes/octets.ts'
import { type AttributeContext, EXTENDED_LENGTH, OPTIONAL, PARTIAL, TRANSITIVE } from '../../wire/attribute/attribute.ts'
import { checkAttribute, pathAttribute } from '../../wire/attribute/table.ts'
import { IPV4_UNICAST } from '../../wire/negotiated.ts'
import type { UnicastView } from '../../wire/nlri/unicast.ts'
import type { UpdateView } from '../../wire/update-view.ts'
import { ATTRIBUTE_PARTS } from './attribute-parts.ts'
import { dissectNlriList } from './dissect-nlri.ts'
import { type Field, group, leaf, raw } from './field.ts'

/** Adds the body of an UPDATE in `from`..`to`, which was read as `view`; returns how far it understood. */
export function dissectUpdate(
  out: Field[],
  bytes: Uint8Array,
  from: number,
  to: number,
  context: AttributeContext,
  view: UpdateView | null,
): number {
  if (from + 2 > to) return from
  const withdrawn = u16(bytes, from)
  let at = leaf(out, 'withdrawnLength', from, 2, withdrawn)
  const withdrawnTo = Math.min(at + withdrawn, to)
  if (withdrawn > 0) at = list(out, 'withdrawn', bytes, at, withdrawnTo, context, view?.withdrawn)
  if (at + 2 > to) return at
  const total = u16(bytes, at)
  at = leaf(out, 'attributesLength', at, 2, total)
  const attributesTo = Math.min(at + total, to)
  const attributes = view === null ? null : new Unseen(view.attributes)
  while (at < attributesTo) {
    const end = dissectAttribute(out, bytes, at, attributesTo, context, attributes)
    if (end < 0) break
    at = end
  }
  raw(out, 'rest', bytes, at, attributesTo, 'no whole attribute')
  return attributesTo < to ? list(out, 'nlri', bytes, attributesTo, to, context, view?.nlri) : to
}

/** The values that were read, each for the first attribute of its name: what stands twice is left out (RFC 7606 §3 g). */
class Unseen {
  private readonly values: Readonly<Record<string, unknown>>
  private readonly seen: string[] = []

  constructor(values: object) {
    this.values = values as Readonly<Record<string, unknown>>
  }

  take(name: string): unknown {
    if (this.seen.includes(name)) return undefined
    this.seen.push(name)
    return this.values[name]
  }

  stoodBefore(name: string): boolean {
    return this.seen.includes(name)
  }
}

function list(
  out: Field[],
  name: string,
  bytes: Uint8Array,
  from: number,
  to: number,
  context: AttributeContext,
  views: readonly UnicastView[] | undefined,
): number {
  const fields: Field[] = []
  dissectNlriList(fields, bytes, from, to, IPV4_UNICAST, context.addPath, views)
  return group(out, name, from, to - from, undefined, fields)
}

/** Adds the attribute at `at`; returns the offset behind, or -1 when its header does not fit before `to`. */
function dissectAttribute(
  out: Field[],
  bytes: Uint8Array,
  at: number,
  to: number,
  context: AttributeContext,
  attributes: Unseen | null,
): number {
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
  const name = entry?.name ?? 'unknown'
  if (entry !== null && attributes?.stoodBefore(name)) {
    raw(fields, 'value', bytes, from, end)
    return group(out, name, at, end - at, undefined, fields, 'stands twice (RFC 7606 3 g)')
  }
  const taken = entry === null ? undefined : attributes?.take(name)
  const fault = taken === undefined ? (checkAttribute(flags, code, bytes, from, length, context)?.why ?? undefined) : undefined
  const parts = ATTRIBUTE_PARTS[code]
  if (entry === null || (fault !== undefined && !parts?.judges)) {
    raw(fields, 'value', bytes, from, end)
    return group(out, name, at, end - at, undefined, fields, fault)
  }
  const value = taken ?? (fault === undefined ? entry.read(bytes, from, length, context) : undefined)
  if (parts !== undefined) return group(out, name, at, end - at, parts.dissect(fields, bytes, from, end, context, value), fields, fault)
  const text = entry.format(value)
  if (length > 0) leaf(fields, 'value', from, length, text)
  return group(out, name, at, end - at, text, fields)
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
