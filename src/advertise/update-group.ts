/**
 * An update group: the peers that get the same octets. A batch of changes is encoded once and the same buffers go to every member; the source of a
 * route is skipped by not writing its segments to it. The Adj-RIB-Out of a member is not stored: it is what the exporter lets through of what the
 * RIB last advertised, without the member's own routes.
 */
import { Bitmap } from '../bytes/bitmap.ts'
import { MAX_KEY } from '../bytes/byte-key.ts'
import { grownInt32, grownUint8 } from '../bytes/columns.ts'
import { refusal } from '../policy/refusal.ts'
import { NO_SET, reasonOf, type SetId } from '../rib/attribute-sets.ts'
import { Changes } from '../rib/changes.ts'
import { MAX_REASONS } from '../rib/import-counts.ts'
import type { Rib } from '../rib/rib.ts'
import { Buckets } from './buckets.ts'
import type { Exporter } from './exporter.ts'
import { Member, type MemberLink, type WalkEnd } from './member.ts'
import { longestAttributes, UpdateWriter } from './update-writer.ts'

/** A member with more than this many octets pending falls behind. */
export const LAGGARD_OCTETS = 4 * 1024 * 1024
/** A member that is behind gets more only below this many pending octets. */
const RESUME_OCTETS = 256 * 1024
/** A shared walk waits while the fullest of its members has more than this pending. */
const WALK_OCTETS = 2 * 1024 * 1024
/** Destinations told per slice of a walk. */
const SLICE = 4096
const NONE = -1
/** Beyond every destination id. */
const ALL = Number.MAX_SAFE_INTEGER
/**
 * What writing can make of attributes at most: an AS4_PATH beside the AS_PATH (RFC 6793 §4.2.2), and an AS number, ORIGINATOR_ID, CLUSTER_LIST and
 * LOCAL_PREF with their headers. Only a bound, below which nothing has to be tried.
 */
const MOST_GROWTH = 2
const MOST_ADDED = 64
/** Cached verdicts: not asked yet, may be sent; above, `REFUSED` plus the number of the reason. */
const UNKNOWN = 0
const YES = 1
const REFUSED = 2

export class UpdateGroup {
  readonly exporter: Exporter
  readonly members: Member[] = []
  /** Routes held back, by the number of the reason (see `policy/refusal.ts`). */
  private readonly withheld = new Int32Array(MAX_REASONS)
  private readonly rib: Rib
  private readonly slice: number
  private readonly maxAttributes: number
  private readonly writer: UpdateWriter
  /** For octets that go to one member alone. */
  private readonly single: UpdateWriter
  private readonly sayEnd: (member: Member, end: WalkEnd) => void
  private verdicts = new Uint8Array(1024)
  /** Where attributes are written that may be too long; made when first needed. */
  private trial: Uint8Array | null = null
  /** Members that are behind as a batch is published. */
  private behind: readonly Member[] = []
  private readonly byPeer: (Member | undefined)[] = []
  private readonly batch = new Changes()
  private readonly buckets = new Buckets()
  private readonly writeAttributes: (set: SetId, out: Uint8Array, at: number) => number
  /** Next destination of the walk that all walking members share; -1: nobody walks. */
  private position = NONE
  /** Destinations below this id are counted in `announced`: a group that comes late counts what is there in slices. */
  private countedTo = 0
  private announcedTotal = 0
  private announcedBy = new Int32Array(64)
  private withdrawHead = new Int32Array(64).fill(NONE)
  private withdrawNext = new Int32Array(1024)
  private withdrawPeers: number[] = []
  /** Destinations that the new source of the best path must be told to forget. */
  private readonly targeted = new Map<Member, number[]>()

  /**
   * `sayEnd` sends what ends a walk (End-of-RIB, RFC 4724 §2; End-of-RR, RFC 7313 §4) to a member. `slice`: destinations told per step of a walk.
   */
  constructor(rib: Rib, exporter: Exporter, maxMessage: number, sayEnd: (member: Member, end: WalkEnd) => void, slice = SLICE) {
    this.rib = rib
    this.slice = slice
    this.exporter = exporter
    this.maxAttributes = longestAttributes(maxMessage)
    this.writer = new UpdateWriter(rib, maxMessage)
    this.single = new UpdateWriter(rib, maxMessage)
    this.sayEnd = sayEnd
    this.writeAttributes = (set, out, at) => exporter.write(set, out, at)
  }

  /** Routes in the Adj-RIB-Out of a member. */
  sentTo(peer: number): number {
    return this.announcedTotal - (this.announcedBy[peer] ?? 0)
  }

