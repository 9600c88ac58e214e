/** Ethernet segment identifiers: 10 octets, the first one is the type (RFC 7432 §5). Zero: single-homed. */
import { u8 } from '../bytes/octets.ts'
import { formatPairs, parsePairs } from './mac.ts'
import { known, type Parsed, parsed, unreadable } from './parsed.ts'

export const ESI_OCTETS = 10
export const NO_ESI = '00:00:00:00:00:00:00:00:00:00'

/** Text of the 10 octets at `at`: hex pairs with colons. */
export function formatEsi(bytes: Uint8Array, at = 0): string {
  return formatPairs(bytes, at, ESI_OCTETS)
}

/** 10 octets from hex pairs with colons or hyphens. */
export function parseEsi(text: string): Parsed<Uint8Array> {
  const octets = parsePairs(text, ESI_OCTETS)
  return octets === null ? unreadable(text, 'an Ethernet segment identifier of 10 hex pairs') : parsed(octets)
}

/** Whether the 10 octets at `at` are all zero. */
export function isNoEsi(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < ESI_OCTETS; i++) if (u8(bytes, at + i) !== 0) return false
  return true
}

/** Writes an ESI that the program itself holds as text; returns the offset behind. Throws on text that is none. */
export function writeEsi(text: string, out: Uint8Array, at: number): number {
  out.set(known(parseEsi(text)), at)
  return at + ESI_OCTETS
}
