import { put32, u32 } from '../../bytes/octets.ts'
import { clearValue, type ExtendedCommunity } from './extended-community.ts'
import { findExtended } from './find.ts'

export interface ClaimedSequence {
  /** 32 bits, unsigned. */
  readonly sequence: number
}

const KIND = 0x8f00

/**
 * Beside a MAC Mobility community whose sequence an NVA has raised so that NVEs give way: the sequence that the NVE itself says. Of our own, of a type that is
 * reserved for experiments (RFC 7153 §3), transitive. Reserved (2), sequence number (4).
 */
export const claimedSequence: ExtendedCommunity<ClaimedSequence> = {
  name: 'claimed-sequence',
  kinds: [KIND],
  read: (bytes, at) => ({ sequence: u32(bytes, at + 4) }),
  write({ sequence }, out, at) {
    clearValue(out, at)
    put32(out, at + 4, sequence)
  },
  format: ({ sequence }) => `Claimed-MM:${sequence}`,
}

/** The first one's sequence among the extended communities at `at`; -1 when there is none. Hot: allocates nothing. */
export function findClaimedSequence(bytes: Uint8Array, at: number, length: number): number {
  const found = findExtended(bytes, at, length, KIND)
  return found < 0 ? -1 : u32(bytes, found + 4)
}