  /** Routes that the members are not sent, by the number of the reason. */
  withheldFor(reason: number): number {
    return this.withheld[reason] ?? 0
  }

  /** Whether members walk or are behind, or routes are still to be counted: then `advance` has work. */
  get busy(): boolean {
    return this.position !== NONE || this.countedTo !== ALL || this.members.some((member) => member.missed !== null)
  }

  /** Forgets what is cached for a set id: it names a new set. */
  forgetSet(set: SetId): void {
    if (set < this.verdicts.length) this.verdicts[set] = UNKNOWN
  }

  /** A peer joins and gets the whole table, then `end`. */
  join(peer: number, link: MemberLink, end: WalkEnd): Member {
    const member = new Member(peer, link)
    this.members.push(member)
    this.byPeer[peer] = member
    this.walk(member, end)
    return member
  }

  leave(member: Member): void {
    this.members.splice(this.members.indexOf(member), 1)
    this.byPeer[member.peer] = undefined
    member.walks = []
    this.catchUpDone(member)
    if (!this.members.some((other) => other.walks.length > 0)) this.position = NONE
  }

  /** Tells a member the whole table (again), then `end`. */
  walk(member: Member, end: WalkEnd): void {
    if (member.missed !== null) {
      this.markAll(member.missed)
      if (!member.owed.includes(end)) member.owed.push(end)
      return
    }
    if (this.position === NONE) this.position = 0
    // Asked twice before a step was made: one walk answers both.
    if (member.walks.some((other) => other.start === this.position && other.end === end)) return
    member.walks.push({ start: this.position, wrapped: this.position === 0, end })
  }

  /** Writes a batch, arranged in `buckets`, to every member. Hot. */
  publish(changes: Changes, buckets: Buckets): void {
    const { rib, writer } = this
    const { peer } = rib.sets
    const types = this.exporter.typeVerdicts
    this.withdrawPeers.length = 0
    this.behind = this.members.filter((member) => member.missed !== null)
    if (changes.count > this.withdrawNext.length) this.withdrawNext = grownInt32(this.withdrawNext, changes.dest.length)
    for (let i = 0; i < buckets.count; ) {
      const set = changes.after[buckets.order[i]!]!
      const source = peer[set]!
      const allowed = this.allows(set)
      const sourceMember = this.byPeer[source]
      if (allowed) writer.openAnnouncements(source, set, this.writeAttributes)
      for (; i < buckets.count; i++) {
        const at = buckets.order[i]!
        if (changes.after[at] !== set) break
        const dest = changes.dest[at]!
        const before = changes.before[at]!
        const typeVerdict = types === null ? 0 : types[rib.classOf(dest)]!
        const typeOk = typeVerdict === 0
        const was = typeOk && before !== NO_SET && this.allows(before)
        const counts = dest < this.countedTo
        if (counts && before !== NO_SET && !was) this.withhold(before, typeVerdict, -1)
        if (counts && !(allowed && typeOk)) this.withhold(set, typeVerdict, 1)
        if (was || (allowed && typeOk)) this.miss(dest)
        if (allowed && typeOk) {
          writer.announce(changes.row[at]!)
          if (counts) this.count(source, 1)
          if (was) {
            if (counts) this.count(peer[before]!, -1)
            if (sourceMember !== undefined && peer[before] !== source) this.target(sourceMember, dest)
          }
        } else if (was) {
          if (counts) this.count(peer[before]!, -1)
          this.queueWithdrawal(peer[before]!, at)
        }
      }
      if (allowed) writer.close()
    }
    for (let i = 0; i < buckets.goneCount; i++) {
      const at = buckets.gone[i]!
      const before = changes.before[at]!
      const dest = changes.dest[at]!
      if (before === NO_SET) continue
      const typeVerdict = types === null ? 0 : types[rib.classOf(dest)]!
      if (typeVerdict !== 0 || !this.allows(before)) {
        if (dest < this.countedTo) this.withhold(before, typeVerdict, -1)
        continue
      }
      this.miss(dest)
      if (dest < this.countedTo) this.count(peer[before]!, -1)
      this.queueWithdrawal(peer[before]!, at)
    }
    for (const source of this.withdrawPeers) {
      writer.openWithdrawals(source)
      for (let at = this.withdrawHead[source]!; at !== NONE; at = this.withdrawNext[at]!) writer.withdraw(changes.dest[at]!)
      writer.close()
      this.withdrawHead[source] = NONE
    }
    this.deliver()
  }

