/** Chance from a seed (mulberry32): the same seed gives the same numbers on every machine. */

const EDGES = [0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 33, 63, 64, 127, 128, 129, 192, 224, 240, 254, 255]

export class Chance {
  private state: number

  constructor(seed: number) {
    this.state = seed >>> 0
  }

  /** Chance for one input of a campaign: its own sequence, whatever was drawn for the inputs before it. */
  static at(seed: number, index: number): Chance {
    const chance = new Chance(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35))
    chance.next()
    return chance
  }

  /** In [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }

  /** A whole number in 0..`limit` - 1. */
  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0
  }

  pick<T>(of: readonly T[]): T {
    return of[this.below(of.length)]!
  }

  /** An octet; often one at which code changes its mind. */
  octet(): number {
    return this.once(2) ? this.pick(EDGES) : this.below(256)
  }

  octets(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.octet())
  }
}
