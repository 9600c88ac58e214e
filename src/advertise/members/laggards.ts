/**
 * The members of an update group that are behind: their links are full, or more has changed than their pace allows. Such a member gets nothing; the destinations it
 * misses are marked, and when its link has drained, or its pace allows, it is told their state of that moment.
 */
import { Bitmap } from '../../bytes/bitmap.ts'
import type { Rib } from '../../rib/rib.ts'
import { NO_SET } from '../../rib/verdict.ts'
import type { UpdateWriter } from '../packing/update-writer.ts'
import type { ExportVerdicts } from '../verdicts/export-verdicts.ts'
import type { Member, WalkEnd } from './member.ts'
import type { PresentState } from './present-state.ts'
import type { SharedWalk } from './shared-walk.ts'

/** A member with more than this many octets pending falls behind. */
export const LAGGARD_OCTETS = 4 * 1024 * 1024
/** A member that is behind gets more only below this many pending octets. */
const RESUME_OCTETS = 256 * 1024
/** Destinations that a member is told at least at a time, however many others are behind. */
const LEAST_SLICE = 256
const NONE = -1

export class Laggards {
  private readonly rib: Rib
  private readonly verdicts: ExportVerdicts
  private readonly state: PresentState
  private readonly walking: SharedWalk
  private readonly writer: UpdateWriter
  private readonly sayEnd: (member: Member, end: WalkEnd) => void
  private readonly members: Member[] = []

  constructor(
    rib: Rib,
    verdicts: ExportVerdicts,
    state: PresentState,
    walking: SharedWalk,
    writer: UpdateWriter,
    sayEnd: (member: Member, end: WalkEnd) => void,
  ) {
    this.rib = rib
    this.verdicts = verdicts
    this.state = state
    this.walking = walking
    this.writer = writer
    this.sayEnd = sayEnd
  }

  get any(): boolean {
    return this.members.length > 0
  }

  /** Whether one of them can be told something now. */
  get ready(): boolean {
    return this.members.some((member) => hasRoom(member) && mayBeTold(member) > 0)
  }

  /** Whether one of them waits for its pace alone. */
  get paced(): boolean {
    return this.members.some((member) => hasRoom(member) && mayBeTold(member) === 0)
  }

  /** Puts a member behind if its link is full; returns whether it was. */
  takeIfFull(member: Member): boolean {
    if (member.missed !== null || member.link.pending <= LAGGARD_OCTETS) return false
    member.lapses++
    this.fallBehind(member)
    return true
  }

  /** Gives up a member that another group is to tell the rest; it is behind from now on. */
  surrender(member: Member): void {
    if (member.missed === null) this.fallBehind(member)
    this.members.splice(this.members.indexOf(member), 1)
  }

  /** Takes in a member that another group has given up. */
  receive(member: Member): void {
    this.members.push(member)
  }

  /** Puts a member behind: only `advance` tells it anything any more. It must not be behind yet. */
  fallBehind(member: Member): void {
    this.members.push(member)
    const missed = new Bitmap()
    member.missed = missed
    this.rib.destinations.keepGhosts++
    if (member.walks.length === 0) return
    this.markAll(missed)
    member.unheard = this.unheardBy(member)
    member.owed.push(...new Set(member.walks.map((walk) => walk.end)))
    member.walks = []
  }

  /** Tells a member that is behind the whole table, then `end`. */
  walk(member: Member, end: WalkEnd): void {
    if (member.missed === null) return
    this.markAll(member.missed)
    if (!member.owed.includes(end)) member.owed.push(end)
  }

  /**
   * Marks a destination that all of them must be told later. Only for what they may know of: a withdrawal, too, would tell that it exists. `told`: it is announced;
   * else it is withdrawn, which does not concern members from another group: that group knows what they have been told.
   */
  miss(dest: number, told: boolean): void {
    for (const member of this.members) if (told || !member.held) member.missed?.add(dest)
  }

  /** Tells members that have room what they missed, up to `limit` destinations each. Everything must be settled. */
  advance(limit: number): void {
    const ready = this.members.filter((member) => hasRoom(member) && mayBeTold(member) > 0)
    // All of them together do not take longer than one alone.
    const each = Math.max(LEAST_SLICE, Math.ceil(limit / ready.length))
    for (const member of ready) this.catchUp(member, Math.min(each, mayBeTold(member)))
  }

  /** Takes out a member that has caught up, or leaves. */
  drop(member: Member): void {
    if (member.missed === null) return
    member.missed = null
    member.unheard = null
    this.members.splice(this.members.indexOf(member), 1)
    if (--this.rib.destinations.keepGhosts === 0) this.rib.destinations.dropGhosts()
  }

  private catchUp(member: Member, limit: number): void {
    const { rib, verdicts, state, writer } = this
    const missed = member.missed
    if (missed === null) return
    const withdrawn: number[] = []
    const before = missed.size
    for (let i = 0; i < limit; i++) {
      const dest: number = missed.takeLowest()
      if (dest === NONE) break
      const set = rib.destinations.isLive(dest) ? rib.destinations.advertised[dest]! : NO_SET
      if (set !== NO_SET && verdicts.ofRoute(dest, set) === 0 && rib.sets.peer[set] !== member.peer) {
        state.batch.add(dest, NO_SET, set, rib.destinations.best[dest]!)
        member.unheard?.remove(dest)
      } else if (member.unheard?.has(dest) !== true) withdrawn.push(dest)
    }
    for (const piece of state.write(writer, false)) member.send(piece)
    for (const piece of state.withdraw(writer, withdrawn)) member.send(piece)
    member.link.pace?.take(before - missed.size)
    if (missed.size > 0) return
    this.drop(member)
    for (const end of member.owed) this.sayEnd(member, end)
    member.owed = []
  }

  private unheardBy(member: Member): Bitmap | null {
    if (!member.walks.some(({ end }) => end === 'end-of-rib')) return null
    const unheard = new Bitmap()
    for (let dest = 0; dest < this.rib.destinations.capacity; dest++) if (!this.walking.mayHaveHeard(member, dest)) unheard.add(dest)
    return unheard
  }

  private markAll(missed: Bitmap): void {
    const { rib, verdicts } = this
    for (let dest = 0; dest < rib.destinations.capacity; dest++) {
      const set = rib.destinations.isLive(dest) ? rib.destinations.advertised[dest]! : NO_SET
      if (set !== NO_SET && verdicts.settled(dest, set, rib.destinations.best[dest]!) === 0) missed.add(dest)
    }
  }
}

function hasRoom({ held, link }: Member): boolean {
  return !held && link.pending < RESUME_OCTETS
}

/** Routes that a member may be told now. One that has missed nothing after all need not wait to be live. */
function mayBeTold({ link, missed }: Member): number {
  if (link.pace === null || missed?.size === 0) return Number.POSITIVE_INFINITY
  return Math.max(0, Math.floor(link.pace.left))
}
