/**
 * The tree that a message is taken apart into: every octet stands in exactly one leaf, in order. Offsets are counted from the first octet of the
 * message.
 */
import { hex } from '../../bytes/octets.ts'

export interface Field {
  /** Neutral, as in the views of `wire`. */
  readonly name: string
  readonly offset: number
  readonly length: number
  readonly value: string | number | undefined
  /** What the value means, in words. */
  readonly note: string | undefined
  /** What is wrong with it. */
  readonly fault: string | undefined
  /** What it is made of. */
  readonly fields: Field[] | undefined
}

/** A leaf. */
export function leaf(
  out: Field[],
  name: string,
  offset: number,
  length: number,
  value: string | number,
  note: string | undefined = undefined,
  fault: string | undefined = undefined,
): number {
  out.push({ name, offset, length, value, note, fault, fields: undefined })
  return offset + length
}

/** A field made of others. */
export function group(
  out: Field[],
  name: string,
  offset: number,
  length: number,
  value: string | undefined,
  fields: Field[],
  fault: string | undefined = undefined,
): number {
  out.push({ name, offset, length, value, note: undefined, fault, fields })
  return offset + length
}

/** The octets `from`..`to` as they are; nothing when there are none. Returns `to`. */
export function raw(
  out: Field[],
  name: string,
  bytes: Uint8Array,
  from: number,
  to: number,
  fault: string | undefined = undefined,
): number {
  if (to > from) leaf(out, name, from, to - from, hex(bytes, from, to), undefined, fault)
  return to
}

/** Where one member of a view stands: its name, the offset within its value, and its octets. */
export type Placed = readonly [name: string, at: number, octets: number]

/** Leaves for the members of `view` that are placed in `from`..`to`; octets between them are reserved. */
export function place(
  out: Field[],
  bytes: Uint8Array,
  from: number,
  to: number,
  view: Readonly<Record<string, unknown>>,
  placed: readonly Placed[],
): void {
  let at = from
  for (const [name, offset, octets] of placed) {
    const start = from + offset
    if (start < at || start + octets > to) break
    raw(out, 'reserved', bytes, at, start)
    at = leaf(out, name, start, octets, shown(view[name]), labelNote(view, name))
  }
  raw(out, 'reserved', bytes, at, to)
}

/** A label field has two readings, which the views give in two members (RFC 8365 §5.1.3); the second is a remark to the first. */
export function labelNote(view: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const vni = name.startsWith('label') ? view[`vni${name.slice('label'.length)}`] : undefined
  return vni === undefined ? undefined : `VNI ${vni}`
}

function shown(value: unknown): string | number {
  return typeof value === 'number' || typeof value === 'string' ? value : String(value)
}
