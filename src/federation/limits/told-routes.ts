/**
 * What one other domain is told, and what it is not because that would be too much: the last word behind agreement and policy, the same for all groups its sessions are in.
 * Limits are on all its routes, on those of a VN and on those of a type, and what becomes of more is said by each (`limits.ts`). A route is told once, however many
 * sessions hear of it. Columns by destination; what waits is a bit, and its turn comes in the order of ids, not of coming. Pure: the time is handed in.
 */

import { type ExportAdmission, LATER } from '../../advertise/verdicts/export-admission.ts'
import { Bitmap } from '../../bytes/bitmap.ts'
import { grownUint8, grownUint16 } from '../../bytes/columns.ts'
import { refusal } from '../../policy/refusal.ts'
import { NO_SET, type SetId, type Verdict } from '../../rib/attribute-sets.ts'
import type { Changes } from '../../rib/changes.ts'
import type { Rib } from '../../rib/rib.ts'
import type { FederatedDomain } from '../settings.ts'
import type { Breaker } from './breaker.ts'
import { Breakers, limitsOnTold } from './breakers.ts'
import { EXCESS, type Excess } from './limits.ts'
import type { ToldVns } from './told-vns.ts'

/** How a route stands that some group would tell: what is not told waits, or is let go until its breaker is well. */
const TOLD = 1
const HELD = 2
const SUSPENDED = 3
const SHED = 4
const VERDICTS: readonly Verdict[] = [0, 0, refusal('held-by-limit'), refusal('suspended-by-limit'), refusal('shed-by-limit')]
const NOBODY = 0
/** Routes whose turn comes in one go, for one breaker, and destinations looked at in one go when one suspends or is well again. */
const SLICE = 1024
const SWEEP = 65_536
const NONE = -1

/** What waits for one breaker. */
interface Waiting {
  /** Routes that are not told. */
  readonly held: Bitmap
  /** Routes that are told as they were, and are to be told anew. */
  readonly later: Bitmap
}

export class ToldRoutes implements ExportAdmission {
  readonly breakers: Breakers
  /** Called when a breaker opens or closes. */
  onChange: (breaker: Breaker) => void = () => {}
  private readonly rib: Rib
  private readonly vns: ToldVns
  private readonly now: () => number
  /** Groups that ask. */
  private groups = 0
  /** By destination: how it stands, how many groups would tell it, and the number of its passage. */
  private standing = new Uint8Array(1024)
  private wanted = new Uint8Array(1024)
  private passage = new Uint16Array(1024)
  /** Breakers to pass, by number. */
  private passages: (readonly Breaker[])[] = []
  /** The VNs of their routes. */
  private members: (readonly number[])[] = []
  private numbers = new Map<readonly Breaker[], number>()
  private readonly waiting = new Map<Breaker, Waiting>()
  /** About these groups are to ask again. */
  private again = new Bitmap()
  /** Decided in this batch: for the next group the same holds. */
  private readonly decided = new Bitmap()
  private asksAgain = false
  /** Who has made the objection that `ask` returned. */
  private objector: Breaker | null = null
  /** Next destination looked at because a breaker has suspended or is well again; -1: none. */
  private sweeping = NONE

  /** `now`: ms. */
  constructor(rib: Rib, domain: FederatedDomain, vns: ToldVns, now: () => number) {
    this.rib = rib
    this.vns = vns
    this.now = now
    this.breakers = new Breakers('out', vns.vns)
    this.limit(domain)
  }

  /** These limits from now on. What is told stays told. */
  limit(domain: FederatedDomain): void {
    const { rib, standing, wanted, again } = this
    // Whatever waits is asked about again.
    for (const { held, later } of this.waiting.values()) {
      for (const list of [held, later]) while (list.size > 0) again.add(list.takeLowest())
    }
    this.waiting.clear()
    this.breakers.limit(limitsOnTold(domain), this.now())
    this.passages = []
    this.members = []
    this.numbers = new Map()
    let suspended = false
    for (const breaker of this.breakers.all) {
      breaker.used = 0
      breaker.held = 0
      if (isSuspended(breaker)) suspended = true
    }
    for (let dest = 0; dest < wanted.length; dest++) {
      if (wanted[dest] === NOBODY) continue
      const number = this.numberOf(dest, rib.destinations.advertised[dest]!)
      this.passage[dest] = number
      if (standing[dest] === TOLD) this.uses(number, 1)
      else again.add(dest)
    }
    if (suspended) this.sweeping = 0
  }

  join(): void {
    this.groups++
  }

  leave(wanted: Uint8Array): void {
    this.groups--
    if (this.groups === 0) {
      this.forget()
      return
    }
    for (let dest = 0; dest < wanted.length; dest++) if (wanted[dest] !== NOBODY) this.drop(dest, false)
  }

  begin(again: boolean): void {
    this.asksAgain = again
    while (this.decided.size > 0) this.decided.takeLowest()
  }

