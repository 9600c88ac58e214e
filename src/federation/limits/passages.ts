/**
 * What routes have to pass before another domain is told them: by their VNs and their type the same breakers, under a number that fits a column.
 */

import type { Rib } from '../../rib/rib.ts'
import type { SetId } from '../../rib/verdict.ts'
import type { Breaker } from './breaker.ts'
import type { Breakers } from './breakers.ts'
import { isSuspended } from './objections.ts'
import type { ToldVns } from './told-vns.ts'

/** Of a route of which it has not been asked yet. */
export const UNNUMBERED = 0xffff

export class Passages {
  private readonly rib: Rib
  private readonly vns: ToldVns
  private readonly breakers: Breakers
  /** By number. */
  private passed: (readonly Breaker[])[] = []
  /** The VNs of their routes. */
  private members: (readonly number[])[] = []
  /** Routes that are not told, by how they stand. */
  private kept: number[][] = []
  private numbers = new Map<readonly Breaker[], number>()

  constructor(rib: Rib, vns: ToldVns, breakers: Breakers) {
    this.rib = rib
    this.vns = vns
    this.breakers = breakers
  }

  /** There are other breakers: all numbers mean nothing any more. */
  clear(): void {
    this.passed = []
    this.members = []
    this.kept = []
    this.numbers = new Map()
  }

  /** The number for a route to `dest` with this set. Hot. */
  numberOf(dest: number, set: SetId): number {
    const members = this.vns.of(set)
    const passed = this.breakers.of(members, this.rib.destinations.typeOf(dest), 0)
    const known = this.numbers.get(passed)
    if (known !== undefined) return known
    const number = this.passed.push(passed) - 1
    this.members.push(members)
    this.kept.push([])
    this.numbers.set(passed, number)
    return number
  }

  /** Breakers to pass. */
  at(number: number): readonly Breaker[] {
    return this.passed[number] ?? []
  }

  /** A route more or less that is told. */
  uses(number: number, by: 1 | -1): void {
    for (const breaker of this.at(number)) breaker.used += by
  }

  /** One more or less that is not told. `how` it stands: a small number, of which there are few. */
  keeps(number: number, how: number, by: 1 | -1): void {
    const counts = this.kept[number]
    if (counts !== undefined) counts[how] = (counts[how] ?? 0) + by
  }

  /** Those that are not told: for each passage the VNs of its routes, by their indices in `ToldVns`, and how many stand how. */
  *allKept(): Iterable<readonly [readonly number[], readonly number[]]> {
    for (const [number, counts] of this.kept.entries()) if (counts.some((count) => count > 0)) yield [this.members[number] ?? [], counts]
  }

  /** Nobody is told anything. */
  forgetKept(): void {
    for (const counts of this.kept) counts.length = 0
  }

  /** A change that the domain is told, at `now`, in ms. */
  spend(number: number, now: number): void {
    for (const breaker of this.at(number)) breaker.spend(now)
  }

  /** Whether one of the breakers is suspended. */
  suspended(number: number): boolean {
    return this.at(number).some(isSuspended)
  }

  /** The first of them that must know how much is told; null: none does. */
  counting(number: number): Breaker | null {
    return this.at(number).find(({ mustCount }) => mustCount) ?? null
  }
}
