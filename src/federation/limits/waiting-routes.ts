/**
 * Routes that another domain is not told, or not anew, because of a breaker: who waits for which, in the order in which they came to wait. Each list is a chain by
 * destination, so that a route that waits costs ten octets and no object, and is put in, found and taken out at once.
 */
import { Chains } from '../../bytes/chains.ts'
import type { Breaker } from './breaker.ts'

const NONE = -1

export class WaitingList {
  /** Who has objected. */
  readonly breaker: Breaker
  /** Of routes that are told as they were, and are to be told anew; else of routes that are not told. */
  readonly anew: boolean
  /** Of its chain. */
  readonly number: number
  /** Of so many at the front the turn has come. */
  called = 0

  constructor(breaker: Breaker, anew: boolean, number: number) {
    this.breaker = breaker
    this.anew = anew
    this.number = number
  }
}

export class WaitingRoutes {
  /** Routes whose turn has come. */
  called = 0
  /** By destination. */
  private readonly chains = new Chains()
  /** By number. */
  private readonly lists: (WaitingList | null)[] = []
  private readonly told = new Map<Breaker, WaitingList>()
  private readonly untold = new Map<Breaker, WaitingList>()

  /** The list on which a destination waits; undefined: it does not. */
  listOf(dest: number): WaitingList | undefined {
    return this.lists[this.chains.listOf(dest)] ?? undefined
  }

  /** Those that wait for a breaker. `anew`: which are told as they were, and are to be told anew; else which are not told. */
  of(breaker: Breaker, anew: boolean): WaitingList {
    const lists = this.listsOf(anew)
    const known = lists.get(breaker)
    if (known !== undefined) return known
    const free = this.lists.indexOf(null)
    const list = new WaitingList(breaker, anew, free < 0 ? this.lists.length : free)
    lists.set(breaker, list)
    this.lists[list.number] = list
    return list
  }

  /** Puts a destination at the end of a list; where it is on that list already it keeps its place. */
  hold(dest: number, list: WaitingList): void {
    if (this.chains.listOf(dest) === list.number) return
    this.release(dest)
    this.chains.append(dest, list.number)
    list.breaker.held++
  }

  /** It waits no more. */
  release(dest: number): void {
    const list = this.listOf(dest)
    if (list === undefined) return
    this.chains.remove(dest)
    list.breaker.held--
    const size = this.sizeOf(list)
    if (list.called > size) this.call(list, size)
  }

  /** The turn has come for so many at the front of a list, no more and no less. */
  call(list: WaitingList, count: number): void {
    const called = Math.max(0, Math.min(Math.floor(count), this.sizeOf(list)))
    this.called += called - list.called
    list.called = called
  }

  /** For all that wait for a breaker. */
  callAll(breaker: Breaker): void {
    for (const list of [this.told.get(breaker), this.untold.get(breaker)]) if (list !== undefined) this.call(list, this.sizeOf(list))
  }

  /** Takes out one whose turn has come, of each list those that have waited longest first; -1: there is none. */
  take(): number {
    if (this.called === 0) return NONE
    for (const list of this.lists) {
      if (list === null || list.called === 0) continue
      const dest = this.chains.firstOf(list.number)
      this.call(list, list.called - 1)
      this.release(dest)
      return dest
    }
    return NONE
  }

  /** Forgets the lists of all breakers but these, if nothing is on them. */
  retain(breakers: ReadonlySet<Breaker>): void {
    for (const list of this.lists) {
      if (list === null || this.sizeOf(list) > 0 || breakers.has(list.breaker)) continue
      this.listsOf(list.anew).delete(list.breaker)
      this.lists[list.number] = null
    }
  }

  /** Nobody waits any more. */
  clear(): void {
    for (const list of this.lists) {
      if (list === null) continue
      list.breaker.held = 0
      list.called = 0
    }
    this.called = 0
    this.chains.clear()
  }

  private sizeOf(list: WaitingList): number {
    return this.chains.sizeOf(list.number)
  }

  private listsOf(anew: boolean): Map<Breaker, WaitingList> {
    return anew ? this.told : this.untold
  }
}
