/**
 * How each route stands that some group would tell another domain, and what it counts for, in columns by destination. When there are other limits all is counted from the
 * start, a slice at a time (`count`): what is not counted yet will be as it is then.
 */
import { capacityFor, grownUint8, grownUint16 } from '../../bytes/columns.ts'
import { refusal } from '../../policy/refusal.ts'
import type { Verdict } from '../../rib/verdict.ts'
import { type Passages, UNNUMBERED } from './passages.ts'

/** How a route stands: nobody would tell it; it is told; it waits; it waits while a breaker is suspended; it has been let go until its breaker is well. */
export const NOBODY = 0
export const TOLD = 1
export const HELD = 2
export const SUSPENDED = 3
export const SHED = 4
/** By how a route stands: 0, or the refusal. */
export const VERDICTS: readonly Verdict[] = [0, 0, refusal('held-by-limit'), refusal('suspended-by-limit'), refusal('shed-by-limit')]
const FIRST = 1024
/** Beyond every destination id. */
const ALL = Number.MAX_SAFE_INTEGER

export class Standings {
  private readonly passages: Passages
  private how = new Uint8Array(FIRST)
  /** How many groups would tell it. */
  private wanted = new Uint8Array(FIRST)
  /** The number of its passage. */
  private passage = new Uint16Array(FIRST)
  /** Destinations below are counted. */
  private countedTo = ALL

  constructor(passages: Passages) {
    this.passages = passages
  }

  /** Destinations that there is room for. */
  get capacity(): number {
    return this.how.length
  }

  of(dest: number): number {
    return this.how[dest] ?? NOBODY
  }

  passageOf(dest: number): number {
    return this.passage[dest] ?? UNNUMBERED
  }

  isWanted(dest: number): boolean {
    return (this.wanted[dest] ?? NOBODY) !== 0
  }

  /** One more group would tell it. */
  want(dest: number): void {
    this.reach(dest)
    this.wanted[dest]!++
  }

  /** One less. Returns whether some still would. */
  unwant(dest: number): boolean {
    return --this.wanted[dest]! > 0
  }

  /** From now on it stands so, and has to pass there. */
  put(dest: number, how: number, passage: number): void {
    this.tally(dest, -1)
    this.how[dest] = how
    this.passage[dest] = passage
    this.tally(dest, 1)
  }

  /** Passages have other numbers. `counts`: what there is is to be counted anew; else there is nothing for which it would have to be. */
  begin(counts: boolean): void {
    this.passage.fill(UNNUMBERED)
    this.countedTo = counts ? 0 : ALL
  }

  /** Whether not all is counted yet. */
  get counting(): boolean {
    return this.countedTo !== ALL
  }

  /** Counts up to `limit` destinations. `numberOf` tells the passage of one; `seen` hears of each and how it stands. */
  count(limit: number, numberOf: (dest: number) => number, seen: (dest: number, how: number) => void): void {
    const { how } = this
    if (!this.counting) return
    const end = Math.min(this.countedTo + limit, how.length)
    for (let dest = this.countedTo; dest < end; dest++) {
      const standing = how[dest]!
      if (standing === NOBODY) continue
      const number = numberOf(dest)
      this.passage[dest] = number
      this.add(number, standing, 1)
      seen(dest, standing)
    }
    this.countedTo = end < how.length ? end : ALL
  }

  /** Nobody is told anything any more. */
  forget(): void {
    this.how.fill(NOBODY)
    this.wanted.fill(0)
    this.countedTo = ALL
  }

  private tally(dest: number, by: 1 | -1): void {
    if (dest < this.countedTo) this.add(this.passage[dest]!, this.how[dest]!, by)
  }

  private add(number: number, how: number, by: 1 | -1): void {
    if (how === TOLD) this.passages.uses(number, by)
    else if (how !== NOBODY) this.passages.keeps(number, how, by)
  }

  private reach(dest: number): void {
    if (dest < this.how.length) return
    const capacity = capacityFor(dest, this.how.length)
    this.how = grownUint8(this.how, capacity)
    this.wanted = grownUint8(this.wanted, capacity)
    this.passage = grownUint16(this.passage, capacity)
  }
}