  end(): void {
    this.begin(false)
  }

  want(dest: number, set: SetId, grows: boolean, tells: boolean): Verdict {
    this.reach(dest)
    if (grows) this.wanted[dest]!++
    const standing = this.standing[dest]!
    const several = this.groups > 1
    if (several && standing !== NOBODY && this.decided.has(dest))
      return standing === TOLD && this.isLater(dest) ? LATER : VERDICTS[standing]!
    const number = this.numberOf(dest, set)
    const before = this.passage[dest]!
    // One more group hears what the others have heard: that is no change.
    const joins = grows || (standing === TOLD && !tells)
    if (joins && standing !== NOBODY && number === before) return VERDICTS[standing]!
    if (several) this.decided.add(dest)
    if (standing === TOLD) return this.change(dest, before, number)
    const stays = standing !== NOBODY && standing !== SHED && !this.asksAgain && number === before
    if (stays) {
      // Nobody hears of it, but it has not become quiet.
      if (standing === SUSPENDED) this.spend(number)
      return VERDICTS[standing]!
    }
    if (standing !== NOBODY) this.waitNoMore(dest)
    this.passage[dest] = number
    return this.grow(dest, number)
  }

  unwant(dest: number): void {
    this.drop(dest, true)
  }

  take(dest: number, set: SetId): void {
    this.reach(dest)
    if (this.wanted[dest]!++ > 0) return
    this.standing[dest] = TOLD
    this.passage[dest] = this.numberOf(dest, set)
    for (const breaker of this.passages[this.passage[dest]!]!) breaker.used++
  }

  get due(): boolean {
    return this.again.size > 0
  }

  gather(batch: Changes, most: number): void {
    const { rib, again } = this
    while (again.size > 0 && batch.count < most) {
      const dest = again.takeLowest()
      const set = this.wanted[dest] !== NOBODY && rib.destinations.isLive(dest) ? rib.destinations.advertised[dest]! : NO_SET
      if (set !== NO_SET) batch.add(dest, set, set, rib.destinations.best[dest]!)
    }
  }

  /** Whether there is something to do in time. */
  get busy(): boolean {
    if (this.sweeping !== NONE || this.due) return true
    for (const { state, held } of this.breakers.all) if (state !== 'well' || held > 0) return true
    return false
  }

  /** Looks for what may be told now of what waited, for what must not be told any more, and which breakers are well again. */
  tick(now: number): void {
    this.sweep()
    for (const [breaker, { held, later }] of this.waiting) {
      if (isSuspended(breaker)) continue
      const changes = Math.min(SLICE, breaker.changesLeft(now))
      const anew = Math.max(0, Math.min(changes, later.size))
      this.letGo(breaker, later, anew)
      this.letGo(breaker, held, Math.min(changes - anew, breaker.room(now), held.size))
    }
    for (const breaker of this.breakers.all) {
      const was = breaker.state
      if (!breaker.recover(now)) continue
      if (was === 'shedding') this.sweeping = 0
      this.onChange(breaker)
    }
  }

  /** Routes of a VN that are not told, by the refusing verdict. For people: it looks at all. */
  heldBackOf(vn: string): ReadonlyMap<Verdict, number> {
    const { standing } = this
    const index = this.vns.vns.findIndex(({ name }) => name === vn)
    const concerned = this.members.map((members) => members.includes(index))
    const counts = new Map<Verdict, number>()
    for (let dest = 0; dest < standing.length; dest++) {
      const how = standing[dest]!
      if (how <= TOLD || concerned[this.passage[dest]!] !== true) continue
      const verdict = VERDICTS[how]!
      counts.set(verdict, (counts.get(verdict) ?? 0) + 1)
    }
    return counts
  }

  close(): void {
    this.vns.close()
  }

  /** A route that is told changes. */
  private change(dest: number, before: number, number: number): Verdict {
    if (before !== number) {
      this.waitNoMore(dest)
      this.uses(before, -1)
      this.passage[dest] = number
      this.uses(number, 1)
    }
    const what = this.ask(number, false)
    if (what === 'hold') {
      this.wait(dest, TOLD)
      return LATER
    }
    this.spend(number)
    this.waitNoMore(dest)
    if (what === null) {
      this.again.remove(dest)
      return 0
    }
    this.uses(number, -1)
    return this.refuse(dest, what)
  }

  /** A route that is not told would be. */
  private grow(dest: number, number: number): Verdict {
    const what = this.ask(number, true)
    if (what !== null) return this.refuse(dest, what)
    this.spend(number)
    this.uses(number, 1)
    this.standing[dest] = TOLD
    return 0
  }

  private refuse(dest: number, what: Excess): Verdict {
    const standing = what === 'hold' ? HELD : what === 'suspend' ? SUSPENDED : SHED
    if (standing !== SHED) this.wait(dest, standing)
    else if (!this.asksAgain && this.objector !== null) this.objector.shed++
    this.standing[dest] = standing
    return VERDICTS[standing]!
  }

