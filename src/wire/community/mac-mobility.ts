import { put8, put32, u8, u32 } from '../../bytes/octets.ts'
import { clearValue, type ExtendedCommunity } from './extended-community.ts'
import { findExtended } from './find.ts'

export interface MacMobility {
  /** Left out in writing: made from `sticky`. */
  readonly flags?: number
  /** The MAC is static and must not move (RFC 7432 §15.2). */
  readonly sticky: boolean
  /** 32 bits, unsigned. */
  readonly sequence: number
}

/** Type and subtype. */
export const MAC_MOBILITY = 0x0600
const STICKY = 0x01

/** MAC Mobility, RFC 7432 §7.7: flags (1), reserved (1), sequence number (4). */
export const macMobility: ExtendedCommunity<MacMobility> = {
  name: 'mac-mobility',
  kinds: [MAC_MOBILITY],
  read: (bytes, at) => ({ flags: u8(bytes, at + 2), sticky: (u8(bytes, at + 2) & STICKY) !== 0, sequence: u32(bytes, at + 4) }),
  write({ flags, sticky, sequence }, out, at) {
    clearValue(out, at)
    put8(out, at + 2, flags ?? (sticky ? STICKY : 0))
    put32(out, at + 4, sequence)
  },
  format: ({ sticky, sequence }) => `MM:${sequence}${sticky ? ', sticky MAC' : ''}`,
}

const STICKY_PACKED = 2 ** 32

/**
 * The first MAC Mobility among the extended communities at `at`: its sequence, plus 2^32 when it is sticky; -1 when there is none.
 * `mobilitySequence` and `isSticky` take it apart. Hot: allocates nothing.
 */
export function findMacMobility(bytes: Uint8Array, at: number, length: number): number {
  const found = findExtended(bytes, at, length, MAC_MOBILITY)
  if (found < 0) return -1
  const sequence = u32(bytes, found + 4)
  return u8(bytes, found + 2) & STICKY ? sequence + STICKY_PACKED : sequence
}

/** The sequence of what `findMacMobility` gave; a route without the community counts as 0 (RFC 7432 §15). */
export function mobilitySequence(packed: number): number {
  return packed < 0 ? 0 : packed >= STICKY_PACKED ? packed - STICKY_PACKED : packed
}

export function isSticky(packed: number): boolean {
  return packed >= STICKY_PACKED
}
