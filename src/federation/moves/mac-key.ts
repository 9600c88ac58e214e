/**
 * What a MAC is known by here: its VN, as a number, and its 6 octets. Key octets, big endian:
 *
 *     VN (2) | MAC (6)
 */
import { ByteKey, KEY_START } from '../../bytes/byte-key.ts'
import { copy, put16 } from '../../bytes/octets.ts'

const MAC_OCTETS = 6

/** A key to be written into. */
export function macKey(): ByteKey {
  return new ByteKey(2 + MAC_OCTETS)
}

/** Makes it the key of the MAC at `mac`. Hot. */
export function writeMacKey(key: ByteKey, vn: number, bytes: Uint8Array, mac: number): void {
  key.seal(copy(bytes, mac, mac + MAC_OCTETS, key.octets, put16(key.octets, KEY_START, vn)))
}
