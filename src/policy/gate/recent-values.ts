/**
 * Octet strings that were asked about lately, and what was found out about each: two places for every hash, of which the one asked for longest ago is given to
 * a newcomer, so that memory has an end whatever peers send.
 */
import { same, u8, u32 } from '../../bytes/octets.ts'

/** Octets of the longest string that is remembered. */
export const LONGEST = 512

interface Value<Found> {
  readonly salt: number
  readonly octets: Uint8Array
  readonly found: Found
}

export class RecentValues<Found> {
  private readonly mask: number
  private readonly values: (Value<Found> | undefined)[]

  /** `pairs`: a power of two; twice as many strings are remembered. */
  constructor(pairs: number) {
    this.mask = pairs - 1
    this.values = new Array(2 * pairs).fill(undefined)
  }

  /** What is known of octets `from`..`to`, and a number beside them; undefined: nothing. Hot: allocates nothing. */
  find(bytes: Uint8Array, from: number, to: number, salt = 0): Found | undefined {
    const { values } = this
    const first = 2 * this.pairOf(bytes, from, to, salt)
    const one = values[first]
    if (one === undefined) return undefined
    if (holds(one, bytes, from, to, salt)) return one.found
    const other = values[first + 1]
    if (other === undefined || !holds(other, bytes, from, to, salt)) return undefined
    values[first] = other
    values[first + 1] = one
    return other.found
  }

  /** To be called when `find` has found nothing. Longer strings than the longest are not remembered. */
  remember(bytes: Uint8Array, from: number, to: number, found: Found, salt = 0): void {
    if (to - from > LONGEST) return
    const first = 2 * this.pairOf(bytes, from, to, salt)
    this.values[first + 1] = this.values[first]
    this.values[first] = { salt, octets: bytes.slice(from, to), found }
  }

  private pairOf(bytes: Uint8Array, from: number, to: number, salt: number): number {
    let hash = salt ^ (to - from)
    let at = from
    // By words: the multiplications are what takes time.
    for (; at + 4 <= to; at += 4) {
      hash = Math.imul(hash ^ u32(bytes, at), 0x9e3779b1)
      hash ^= hash >>> 15
    }
    for (; at < to; at++) hash = Math.imul(hash ^ u8(bytes, at), 0x9e3779b1)
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b)
    return (hash ^ (hash >>> 13)) & this.mask
  }
}

function holds({ salt, octets }: Value<unknown>, bytes: Uint8Array, from: number, to: number, wanted: number): boolean {
  return salt === wanted && octets.length === to - from && same(octets, 0, bytes, from, octets.length)
}