  /** The strictest objection of those on a passage; null: there is none, or only a warning. */
  private ask(number: number, grows: boolean): Excess | null {
    const now = this.now()
    let strictest = 0
    this.objector = null
    for (const breaker of this.passages[number]!) {
      const what = breaker.object(grows, this.asksAgain, now)
      if (what === null) continue
      // What has waited is not counted again, but whoever has just become well hears of it.
      if (!this.asksAgain || breaker.state === 'well') this.exceeded(breaker, what, now)
      const how = EXCESS.indexOf(what)
      if (how <= strictest) continue
      strictest = how
      this.objector = breaker
    }
    return this.objector === null ? null : EXCESS[strictest]!
  }

  private exceeded(breaker: Breaker, what: Excess, now: number): void {
    const was = breaker.state
    breaker.exceeded(what, now)
    if (breaker.state === was) return
    if (isSuspended(breaker)) this.sweeping = 0
    this.onChange(breaker)
  }

  /** A group would tell it no more. `spends`: that is a change that the domain is told. */
  private drop(dest: number, spends: boolean): void {
    if (--this.wanted[dest]! > 0) return
    const number = this.passage[dest]!
    if (this.standing[dest] === TOLD) {
      this.uses(number, -1)
      if (spends) this.spend(number)
    }
    this.waitNoMore(dest)
    this.standing[dest] = NOBODY
  }

  /** Nobody is told anything any more. */
  private forget(): void {
    this.standing.fill(NOBODY)
    this.wanted.fill(NOBODY)
    this.waiting.clear()
    this.again = new Bitmap()
    this.sweeping = NONE
    for (const breaker of this.breakers.all) {
      breaker.used = 0
      breaker.held = 0
    }
  }

  private uses(number: number, by: 1 | -1): void {
    for (const breaker of this.passages[number]!) breaker.used += by
  }

  private spend(number: number): void {
    const now = this.now()
    for (const breaker of this.passages[number]!) breaker.spend(now)
  }

  /** It waits for who has objected. `standing`: told, and to be told anew, or not told. */
  private wait(dest: number, standing: number): void {
    const breaker = this.objector
    if (breaker === null) return
    let waiting = this.waiting.get(breaker)
    if (waiting === undefined) {
      waiting = { held: new Bitmap(), later: new Bitmap() }
      this.waiting.set(breaker, waiting)
    }
    const list = standing === TOLD ? waiting.later : waiting.held
    if (list.has(dest)) return
    list.add(dest)
    breaker.held++
  }

  private waitNoMore(dest: number): void {
    if (this.waiting.size === 0) return
    for (const breaker of this.passages[this.passage[dest]!]!) {
      const waiting = this.waiting.get(breaker)
      if (waiting === undefined) continue
      const list = waiting.held.has(dest) ? waiting.held : waiting.later
      if (!list.has(dest)) continue
      list.remove(dest)
      breaker.held--
    }
  }

  private isLater(dest: number): boolean {
    return this.passages[this.passage[dest]!]!.some((breaker) => this.waiting.get(breaker)?.later.has(dest) === true)
  }

  /** The turn has come for so many that wait. */
  private letGo(breaker: Breaker, list: Bitmap, count: number): void {
    for (let left = count; left >= 1; left--) {
      this.again.add(list.takeLowest())
      breaker.held--
    }
  }

  /** Finds what is told and must not be any more, and what was let go and may be told again, a slice at a time. */
  private sweep(): void {
    if (this.sweeping === NONE) return
    const { standing } = this
    const end = Math.min(this.sweeping + SWEEP, standing.length)
    for (let dest = this.sweeping; dest < end; dest++) {
      const how = standing[dest]
      if (how === NOBODY) continue
      if (how === SHED || (how === TOLD && this.passages[this.passage[dest]!]!.some(isSuspended))) this.again.add(dest)
    }
    this.sweeping = end < standing.length ? end : NONE
  }

  /** The number of what a route has to pass. */
  private numberOf(dest: number, set: SetId): number {
    const members = this.vns.of(set)
    const passage = this.breakers.of(members, this.rib.destinations.typeOf(dest), 0)
    const known = this.numbers.get(passage)
    if (known !== undefined) return known
    const number = this.passages.push(passage) - 1
    this.members.push(members)
    this.numbers.set(passage, number)
    return number
  }

  private reach(dest: number): void {
    if (dest < this.standing.length) return
    let capacity = this.standing.length
    while (capacity <= dest) capacity *= 2
    this.standing = grownUint8(this.standing, capacity)
    this.wanted = grownUint8(this.wanted, capacity)
    this.passage = grownUint16(this.passage, capacity)
  }
}

function isSuspended({ state }: Breaker): boolean {
  return state === 'suspended'
}
