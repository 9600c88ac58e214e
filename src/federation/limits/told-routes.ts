/**
 * What one other domain is told, and what it is not because that would be too much: the last word behind agreement and policy, the same for all groups its sessions are in.
 * Limits are on all its routes, on those of a VN and on those of a type, and what becomes of more is said by each (`limits.ts`). A route is told once, however many
 * sessions hear of it. What is told already when there are other limits, or the first, is counted in slices (`count`): until all of it is, what would be
 * told anew of what is limited in routes waits. Pure: the time is handed in.
 */

import { type ExportAdmission, LATER } from '../../advertise/verdicts/export-admission.ts'
import { Bitmap } from '../../bytes/bitmap.ts'
import type { Changes } from '../../rib/changes.ts'
import type { Rib } from '../../rib/rib.ts'
import { NO_SET, type SetId, type Verdict } from '../../rib/verdict.ts'
import type { FederatedDomain } from '../settings.ts'
import type { Breaker } from './breaker.ts'
import { Breakers, limitsOnTold } from './breakers.ts'
import { Leavers } from './leavers.ts'
import type { Excess } from './limits.ts'
import { isSuspended, Objections } from './objections.ts'
import { Passages, UNNUMBERED } from './passages.ts'
import { HELD, NOBODY, SHED, Standings, SUSPENDED, TOLD, VERDICTS } from './standings.ts'
import { Sweep } from './sweep.ts'
import type { ToldVns } from './told-vns.ts'
import { WaitingRoutes } from './waiting-routes.ts'

/** Destinations looked at in one go when a breaker suspends or is well again. */
const SWEEP = 65_536
const NONE = -1

export class ToldRoutes implements ExportAdmission {
  readonly breakers: Breakers
  /** Called when a breaker opens or closes. */
  onChange: (breaker: Breaker) => void = () => {}
  private readonly rib: Rib
  private readonly vns: ToldVns
  private readonly now: () => number
  private readonly passages: Passages
  private readonly standings: Standings
  private readonly objections = new Objections((breaker) => this.turned(breaker))
  private readonly waiting = new WaitingRoutes()
  /** About these groups are to ask again, besides those whose turn has come. */
  private again = new Bitmap()
  /** For what is told and must not be any more, and for what was let go and may be told again. */
  private readonly sweep = new Sweep()
  private readonly leavers = new Leavers((dest) => this.drop(dest, false))
  /** Groups that ask; and of these, who have told routes that they have not handed over yet. */
  private groups = 0
  private handing = 0
  /** Decided in this batch: for the next group the same holds. */
  private readonly decided = new Bitmap()
  private asksAgain = false

  /** `now`: ms. */
  constructor(rib: Rib, domain: FederatedDomain, vns: ToldVns, now: () => number) {
    this.rib = rib
    this.vns = vns
    this.now = now
    this.breakers = new Breakers('out', vns.vns)
    this.passages = new Passages(rib, vns, this.breakers)
    this.standings = new Standings(this.passages)
    this.limit(domain)
  }

  /** These limits from now on. What is told stays told, and is counted again; what waits keeps its place where the limit is one of the same kind. */
  limit(domain: FederatedDomain): void {
    const { waiting, breakers } = this
    const before = [...breakers.all].map((breaker) => [breaker, breaker.settings.onExcess] as const)
    const gone = breakers.limit(limitsOnTold(domain), this.now())
    for (const [breaker, onExcess] of before) {
      if (gone.includes(breaker) || breaker.settings.onExcess !== onExcess) waiting.callAll(breaker)
      if (isSuspended(breaker) || breaker.state === 'shedding') this.sweep.start()
      breaker.used = 0
    }
    waiting.retain(new Set(breakers.all))
    this.passages.clear()
    this.standings.begin(this.groups > 0 && !breakers.none)
  }

  get counting(): boolean {
    return this.standings.counting || this.handing > 0 || this.leavers.any
  }

  count(limit: number): void {
    const { standings, passages, rib, again } = this
    const { leavers } = this
    if (!standings.counting && !leavers.any) return
    leavers.advance(limit)
    standings.count(
      limit,
      (dest) => passages.numberOf(dest, rib.destinations.advertised[dest]!),
      (dest, how) => {
        if (how === SHED) again.add(dest)
      },
    )
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
    this.leavers.add(wanted)
  }

  before(changes: Changes): void {
    this.leavers.before(changes)
  }

  begin(again: boolean): void {
    this.asksAgain = again
    while (this.decided.size > 0) this.decided.takeLowest()
  }

  end(): void {
    this.begin(false)
  }

