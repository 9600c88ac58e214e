/** MAC addresses: 6 octets, text as lower-case hex pairs with colons. */
import { u8 } from '../bytes/octets.ts'
import { known, type Parsed, parsed, unreadable } from './parsed.ts'

const PAIRS: readonly string[] = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'))

/** `count` octets at `at` as hex pairs with colons. */
export function formatPairs(bytes: Uint8Array, at: number, count: number): string {
  let text = PAIRS[u8(bytes, at)] as string
  for (let i = 1; i < count; i++) text += `:${PAIRS[u8(bytes, at + i)]}`
  return text
}

/** The octets of hex pairs between colons or hyphens, exactly `count` of them, or null. */
export function parsePairs(text: string, count: number): Uint8Array | null {
  const pairs = text.split(text.includes('-') ? '-' : ':')
  if (pairs.length !== count || !pairs.every((pair) => /^[0-9a-fA-F]{2}$/.test(pair))) return null
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16))
}

/** Text of the 6 octets at `at`. */
export function formatMac(bytes: Uint8Array, at = 0): string {
  return formatPairs(bytes, at, 6)
}

/** 6 octets from `02:00:5e:00:00:01`, `02-00-5e-00-00-01` or `0200.5e00.0001`. */
export function parseMac(text: string): Parsed<Uint8Array> {
  const dotted = /^([0-9a-fA-F]{4})\.([0-9a-fA-F]{4})\.([0-9a-fA-F]{4})$/.test(text)
  const octets = parsePairs(dotted ? text.replaceAll('.', '').replace(/..(?!$)/g, '$&:') : text, 6)
  return octets === null ? unreadable(text, 'a MAC address such as 02:00:5e:00:00:01') : parsed(octets)
}

/** Writes a MAC address that the program itself holds as text; returns the offset behind. Throws on text that is none. */
export function writeMac(text: string, out: Uint8Array, at: number): number {
  out.set(known(parseMac(text)), at)
  return at + 6
}
