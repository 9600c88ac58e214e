/**
 * Octet strings of one length to dense numbers, for sets that are made once and asked per route: keys side by side in one array, open addressing beside it, and
 * before both a filter that is small enough to stay near the processor (two bits of one word for each key): what is not in the set is mostly told by that.
 * 100,000 MAC addresses take about 1.8 MiB, of which 128 KiB are the filter. (`bytes/byte-table.ts` is for tables that change, and takes memory by the MiB.)
 */
import { copy, same, u32 } from '../../../bytes/octets.ts'

const FIRST_KEYS = 8
/** Words of the filter: one for so many slots, 10 to 20 bits a key. */
const SLOTS_A_WORD = 8
const LEAST_WORDS = 2

export class OctetIndex {
  readonly octets: number
  private keys: Uint8Array
  /** Number of the key + 1 by slot; 0: free. At most half of them are taken. */
  private slots = new Int32Array(2 * FIRST_KEYS)
  private filter = new Int32Array(LEAST_WORDS)
  private count = 0

  /** `octets`: length of every key. */
  constructor(octets: number) {
    this.octets = octets
    this.keys = new Uint8Array(FIRST_KEYS * octets)
  }

  get size(): number {
    return this.count
  }

  /** The number of the key at `at`, or -1. Hot: allocates nothing. */
  find(bytes: Uint8Array, at: number): number {
    const { filter } = this
    const hash = this.hash(bytes, at)
    const wanted = bitsOf(hash)
    return (filter[hash & (filter.length - 1)]! & wanted) === wanted ? this.search(bytes, at, hash) : -1
  }

  private search(bytes: Uint8Array, at: number, hash: number): number {
    const { slots, octets } = this
    const mask = slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const key = slots[slot]! - 1
      if (key < 0 || same(this.keys, key * octets, bytes, at, octets)) return key
    }
  }

  /** The same for octets under a mask; `scratch` takes them. Hot: allocates nothing. */
  findUnder(mask: Uint8Array, bytes: Uint8Array, at: number, scratch: Uint8Array): number {
    const { octets, keys } = this
    if (this.count > 1) {
      for (let i = 0; i < octets; i++) scratch[i] = bytes[at + i]! & mask[i]!
      return this.find(scratch, 0)
    }
    // Most sets that are asked often are of one key, and most octets differ from it early.
    if (this.count === 0) return -1
    for (let i = 0; i < octets; i++) if ((bytes[at + i]! & mask[i]!) !== keys[i]) return -1
    return 0
  }

  /** Takes the key at `at` in; returns its number, the old one when it was there. Numbers count from 0. */
  add(bytes: Uint8Array, at = 0): number {
    const found = this.find(bytes, at)
    if (found >= 0) return found
    if (2 * (this.count + 1) > this.slots.length) this.grow()
    copy(bytes, at, at + this.octets, this.keys, this.count * this.octets)
    this.place(this.count)
    return this.count++
  }

  private place(number: number): void {
    const mask = this.slots.length - 1
    const hash = this.hash(this.keys, number * this.octets)
    let slot = hash & mask
    while (this.slots[slot] !== 0) slot = (slot + 1) & mask
    this.slots[slot] = number + 1
    this.filter[hash & (this.filter.length - 1)]! |= bitsOf(hash)
  }

  private grow(): void {
    const keys = new Uint8Array(2 * this.keys.length)
    keys.set(this.keys)
    this.keys = keys
    this.slots = new Int32Array(2 * this.slots.length)
    this.filter = new Int32Array(Math.max(LEAST_WORDS, this.slots.length / SLOTS_A_WORD))
    for (let number = 0; number < this.count; number++) this.place(number)
  }

  private hash(bytes: Uint8Array, at: number): number {
    let hash = 0
    let i = 0
    // By words: the multiplications are what takes time.
    for (; i + 4 <= this.octets; i += 4) hash = Math.imul(hash ^ u32(bytes, at + i), 0x9e3779b1)
    let last = 0
    for (; i < this.octets; i++) last = (last << 8) | bytes[at + i]!
    hash = Math.imul(hash ^ (hash >>> 15) ^ last, 0x85ebca6b)
    return hash ^ (hash >>> 13)
  }
}

/** By other bits than those that say where a key stands. */
function bitsOf(hash: number): number {
  return (1 << (hash >>> 27)) | (1 << (hash >>> 22))
}