  want(dest: number, set: SetId, grows: boolean, tells: boolean): Verdict {
    const { standings, waiting } = this
    if (grows) standings.want(dest)
    const standing = standings.of(dest)
    const several = this.groups > 1
    if (several && standing !== NOBODY && this.decided.has(dest))
      return standing === TOLD && this.isLater(dest) ? LATER : VERDICTS[standing]!
    const number = this.passages.numberOf(dest, set)
    const before = standings.passageOf(dest)
    // One more group hears what the others have heard: that is no change.
    const joins = grows || (standing === TOLD && !tells)
    if (joins && standing !== NOBODY && number === before) return VERDICTS[standing]!
    if (several) this.decided.add(dest)
    if (standing === TOLD) return this.change(dest, before, number)
    const stays = standing !== NOBODY && standing !== SHED && !this.asksAgain && (number === before || before === UNNUMBERED)
    if (stays) {
      if (number !== before) standings.put(dest, standing, number)
      // Nobody hears of it, but it has not become quiet.
      if (standing === SUSPENDED) this.passages.spend(number, this.now())
      return VERDICTS[standing]!
    }
    if (standing !== NOBODY) waiting.release(dest)
    return this.grow(dest, number)
  }

  unwant(dest: number): void {
    this.drop(dest, true)
  }

  take(dest: number, set: SetId): void {
    const { standings } = this
    standings.want(dest)
    const standing = standings.of(dest)
    if (standing === TOLD) return
    if (standing !== NOBODY) {
      this.waiting.release(dest)
      this.again.add(dest)
    }
    standings.put(dest, TOLD, this.passages.numberOf(dest, set))
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
      const set = this.standings.isWanted(dest) && rib.destinations.isLive(dest) ? rib.destinations.advertised[dest]! : NO_SET
      if (set !== NO_SET) batch.add(dest, set, set, rib.destinations.best[dest]!)
    }
  }

  /** Whether there is something to do in time. */
  get busy(): boolean {
    if (this.sweep.pending || this.counting || this.due) return true
    for (const { state, held } of this.breakers.all) if (state !== 'well' || held > 0) return true
    return false
  }

  /** Looks for what may be told now of what waited, for what must not be told any more, and which breakers are well again. */
  tick(now: number): void {
    if (this.counting) return
    const { waiting, standings } = this
    this.sweep.advance(SWEEP, standings.capacity, (dest) => this.look(dest))
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
      if (was === 'shedding') this.sweep.start()
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
    const { standings, waiting, objections } = this
    if (before !== number) {
      if (before !== UNNUMBERED) waiting.release(dest)
      standings.put(dest, TOLD, number)
    }
    const what = objections.of(this.passages.at(number), false, this.asksAgain, this.now())
    if (what === 'hold') {
      if (objections.objector !== null) waiting.hold(dest, waiting.of(objections.objector, true))
      return LATER
    }
    this.passages.spend(number, this.now())
    waiting.release(dest)
    if (what !== null) return this.refuse(dest, what, number, objections.objector)
    this.again.remove(dest)
    return 0
  }

  /** A route that is not told would be. */
  private grow(dest: number, number: number): Verdict {
    const { passages, objections } = this
    const uncounted = this.counting && !passages.suspended(number) ? passages.counting(number) : null
    if (uncounted !== null) return this.refuse(dest, 'hold', number, uncounted)
    const what = objections.of(passages.at(number), true, this.asksAgain, this.now())
    if (what !== null) return this.refuse(dest, what, number, objections.objector)
    passages.spend(number, this.now())
    this.standings.put(dest, TOLD, number)
    return 0
  }

  private refuse(dest: number, what: Excess, number: number, objector: Breaker | null): Verdict {
    const { waiting } = this
    const how = what === 'hold' ? HELD : what === 'suspend' ? SUSPENDED : SHED
    if (objector !== null) {
      if (how !== SHED) waiting.hold(dest, waiting.of(objector, false))
      else if (!this.asksAgain) objector.shed++
    }
    this.standings.put(dest, how, number)
    return VERDICTS[how]!
  }

  /** A breaker does something else about excess from now on. */
  private turned(breaker: Breaker): void {
    if (isSuspended(breaker)) this.sweep.start()
    this.onChange(breaker)
  }

  /** A group would tell it no more. `spends`: that is a change that the domain is told. */
  private drop(dest: number, spends: boolean): void {
    const { standings, passages } = this
    if (standings.unwant(dest)) return
    const number = standings.passageOf(dest)
    if (spends && standings.of(dest) === TOLD) passages.spend(number, this.now())
    this.waiting.release(dest)
    standings.put(dest, NOBODY, number)
  }

  /** Nobody is told anything any more. */
  private forget(): void {
    this.standings.forget()
    this.passages.forgetKept()
    this.waiting.clear()
    this.again = new Bitmap()
    this.sweep.stop()
    this.leavers.forget()
    for (const breaker of this.breakers.all) breaker.used = 0
  }

  /** When all is counted, what has waited for that is asked about: its limits may have had nothing to object. */
  private counted(): void {
    if (this.counting) return
    for (const breaker of this.breakers.all) {
      if (breaker.state === 'well' || (breaker.settings.onExcess !== 'hold' && !isSuspended(breaker))) this.waiting.callAll(breaker)
    }
    this.objections.judge(this.breakers.all, this.now())
  }

  private isLater(dest: number): boolean {
    return this.waiting.listOf(dest)?.anew === true
  }

  /** A sweep comes by. */
  private look(dest: number): boolean {
    const how = this.standings.of(dest)
    if (how === SHED || (how === TOLD && this.passages.suspended(this.standings.passageOf(dest)))) this.again.add(dest)
    return true
  }
}
