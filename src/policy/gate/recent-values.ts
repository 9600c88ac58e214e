/**
 * Keys that were asked about lately, and what was found out about each: two places for every hash, of which the one asked for longest ago is given to
 * a newcomer, so that memory has an end whatever peers send.
 */
import type { ByteKey } from '../../bytes/byte-key.ts'

/** Octets of the longest key that is remembered. */
export const LONGEST = 512

interface Value<Found> {
  /** Those of the key: its length is in the first. */
  readonly words: Int32Array
  readonly found: Found
}

export class RecentValues<Found> {
  private readonly mask: number
  private readonly values: (Value<Found> | undefined)[]

  /** `pairs`: a power of two; twice as many keys are remembered. */
  constructor(pairs: number) {
    this.mask = pairs - 1
    this.values = new Array(2 * pairs).fill(undefined)
  }

  /** What is known of a sealed key; undefined: nothing. Hot: allocates nothing. */
  find(key: ByteKey): Found | undefined {
    const { values } = this
    const first = 2 * (key.hash & this.mask)
    const one = values[first]
    if (one === undefined) return undefined
    if (holds(one, key)) return one.found
    const other = values[first + 1]
    if (other === undefined || !holds(other, key)) return undefined
    values[first] = other
    values[first + 1] = one
    return other.found
  }

  /** To be called when `find` has found nothing. Longer keys than the longest are not remembered. */
  remember(key: ByteKey, found: Found): void {
    if (key.length > LONGEST) return
    const first = 2 * (key.hash & this.mask)
    this.values[first + 1] = this.values[first]
    this.values[first] = { words: key.words.slice(0, key.size), found }
  }
}

function holds({ words }: Value<unknown>, key: ByteKey): boolean {
  const mine = key.words
  if (words.length !== key.size) return false
  for (let i = 0; i < words.length; i++) if (words[i] !== mine[i]) return false
  return true
}
