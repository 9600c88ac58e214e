/**
 * Routes that another domain is not told, or not anew, because of a breaker: who waits for which, in the order in which they came to wait. Each list is a chain through
 * columns by destination, so that a route that waits costs ten octets and no object, and is put in, found and taken out at once.
 */
import { capacityFor, grownInt32, grownUint16 } from '../../bytes/columns.ts'
import type { Breaker } from './breaker.ts'

const NONE = -1
const FIRST = 1024
/** In the column of lists: it is on none. */
const NOWHERE = 0

export class WaitingList {
  /** Who has objected. */
  readonly breaker: Breaker
  /** Of routes that are told as they were, and are to be told anew; else of routes that are not told. */
  readonly anew: boolean
  size = 0
  /** Of so many at the front the turn has come. */
  called = 0
  first = NONE
  last = NONE

  constructor(breaker: Breaker, anew: boolean) {
    this.breaker = breaker
    this.anew = anew
  }
}

export class WaitingRoutes {
  /** Routes whose turn has come. */
  called = 0
  /** By destination: the ones before and behind it on its list, and the number of that. */
  private before = new Int32Array(0)
  private behind = new Int32Array(0)
  private on = new Uint16Array(0)
  /** By number. */
  private numbered: (WaitingList | null)[] = [null]
  private readonly numbers = new Map<WaitingList, number>()
  private readonly told = new Map<Breaker, WaitingList>()
  private readonly untold = new Map<Breaker, WaitingList>()

  /** The list on which a destination waits; undefined: it does not. */
  listOf(dest: number): WaitingList | undefined {
    return this.numbered[this.on[dest] ?? NOWHERE] ?? undefined
  }

  /** Those that wait for a breaker. `anew`: which are told as they were, and are to be told anew; else which are not told. */
  of(breaker: Breaker, anew: boolean): WaitingList {
    const lists = this.listsOf(anew)
    const known = lists.get(breaker)
    if (known !== undefined) return known
    const list = new WaitingList(breaker, anew)
    lists.set(breaker, list)
    const free = this.numbered.indexOf(null, 1)
    const number = free < 0 ? this.numbered.length : free
    this.numbered[number] = list
    this.numbers.set(list, number)
    return list
  }

  /** Puts a destination at the end of a list; where it is on that list already it keeps its place. */
  hold(dest: number, list: WaitingList): void {
    const number = this.numbers.get(list) ?? NOWHERE
    this.reach(dest)
    if (this.on[dest] === number) return
    this.release(dest)
    const { last } = list
    this.on[dest] = number
    this.before[dest] = last
    this.behind[dest] = NONE
    if (last === NONE) list.first = dest
    else this.behind[last] = dest
    list.last = dest
    list.size++
    list.breaker.held++
  }

  /** It waits no more. */
  release(dest: number): void {
    const list = this.listOf(dest)
    if (list === undefined) return
    const before = this.before[dest]!
    const behind = this.behind[dest]!
    if (before === NONE) list.first = behind
    else this.behind[before] = behind
    if (behind === NONE) list.last = before
    else this.before[behind] = before
    this.on[dest] = NOWHERE
    list.size--
    list.breaker.held--
    if (list.called > list.size) this.call(list, list.size)
  }

  /** The turn has come for so many at the front of a list, no more and no less. */
  call(list: WaitingList, count: number): void {
    const called = Math.max(0, Math.min(Math.floor(count), list.size))
    this.called += called - list.called
    list.called = called
  }

  /** For all that wait for a breaker. */
  callAll(breaker: Breaker): void {
    for (const list of [this.told.get(breaker), this.untold.get(breaker)]) if (list !== undefined) this.call(list, list.size)
  }

  /** Takes out one whose turn has come, of each list those that have waited longest first; -1: there is none. */
  take(): number {
    if (this.called === 0) return NONE
    for (const list of this.numbers.keys()) {
      if (list.called === 0) continue
      const dest = list.first
      this.call(list, list.called - 1)
      this.release(dest)
      return dest
    }
    return NONE
  }

  /** Forgets the lists of all breakers but these, if nothing is on them. */
  retain(breakers: ReadonlySet<Breaker>): void {
    for (const [list, number] of this.numbers) {
      if (list.size > 0 || breakers.has(list.breaker)) continue
      this.listsOf(list.anew).delete(list.breaker)
      this.numbered[number] = null
      this.numbers.delete(list)
    }
  }

  /** Nobody waits any more. */
  clear(): void {
    for (const list of this.numbers.keys()) {
      list.breaker.held = 0
      list.size = 0
      list.called = 0
      list.first = NONE
      list.last = NONE
    }
    this.called = 0
    this.on.fill(NOWHERE)
  }

  private listsOf(anew: boolean): Map<Breaker, WaitingList> {
    return anew ? this.told : this.untold
  }

  private reach(dest: number): void {
    if (dest < this.on.length) return
    const capacity = capacityFor(dest, Math.max(FIRST, this.on.length))
    this.before = grownInt32(this.before, capacity)
    this.behind = grownInt32(this.behind, capacity)
    this.on = grownUint16(this.on, capacity)
  }
}