  /** Goes on with walks and with members that are behind, one slice. Everything must be settled. */
  advance(): void {
    if (this.countedTo !== ALL) this.countSlice()
    if (this.walkReady) this.walkSlice()
    for (const member of this.members) if (member.missed !== null && member.link.pending < RESUME_OCTETS) this.catchUp(member)
  }

  /** Whether `advance` can do something now, rather than wait for a link to drain. */
  get ready(): boolean {
    return (
      this.countedTo !== ALL ||
      this.walkReady ||
      this.members.some((member) => member.missed !== null && member.link.pending < RESUME_OCTETS)
    )
  }

  /** Whether the shared walk may go on: all its members have room, or some have nothing pending at all and shall not wait for the others. */
  private get walkReady(): boolean {
    if (this.position === NONE) return false
    let full = false
    let empty = false
    for (const member of this.members) {
      if (member.walks.length === 0) continue
      if (member.link.pending > WALK_OCTETS) full = true
      else if (member.link.pending === 0) empty = true
    }
    return empty || !full
  }

  private deliver(): void {
    for (const piece of this.writer.take()) {
      for (const member of this.members) if (member.missed === null) member.send(piece)
    }
    for (const [member, dests] of this.targeted) {
      if (member.missed !== null) continue
      this.single.openWithdrawals(NONE)
      for (const dest of dests) this.single.withdraw(dest)
      this.single.close()
      for (const piece of this.single.take()) member.send(piece)
    }
    this.targeted.clear()
    for (const member of this.members) if (member.missed === null && member.link.pending > LAGGARD_OCTETS) this.fallBehind(member)
  }

  private walkSlice(): void {
    const { rib, batch, buckets } = this
    const next = rib.snapshot(batch, this.position, this.slice)
    buckets.arrange(batch)
    const types = this.exporter.typeVerdicts
    const { peer } = rib.sets
    for (let i = 0; i < buckets.count; ) {
      const set = batch.after[buckets.order[i]!]!
      const allowed = this.allows(set)
      if (allowed) this.writer.openAnnouncements(peer[set]!, set, this.writeAttributes)
      for (; i < buckets.count && batch.after[buckets.order[i]!] === set; i++) {
        const at = buckets.order[i]!
        if (!allowed || (types !== null && types[rib.classOf(batch.dest[at]!)] !== 0)) continue
        this.writer.announce(batch.row[at]!)
      }
      if (allowed) this.writer.close()
    }
    batch.clear()
    const pieces = this.writer.take()
    let walking = false
    for (const member of this.members) {
      if (member.walks.length === 0) continue
      for (const piece of pieces) member.send(piece)
      this.finishWalks(member, next)
      if (member.walks.length > 0 && member.link.pending > LAGGARD_OCTETS) this.fallBehind(member)
      if (member.walks.length > 0) walking = true
    }
    this.position = walking ? (next === NONE ? 0 : next) : NONE
  }

  private countSlice(): void {
    const { rib } = this
    const types = this.exporter.typeVerdicts
    const to = Math.min(this.countedTo + this.slice, rib.destCapacity)
    for (let dest = this.countedTo; dest < to; dest++) {
      const set = rib.isLive(dest) ? rib.destAdvertised[dest]! : NO_SET
      if (set === NO_SET) continue
      const typeVerdict = types === null ? 0 : types[rib.classOf(dest)]!
      if (typeVerdict === 0 && this.allows(set)) this.count(rib.sets.peer[set]!, 1)
      else this.withhold(set, typeVerdict, 1)
    }
    this.countedTo = to === rib.destCapacity ? ALL : to
  }

  /** Ends the walks of a member that are complete when the slice before `next` has been told. */
  private finishWalks(member: Member, next: number): void {
    const left = []
    for (const walk of member.walks) {
      if (walk.wrapped && (next === NONE || (walk.start > 0 && next >= walk.start))) this.sayEnd(member, walk.end)
      else {
        if (next === NONE) walk.wrapped = true
        left.push(walk)
      }
    }
    member.walks = left
  }

  private fallBehind(member: Member): void {
    member.missed = new Bitmap()
    member.lapses++
    this.rib.keepGhosts++
    if (member.walks.length === 0) return
    this.markAll(member.missed)
    member.owed.push(...new Set(member.walks.map((walk) => walk.end)))
    member.walks = []
  }

  /** Those who are behind must hear of a destination later. Only what they may hear of: a withdrawal would tell, too, that it exists. */
  private miss(dest: number): void {
    for (const { missed } of this.behind) missed?.add(dest)
  }

