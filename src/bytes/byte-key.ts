/**
 * Scratch memory in which a key for a `ByteTable` is put together. Layout, in whole 32-bit words:
 *
 *     length of what follows, 2 octets (machine order) | octets | zeros up to the word
 *
 * Write octets from `KEY_START` on, then `seal`.
 */
export const KEY_START = 2
/** Words that `group` is made of: the length, and 10 octets of the key. */
export const GROUP_WORDS = 3
/** Most octets of a key: what its length field holds. */
export const MAX_KEY = 65535

export class ByteKey {
  readonly octets: Uint8Array
  readonly words: Int32Array
  /** Words that the sealed key fills. */
  size = 0
  hash = 0
  /** Hash of the first `GROUP_WORDS` words: keys with the same beginning (type and RD of a route) have the same, so that a table can keep them close. */
  group = 0
  /** Octets of the sealed key. */
  length = 0

  constructor(capacityOctets: number) {
    const memory = new ArrayBuffer((capacityOctets + KEY_START + 7) & ~3)
    this.octets = new Uint8Array(memory)
    this.words = new Int32Array(memory)
  }

  /** Closes the key whose octets end before `end`: writes the length and the padding, computes size and hash. Throws above `MAX_KEY`. Hot. */
  seal(end: number): void {
    const { octets, words } = this
    const length = end - KEY_START
    if (length > MAX_KEY) throw new Error(`a key of ${length} octets`)
    this.length = length
    octets[0] = length
    octets[1] = length >>> 8
    octets[end] = 0
    octets[end + 1] = 0
    octets[end + 2] = 0
    const size = (end + 3) >>> 2
    this.size = size
    const first = size < GROUP_WORDS ? size : GROUP_WORDS
    const group = mixed(size, words, 0, first)
    this.group = finished(group)
    this.hash = finished(mixed(group, words, first, size))
  }
}

/** Goes on with a hash over words `from`..`to`. Hot. */
export function mixed(start: number, words: Int32Array, from: number, to: number): number {
  let hash = start
  for (let at = from; at < to; at++) {
    hash = Math.imul(hash ^ words[at]!, 0x9e3779b1)
    hash ^= hash >>> 15
  }
  return hash
}

/** Spreads what the last words have said over all bits. */
export function finished(hash: number): number {
  const spread = Math.imul(hash, 0x85ebca6b)
  return spread ^ (spread >>> 13)
}
