/** Text with its length in one octet before it, as the capabilities that tell names have it. */
import { same } from '../../bytes/octets.ts'

/** The text at `at`, control characters as spaces; null when its length runs over the end or it is no UTF-8. */
export function readText(value: Uint8Array, at: number): { readonly text: string; readonly end: number } | null {
  const end = at + 1 + (value[at] ?? 0)
  if (at >= value.length || end > value.length) return null
  const octets = value.subarray(at + 1, end)
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(octets)
  // What is no UTF-8 was replaced in decoding and does not come back.
  const back = new TextEncoder().encode(text)
  if (back.length !== octets.length || !same(back, 0, octets, 0, back.length)) return null
  return { text: text.replace(/\p{Cc}/gu, ' '), end }
}

/** Writes the text, cut to what fits in `max` octets between characters; returns the offset behind. */
export function writeText(text: string, max: number, out: Uint8Array, at: number): number {
  const { written } = new TextEncoder().encodeInto(text, out.subarray(at + 1, at + 1 + max))
  out[at] = written
  return at + 1 + written
}