  /** Tells a member that was behind the present state of some of what it missed. */
  private catchUp(member: Member): void {
    const { rib, batch, buckets, single } = this
    const missed = member.missed
    if (missed === null) return
    const { peer } = rib.sets
    const types = this.exporter.typeVerdicts
    const withdrawn: number[] = []
    for (let i = 0; i < this.slice; i++) {
      const dest: number = missed.takeLowest()
      if (dest === NONE) break
      const set = rib.destAdvertised[dest]!
      const typeOk = types === null || types[rib.classOf(dest)] === 0
      if (rib.isLive(dest) && set !== NO_SET && typeOk && this.allows(set) && peer[set] !== member.peer) {
        batch.add(dest, NO_SET, set, rib.destBest[dest]!)
      } else if (typeOk) withdrawn.push(dest)
    }
    buckets.arrange(batch)
    for (let i = 0; i < buckets.count; ) {
      const set = batch.after[buckets.order[i]!]!
      single.openAnnouncements(NONE, set, this.writeAttributes)
      for (; i < buckets.count && batch.after[buckets.order[i]!] === set; i++) single.announce(batch.row[buckets.order[i]!]!)
      single.close()
    }
    batch.clear()
    single.openWithdrawals(NONE)
    for (const dest of withdrawn) single.withdraw(dest)
    single.close()
    for (const piece of single.take()) member.send(piece)
    if (missed.size > 0) return
    this.catchUpDone(member)
    for (const end of member.owed) this.sayEnd(member, end)
    member.owed = []
  }

  private markAll(missed: Bitmap): void {
    const { rib } = this
    for (let dest = 0; dest < rib.destCapacity; dest++) {
      const set = rib.isLive(dest) ? rib.destAdvertised[dest]! : NO_SET
      if (set !== NO_SET && this.allows(set)) missed.add(dest)
    }
  }

  private catchUpDone(member: Member): void {
    if (member.missed === null) return
    member.missed = null
    if (--this.rib.keepGhosts === 0) this.rib.dropGhosts()
  }

  private allows(set: SetId): boolean {
    return this.verdictOf(set) === YES
  }

  private verdictOf(set: SetId): number {
    if (set >= this.verdicts.length) {
      let capacity = this.verdicts.length
      while (capacity <= set) capacity *= 2
      this.verdicts = grownUint8(this.verdicts, capacity)
    }
    const known = this.verdicts[set]!
    if (known !== UNKNOWN) return known
    let verdict = this.exporter.judge(set)
    if (verdict === 0 && this.outgrows(set)) verdict = refusal('attributes-too-long')
    const code = verdict === 0 ? YES : REFUSED + reasonOf(verdict)
    this.verdicts[set] = code
    return code
  }

  /** Counts a route that is held back, or is not any more: for its type, or else for its set. */
  private withhold(set: SetId, typeVerdict: number, by: number): void {
    const reason = typeVerdict !== 0 ? reasonOf(typeVerdict) : this.verdictOf(set) - REFUSED
    this.withheld[reason]! += by
  }

  /** Whether the attributes of a set, as they are to be written, leave no room for a route. */
  private outgrows(set: SetId): boolean {
    const { sets } = this.rib
    if (MOST_GROWTH * (sets.attributesEnd(set) - sets.attributesAt(set)) + MOST_ADDED <= this.maxAttributes) return false
    this.trial ??= new Uint8Array(MOST_GROWTH * MAX_KEY + MOST_ADDED)
    return this.exporter.write(set, this.trial, 0) > this.maxAttributes
  }

  private count(source: number, by: number): void {
    this.announcedTotal += by
    if (source >= this.announcedBy.length) {
      let capacity = this.announcedBy.length
      while (capacity <= source) capacity *= 2
      this.announcedBy = grownInt32(this.announcedBy, capacity)
    }
    this.announcedBy[source]! += by
  }

  private queueWithdrawal(source: number, at: number): void {
    if (source >= this.withdrawHead.length) {
      const from = this.withdrawHead.length
      let capacity = from
      while (capacity <= source) capacity *= 2
      this.withdrawHead = grownInt32(this.withdrawHead, capacity)
      this.withdrawHead.fill(NONE, from)
    }
    if (this.withdrawHead[source] === NONE) this.withdrawPeers.push(source)
    this.withdrawNext[at] = this.withdrawHead[source]!
    this.withdrawHead[source] = at
  }

  private target(member: Member, dest: number): void {
    const list = this.targeted.get(member)
    if (list === undefined) this.targeted.set(member, [dest])
    else list.push(dest)
  }
}
