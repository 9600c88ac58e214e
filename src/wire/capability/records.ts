/** Capabilities whose value is, or ends in, a list of records of one fixed layout. */
import type { Structure } from 'buffer-layout'

/** The records from `from` on; the value holds a whole number of them. */
export function readRecords<T>(layout: Structure<T>, value: Uint8Array, from = 0): T[] {
  const octets = Buffer.from(value.buffer, value.byteOffset, value.length)
  const records: T[] = []
  for (let at = from; at + layout.span <= value.length; at += layout.span) records.push({ ...layout.decode(octets, at) })
  return records
}

/** A value of `head` octets, still zero, and the records behind. */
export function writeRecords<T>(layout: Structure<T>, records: readonly T[], head = 0): Uint8Array {
  const octets = Buffer.alloc(head + records.length * layout.span)
  for (const [i, record] of records.entries()) layout.encode(record, octets, head + i * layout.span)
  return new Uint8Array(octets)
}

/** null when a whole number of records follows `head` octets, otherwise what is wrong. */
export function checkRecords(name: string, layout: Structure<unknown>, value: Uint8Array, head = 0): string | null {
  const fits = value.length >= head && (value.length - head) % layout.span === 0
  return fits ? null : `${name} capability of ${value.length} octets`
}
