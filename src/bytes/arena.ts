/**
 * Memory for octet strings of 1 word to 64 KiB, in chunks of 128 KiB. An address is a word offset over all chunks, so it fits in 31 bits.
 * Freed blocks are kept by size and given out again; a free block's first word links to the next free block of its size.
 */
const CHUNK_BITS = 15
const CHUNK_WORDS = 1 << CHUNK_BITS
const CHUNK_MASK = CHUNK_WORDS - 1
const NONE = -1

export class Arena {
  /** Chunks as 32-bit words, and the same memory as octets. Index with `chunkOf` and `wordOf`. */
  readonly words: Int32Array[]
  readonly octets: Uint8Array[]
  private top = 0
  private readonly free: number[] = []
  private used = 0

  /** With a first chunk: an array that begins empty is of another kind to V8, and code made for one would be thrown away at the first key of the other. */
  constructor() {
    const memory = new ArrayBuffer(CHUNK_WORDS * 4)
    this.words = [new Int32Array(memory)]
    this.octets = [new Uint8Array(memory)]
  }

  /** Address of a block of `words` words, content undefined. */
  allocate(words: number): number {
    this.used += words
    const head = this.free[words]
    if (head !== undefined && head !== NONE) {
      this.free[words] = this.words[head >>> CHUNK_BITS]![head & CHUNK_MASK]!
      return head
    }
    if (this.top === this.words.length << CHUNK_BITS || (this.top & CHUNK_MASK) + words > CHUNK_WORDS) {
      this.top = this.words.length << CHUNK_BITS
      const memory = new ArrayBuffer(CHUNK_WORDS * 4)
      this.words.push(new Int32Array(memory))
      this.octets.push(new Uint8Array(memory))
    }
    const address = this.top
    this.top += words
    return address
  }

  /** Gives a block of `words` words back. */
  release(address: number, words: number): void {
    this.used -= words
    while (this.free.length <= words) this.free.push(NONE)
    this.words[address >>> CHUNK_BITS]![address & CHUNK_MASK] = this.free[words]!
    this.free[words] = address
  }

  /** Octets held from the system and octets in use. */
  get memory(): { held: number; used: number } {
    return { held: this.words.length * CHUNK_WORDS * 4, used: this.used * 4 }
  }
}

/** Which chunk an address lies in. */
export function chunkOf(address: number): number {
  return address >>> CHUNK_BITS
}

/** Word offset of an address in its chunk. */
export function wordOf(address: number): number {
  return address & CHUNK_MASK
}
