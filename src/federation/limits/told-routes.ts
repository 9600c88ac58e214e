/**
 * What one other domain is told, and what it is not because that would be too much: the last word behind agreement and policy, the same for all groups its sessions are in.
 * Limits are on all its routes, on those of a VN and on those of a type, and what becomes of more is said by each (`limits.ts`). A route is told once, however many
 * sessions hear of it. Columns by destination. What is told already when there are other limits, or the first, is counted in slices (`count`): until all of it is, what would be
 * told anew of what is limited in routes waits. Pure: the time is handed in.
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
import { isSuspended, Passages, UNNUMBERED } from './passages.ts'
import type { ToldVns } from './told-vns.ts'
import { WaitingRoutes } from './waiting-routes.ts'

/** How a route stands that some group would tell: what is not told waits, or is let go until its breaker is well. */
const TOLD = 1
const HELD = 2
const SUSPENDED = 3
const SHED = 4
const VERDICTS: readonly Verdict[] = [0, 0, refusal('held-by-limit'), refusal('suspended-by-limit'), refusal('shed-by-limit')]
const NOBODY = 0
/** Destinations looked at in one go when a breaker suspends or is well again. */
const SWEEP = 65_536
const NONE = -1
/** Beyond every destination id. */
const ALL = Number.MAX_SAFE_INTEGER

