/**
 * Octet strings of one length to dense numbers, for sets that are made once and asked per route: keys side by side in one array, open addressing beside it.
 * 100,000 MAC addresses take about 1.6 MiB. (`bytes/byte-table.ts` is for tables that change, and takes memory by the MiB.)
 */
import { copy, same } from '../../../bytes/octets.ts'

const FIRST_KEYS = 8

export class OctetIndex {
  readonly octets: number
  private keys: Uint8Array
  /** Number of the key + 1 by slot; 0: free. At most half of them are taken. */
  private slots = new Int32Array(2 * FIRST_KEYS)
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
    const mask = this.slots.length - 1
    for (let slot = this.hash(bytes, at) & mask; ; slot = (slot + 1) & mask) {
      const entry = this.slots[slot]!
      if (entry === 0) return -1
      if (same(this.keys, (entry - 1) * this.octets, bytes, at, this.octets)) return entry - 1
    }
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
    let slot = this.hash(this.keys, number * this.octets) & mask
    while (this.slots[slot] !== 0) slot = (slot + 1) & mask
    this.slots[slot] = number + 1
  }

  private grow(): void {
    const keys = new Uint8Array(2 * this.keys.length)
    keys.set(this.keys)
    this.keys = keys
    this.slots = new Int32Array(2 * this.slots.length)
    for (let number = 0; number < this.count; number++) this.place(number)
  }

  private hash(bytes: Uint8Array, at: number): number {
    let hash = 0
    for (let i = 0; i < this.octets; i++) hash = Math.imul(hash ^ bytes[at + i]!, 0x01000193) + 0x9e3779b1
    hash ^= hash >>> 15
    hash = Math.imul(hash, 0x85ebca6b)
    return hash ^ (hash >>> 13)
  }
}
