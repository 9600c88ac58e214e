import { EXTENDED_COMMUNITY_OCTETS } from './extended-community.ts'

/**
 * Offset of the first extended community of this type and subtype (as a 16-bit number) in `length` octets at `at`, or -1.
 * Hot: allocates nothing.
 */
export function findExtended(bytes: Uint8Array, at: number, length: number, kind: number): number {
  const type = kind >>> 8
  const subtype = kind & 0xff
  const end = at + length
  for (let found = at; found + EXTENDED_COMMUNITY_OCTETS <= end; found += EXTENDED_COMMUNITY_OCTETS) {
    if (bytes[found] === type && bytes[found + 1] === subtype) return found
  }
  return -1
}
