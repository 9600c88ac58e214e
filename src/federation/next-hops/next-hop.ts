/**
 * The next hop of an attribute set as an address: 4 octets, or 16. Of a global and a link-local address the first counts (RFC 2545 §3), and an IPv4 address written as
 * IPv6 (`::ffff:192.0.2.1`, RFC 4291 §2.5.5.2) is that IPv4 address: nobody names a VTEP of ours in other words.
 */
import { same } from '../../bytes/octets.ts'
import type { AttributeSets } from '../../rib/attribute-sets.ts'
import type { SetId } from '../../rib/verdict.ts'

const IPV4_OCTETS = 4
const IPV6_OCTETS = 16
const MAPPED = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff)

/** Offset of the address in the octets of the set. */
export function addressAt(sets: AttributeSets, set: SetId): number {
  const at = sets.nextHopAt(set)
  return isMapped(sets.octets(set), at, sets.nextHopLength(set)) ? at + MAPPED.length : at
}

/** Octets of the address. */
export function addressOctets(sets: AttributeSets, set: SetId): number {
  const length = sets.nextHopLength(set)
  if (length < IPV6_OCTETS) return length
  return isMapped(sets.octets(set), sets.nextHopAt(set), length) ? IPV4_OCTETS : IPV6_OCTETS
}

/** An address of 4 or 16 octets in the same form. */
export function plainAddress(address: Uint8Array): Uint8Array {
  return isMapped(address, 0, address.length) ? address.subarray(MAPPED.length) : address
}

function isMapped(bytes: Uint8Array, at: number, length: number): boolean {
  return length >= IPV6_OCTETS && same(bytes, at, MAPPED, 0, MAPPED.length)
}