export class ToldRoutes implements ExportAdmission {
  readonly breakers: Breakers
  /** Called when a breaker opens or closes. */
  onChange: (breaker: Breaker) => void = () => {}
  private readonly rib: Rib
  private readonly vns: ToldVns
  private readonly now: () => number
  /** Groups that ask. */
  private groups = 0
  /** Of these, who have told routes that they have not handed over yet. */
  private handing = 0
  /** Destinations below are counted. */
  private countedTo = ALL
  /** By destination: how it stands, how many groups would tell it, and the number of its passage. */
  private standing = new Uint8Array(1024)
  private wanted = new Uint8Array(1024)
  private passage = new Uint16Array(1024)
  private readonly passages: Passages
  private readonly waiting = new WaitingRoutes()
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
    this.passages = new Passages(rib, vns, this.breakers)
    this.limit(domain)
  }

  /** These limits from now on. What is told stays told, and is counted again; what waits keeps its place where the limit is one of the same kind. */
  limit(domain: FederatedDomain): void {
    const { waiting, breakers } = this
    const before = [...breakers.all].map((breaker) => [breaker, breaker.settings.onExcess] as const)
    const gone = breakers.limit(limitsOnTold(domain), this.now())
    for (const [breaker, onExcess] of before) {
      if (gone.includes(breaker) || breaker.settings.onExcess !== onExcess) waiting.callAll(breaker)
      if (isSuspended(breaker)) this.sweeping = 0
      breaker.used = 0
    }
    waiting.retain(new Set(breakers.all))
    this.passages.clear()
    this.passage.fill(UNNUMBERED)
    if (this.groups > 0) this.countedTo = 0
  }

  get counting(): boolean {
    return this.countedTo !== ALL || this.handing > 0
  }

  count(limit: number): void {
    const { standing, passages, rib } = this
    if (this.countedTo === ALL) return
    const end = Math.min(this.countedTo + limit, standing.length)
    for (let dest = this.countedTo; dest < end; dest++) {
      const how = standing[dest]!
      if (how === NOBODY) continue
      const number = passages.numberOf(dest, rib.destinations.advertised[dest]!)
      this.passage[dest] = number
      if (how === TOLD) passages.uses(number, 1)
      else passages.keeps(number, how, 1)
      if (how === SHED) this.again.add(dest)
    }
    this.countedTo = end < standing.length ? end : ALL
    this.counted()
  }

  join(handsOver: boolean): void {
    this.groups++
    if (handsOver) this.handing++
  }

  handedOver(): void {
    this.handing--
    this.counted()
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
    const number = this.passages.numberOf(dest, set)
    const before = this.passage[dest]!
    // One more group hears what the others have heard: that is no change.
    const joins = grows || (standing === TOLD && !tells)
    if (joins && standing !== NOBODY && number === before) return VERDICTS[standing]!
    if (several) this.decided.add(dest)
    if (standing === TOLD) return this.change(dest, before, number)
    const stays = standing !== NOBODY && standing !== SHED && !this.asksAgain && (number === before || before === UNNUMBERED)
    if (stays) {
      this.passage[dest] = number
      // Nobody hears of it, but it has not become quiet.
      if (standing === SUSPENDED) this.passages.spend(number, this.now())
      return VERDICTS[standing]!
    }
    if (standing !== NOBODY) {
      this.waiting.release(dest)
      this.tally(dest, -1)
    }
    this.passage[dest] = number
    return this.grow(dest, number)
  }

  unwant(dest: number): void {
    this.drop(dest, true)
  }

  take(dest: number, set: SetId): void {
    this.reach(dest)
    this.wanted[dest]!++
    const standing = this.standing[dest]
    if (standing === TOLD) return
    if (standing !== NOBODY) {
      this.again.add(dest)
      this.waiting.release(dest)
      this.tally(dest, -1)
    }
    this.passage[dest] = this.passages.numberOf(dest, set)
    this.stand(dest, TOLD)
  }

  get due(): boolean {
    return !this.counting && (this.waiting.called > 0 || this.again.size > 0)
  }

  gather(batch: Changes, most: number): void {
    const { rib, again, waiting } = this
    while (batch.count < most) {
      const called = waiting.take()
      const dest = called === NONE ? again.takeLowest() : called
      if (dest === NONE) return
      again.remove(dest)
      const set = this.wanted[dest] !== NOBODY && rib.destinations.isLive(dest) ? rib.destinations.advertised[dest]! : NO_SET
      if (set !== NO_SET) batch.add(dest, set, set, rib.destinations.best[dest]!)
    }
  }

  /** Whether there is something to do in time. */
  get busy(): boolean {
    if (this.sweeping !== NONE || this.counting || this.due) return true
    for (const { state, held } of this.breakers.all) if (state !== 'well' || held > 0) return true
    return false
  }

  /** Looks for what may be told now of what waited, for what must not be told any more, and which breakers are well again. */
  tick(now: number): void {
    if (this.counting) return
    this.sweep()
    const { waiting } = this
    for (const breaker of this.breakers.all) {
      if (breaker.held === 0 || isSuspended(breaker)) continue
      const [later, held] = [waiting.of(breaker, true), waiting.of(breaker, false)]
      const changes = breaker.changesLeft(now)
      waiting.call(later, changes)
      waiting.call(held, Math.min(changes - later.called, breaker.room(now)))
    }
    for (const breaker of this.breakers.all) {
      const was = breaker.state
      if (!breaker.recover(now)) continue
      if (was === 'shedding') this.sweeping = 0
      this.onChange(breaker)
    }
  }

  /** Routes that are not told, by name of the VN and the refusing verdict. */
  heldBack(): ReadonlyMap<string, ReadonlyMap<Verdict, number>> {
    const held = new Map<string, Map<Verdict, number>>()
    for (const [vns, counts] of this.passages.allKept()) {
      for (const vn of vns) {
        const name = this.vns.vns[vn]!.name
        const ofVn = held.get(name) ?? new Map<Verdict, number>()
        held.set(name, ofVn)
        counts.forEach((count, how) => {
          const verdict = VERDICTS[how]!
          if (count > 0) ofVn.set(verdict, (ofVn.get(verdict) ?? 0) + count)
        })
      }
    }
    return held
  }

  close(): void {
    this.vns.close()
  }

  /** A route that is told changes. */
  private change(dest: number, before: number, number: number): Verdict {
    if (before !== number) {
      if (before !== UNNUMBERED) {
        this.waiting.release(dest)
        this.tally(dest, -1)
      }
      this.passage[dest] = number
      this.tally(dest, 1)
    }
    const what = this.ask(number, false)
    if (what === 'hold') {
      if (this.objector !== null) this.waiting.hold(dest, this.waiting.of(this.objector, true))
      return LATER
    }
    this.passages.spend(number, this.now())
    this.waiting.release(dest)
    if (what === null) {
      this.again.remove(dest)
      return 0
    }
    this.tally(dest, -1)
    return this.refuse(dest, what)
  }

  /** A route that is not told would be. */
  private grow(dest: number, number: number): Verdict {
    const uncounted = this.counting && !this.passages.suspended(number) ? this.passages.counting(number) : null
    if (uncounted !== null) {
      this.objector = uncounted
      return this.refuse(dest, 'hold')
    }
    const what = this.ask(number, true)
    if (what !== null) return this.refuse(dest, what)
    this.passages.spend(number, this.now())
    this.stand(dest, TOLD)
    return 0
  }

  private refuse(dest: number, what: Excess): Verdict {
    const standing = what === 'hold' ? HELD : what === 'suspend' ? SUSPENDED : SHED
    const { objector, waiting } = this
    if (objector !== null) {
      if (standing !== SHED) waiting.hold(dest, waiting.of(objector, false))
      else if (!this.asksAgain) objector.shed++
    }
    this.stand(dest, standing)
    return VERDICTS[standing]!
  }

  /** The strictest objection of those on a passage; null: there is none, or only a warning. */
  private ask(number: number, grows: boolean): Excess | null {
    const now = this.now()
    let strictest = 0
    this.objector = null
    for (const breaker of this.passages.at(number)) {
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
    if (spends && this.standing[dest] === TOLD) this.passages.spend(this.passage[dest]!, this.now())
    this.tally(dest, -1)
    this.waiting.release(dest)
    this.standing[dest] = NOBODY
  }

  /** Nobody is told anything any more. */
  private forget(): void {
    this.standing.fill(NOBODY)
    this.wanted.fill(NOBODY)
    this.waiting.clear()
    this.again = new Bitmap()
    this.sweeping = NONE
    this.countedTo = ALL
    this.passages.forgetKept()
    for (const breaker of this.breakers.all) breaker.used = 0
  }

  /** From now on it stands so; it did not count. */
  private stand(dest: number, how: number): void {
    this.standing[dest] = how
    this.tally(dest, 1)
  }

  /** It counts as it stands, or does so no more. What is not counted yet will be as it is then. */
  private tally(dest: number, by: 1 | -1): void {
    if (dest >= this.countedTo) return
    const how = this.standing[dest]!
    const number = this.passage[dest]!
    if (how === TOLD) this.passages.uses(number, by)
    else if (how !== NOBODY) this.passages.keeps(number, how, by)
  }

  /** When all is counted, what has waited for that is asked about: its limits may have had nothing to object. */
  private counted(): void {
    if (this.counting) return
    for (const breaker of this.breakers.all) {
      if (breaker.state === 'well' || (breaker.settings.onExcess !== 'hold' && !isSuspended(breaker))) this.waiting.callAll(breaker)
    }
  }

  private isLater(dest: number): boolean {
    return this.waiting.listOf(dest)?.anew === true
  }

  /** Finds what is told and must not be any more, and what was let go and may be told again, a slice at a time. */
  private sweep(): void {
    if (this.sweeping === NONE) return
    const { standing } = this
    const end = Math.min(this.sweeping + SWEEP, standing.length)
    for (let dest = this.sweeping; dest < end; dest++) {
      const how = standing[dest]
      if (how === NOBODY) continue
      if (how === SHED || (how === TOLD && this.passages.suspended(this.passage[dest]!))) this.again.add(dest)
    }
    this.sweeping = end < standing.length ? end : NONE
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
