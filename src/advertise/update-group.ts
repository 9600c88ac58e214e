/**
 * An update group: the peers that get the same octets. A batch of changes is encoded once and the same buffers go to every member; the source of a
 * route is skipped by not writing its segments to it. The Adj-RIB-Out of a member is not stored: it is what the exporter lets through of what the
 * RIB last advertised, without the member's own routes.
 */

import type { Trace } from '../policy/gate/trace.ts'
import { refusal } from '../policy/refusal.ts'
import type { Changes } from '../rib/changes.ts'
import type { Rib } from '../rib/rib.ts'
import { NO_SET, type SetId, type Verdict } from '../rib/verdict.ts'
import type { Exporter } from './exporter/exporter.ts'
import { Laggards } from './members/laggards.ts'
import { Member, type MemberLink, type WalkEnd } from './members/member.ts'
import { PresentState } from './members/present-state.ts'
import { SharedWalk } from './members/shared-walk.ts'
import type { Buckets } from './packing/buckets.ts'
import { EditedRoutes } from './packing/edited-routes.ts'
import { UpdateWriter } from './packing/update-writer.ts'
import { Withdrawals } from './packing/withdrawals.ts'
import type { Rendering } from './rendering.ts'
import { AdjRibOutCounts } from './verdicts/adj-rib-out-counts.ts'
import { type ExportAdmission, LATER } from './verdicts/export-admission.ts'
import type { ExportPolicy } from './verdicts/export-policy.ts'
import { ExportVerdicts } from './verdicts/export-verdicts.ts'

/** Destinations told per slice of a walk. */
const SLICE = 2048
const TOO_LONG = refusal('attributes-too-long')
const BY_POLICY = refusal('policy')
const NONE = -1

/** Members that are leaving for another group (`move.ts`). */
export interface Departure {
  /** A destination changes. `source`: whose route the group had told of it; -1: none. */
  changed(dest: number, source: number): void
}

export class UpdateGroup {
  readonly exporter: Exporter
  readonly members: Member[] = []
  readonly departures: Departure[] = []
  private readonly rib: Rib
  private readonly slice: number
  private readonly verdicts: ExportVerdicts
  private readonly counts: AdjRibOutCounts
  private readonly state: PresentState
  private readonly walking: SharedWalk
  private readonly laggards: Laggards
  private readonly edited: EditedRoutes
  private readonly writer: UpdateWriter
  /** For octets that go to one member alone. */
  private readonly single: UpdateWriter
  private readonly withdrawals = new Withdrawals()
  private readonly byPeer: (Member | undefined)[] = []
  private readonly writeAttributes: (set: SetId, out: Uint8Array, at: number) => number
  /** Routes of a batch that the members are told. */
  private told = 0
  /** Destinations that the new source of the best path must be told to forget. */
  private readonly targeted = new Map<Member, number[]>()

  /**
   * `sayEnd` sends what ends a walk (End-of-RIB, RFC 4724 §2; End-of-RR, RFC 7313 §4) to a member. `slice`: destinations told per step of a walk. `policy`: what routes
   * must pass besides. `admission`: who has the last word; null: nobody.
   */
  constructor(
    rib: Rib,
    exporter: Exporter,
    maxMessage: number,
    sayEnd: (member: Member, end: WalkEnd) => void,
    slice = SLICE,
    policy: ExportPolicy | null = null,
    admission: ExportAdmission | null = null,
  ) {
    this.rib = rib
    this.slice = slice
    this.exporter = exporter
    this.writer = new UpdateWriter(rib, maxMessage)
    this.single = new UpdateWriter(rib, maxMessage)
    this.verdicts = new ExportVerdicts(rib, exporter, maxMessage, policy, admission)
    this.edited = new EditedRoutes(rib.sets, exporter)
    this.counts = new AdjRibOutCounts(rib)
    this.state = new PresentState(rib, this.verdicts, exporter)
    this.walking = new SharedWalk(rib, this.state, this.writer, sayEnd)
    this.laggards = new Laggards(rib, this.verdicts, this.state, this.walking, this.single, sayEnd)
    this.writeAttributes = (set, out, at) => exporter.write(set, out, at)
  }

  /** Routes in the Adj-RIB-Out of a member. */
  sentTo(peer: number): number {
    return this.counts.sentTo(peer)
  }

  /** Routes that the members are not sent, by the number of the reason. */
  withheldFor(reason: number): number {
    return this.counts.withheldFor(reason)
  }

  /** Whether members walk or are behind, or routes are still to be counted: then `advance` has work. */
  get busy(): boolean {
    return this.walking.busy || this.laggards.any || !this.counts.complete
  }

  /** Whether `advance` can do something now, rather than wait for a link to drain. */
  get ready(): boolean {
    return !this.counts.complete || this.walking.ready(this.members) || this.laggards.ready
  }

  /** Whether members wait for nothing but their pace. */
  get paced(): boolean {
    return this.laggards.paced
  }

  /** Who has the last word on what it tells; null: nobody. */
  get admission(): ExportAdmission | null {
    return this.verdicts.admission
  }

  /** From now on this one has the last word. What is told stays told. */
  restrain(admission: ExportAdmission): void {
    if (this.verdicts.admission !== admission) this.verdicts.restrain(admission)
  }

  /** Whether it has told routes of which who has the last word has not been told yet. */
  get handsOver(): boolean {
    return this.verdicts.handsOver
  }

  /** Tells them of up to `limit` destinations. Everything must be settled. */
  handOver(limit: number): void {
    this.verdicts.handOver(limit)
  }

  /** The same of what a batch, which is to be published, changes. */
  handOverBefore(changes: Changes): void {
    this.verdicts.handOverBefore(changes)
  }

  /** Nobody is in it any more. */
  close(): void {
    this.verdicts.close()
  }

  /** Forgets what is cached for a set id: it names a new set. */
  forgetSet(set: SetId): void {
    this.verdicts.forget(set)
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
    this.laggards.drop(member)
    this.walking.left(this.members)
  }

  /** Lets a member go to another group, with what it has still to hear. */
  surrender(member: Member): void {
    this.members.splice(this.members.indexOf(member), 1)
    this.byPeer[member.peer] = undefined
    this.laggards.surrender(member)
    this.walking.left(this.members)
  }

  /** Takes in a member of another group. It hears nothing until it is no longer `held`, and then what is marked. */
  receive(member: Member): void {
    member.held = true
    this.members.push(member)
    this.byPeer[member.peer] = member
    this.laggards.receive(member)
  }

  /** Whether the group has told its members the route to `dest`, which is advertised with `set`. */
  tells(dest: number, set: SetId): boolean {
    return this.verdicts.ofRoute(dest, set) === 0
  }

  /** The same of a group that may not have decided yet. */
  settles(dest: number, set: SetId, row: number): boolean {
    return this.verdicts.settled(dest, set, row) === 0
  }

  /** Whether policy has kept the route to `dest`, which is advertised with `set`, from the members. */
  refusesByPolicy(dest: number, set: SetId): boolean {
    return this.verdicts.policy !== null && this.verdicts.ofRoute(dest, set) === BY_POLICY
  }

  /** Why a route is not told that passes all else: the refusal of who has the last word; 0: it is told, or does not pass. */
  heldBack(dest: number, set: SetId): Verdict {
    return this.verdicts.heldBack(dest, set)
  }

  /** Why a route is told or not: the refusal of somebody else than policy (0: none), and what policy found; null: it was not asked, or there is none. */
  explain(dest: number, set: SetId, row: number): { readonly refused: Verdict; readonly trace: Trace | null } {
    const { exporter, verdicts } = this
    const byType = exporter.typeVerdicts?.[this.rib.destinations.classOf(dest)] ?? 0
    const refused = byType !== 0 ? byType : exporter.judge(set)
    if (refused !== 0) return { refused, trace: null }
    const traced = verdicts.policy?.trace(set, row) ?? null
    const standing = verdicts.ofRoute(dest, set)
    return { refused: standing === TOO_LONG ? standing : 0, trace: traced }
  }

  /** Whether it is said for each route of the set apart whether and how it is told. */
  asksByRoute(set: SetId): boolean {
    return this.verdicts.byRoute(set)
  }

  /** What the group writes of a route that it tells. */
  render(set: SetId, row: number, into: Rendering): void {
    const { verdicts, exporter } = this
    const { policy } = verdicts
    if (policy === null || !verdicts.edits(set)) {
      into.fill(this.rib, set, row, [], this.writeAttributes)
      return
    }
    const made = policy.shape(set, row)
    policy.rest()
    const { sets } = this.rib
    sets.hold(made)
    const write = (of: SetId, out: Uint8Array, at: number) =>
      made === set ? exporter.write(of, out, at) : exporter.writeEdited(of, out, at)
    into.fill(this.rib, made, row, policy.vnis, write)
    sets.release(made)
  }

  /** Tells a member the whole table (again), then `end`. */
  walk(member: Member, end: WalkEnd): void {
    // Whoever is told at a pace does not walk in company.
    if (member.missed === null && Number.isFinite(member.link.pace?.left ?? Number.POSITIVE_INFINITY)) this.laggards.fallBehind(member)
    if (member.missed === null) this.walking.join(member, end)
    else this.laggards.walk(member, end)
  }

  /** Goes on with walks and with members that are behind, one slice. Everything must be settled. */
  advance(): void {
    if (!this.counts.complete) this.counts.advance(this.verdicts, this.slice)
    // A walk tells what has been decided, and counting is where that is done.
    if ((!this.verdicts.decides || this.counts.complete) && this.walking.ready(this.members)) {
      this.walking.advance(this.members, this.slice)
      this.dropBehind()
    }
    this.laggards.advance(this.slice)
  }

  /** Writes a batch, arranged in `buckets`, to every member. Hot. */
  publish(changes: Changes, buckets: Buckets): void {
    this.keepPace(changes.count)
    this.told = 0
    // What goes makes room for what comes.
    this.writeGone(changes, buckets)
    this.writeChanged(changes, buckets)
    this.edited.flush(this.writer, true)
    this.withdrawals.write(this.writer)
    for (const piece of this.writer.take()) {
      for (const member of this.members) if (member.missed === null) member.send(piece)
    }
    for (const { missed, link } of this.members) if (missed === null) link.pace?.take(this.told)
    for (const [member, dests] of this.targeted) {
      if (member.missed === null) for (const piece of this.state.withdraw(this.single, dests)) member.send(piece)
    }
    this.targeted.clear()
    this.dropBehind()
  }

  /** Destinations that have a best path. */
  private writeChanged(changes: Changes, buckets: Buckets): void {
    const { verdicts, counts, writer, withdrawals } = this
    const { policy } = verdicts
    // The columns are others when policy has made a set: they are asked for each time.
    const { sets } = this.rib
    const lag = this.laggards.any
    const walks = this.walking.busy
    const leaving = this.departures.length > 0
    const restrained = verdicts.admission !== null
    for (let i = 0; i < buckets.count; ) {
      const set = changes.after[buckets.order[i]!]!
      const source = sets.peer[set]!
      const allowed = verdicts.allowSet(set)
      const sourceMember = this.byPeer[source]
      const edits = policy !== null && verdicts.edits(set)
      const byRoute = edits && verdicts.byRoute(set)
      let counted = 0
      if (allowed) writer.openAnnouncements(source, set, this.writeAttributes)
      for (; i < buckets.count; i++) {
        const at = buckets.order[i]!
        if (changes.after[at] !== set) break
        const dest = changes.dest[at]!
        const before = changes.before[at]!
        const verdictBefore = before === NO_SET ? 0 : verdicts.ofRoute(dest, before)
        const decided = byRoute || restrained ? verdicts.decide(dest, set, changes.row[at]!) : verdicts.ofRoute(dest, set)
        // What is told anew later counts as told.
        const verdict = decided === LATER ? 0 : decided
        counted++
        const was = before !== NO_SET && verdictBefore === 0
        if (before !== NO_SET) counts.count(dest, before, verdictBefore, -1)
        counts.count(dest, set, verdict, 1)
        if (decided === LATER) {
          if (leaving) for (const move of this.departures) move.changed(dest, sets.peer[before]!)
          continue
        }
        if (lag && (was || verdict === 0)) this.laggards.miss(dest, verdict === 0)
        if (leaving) for (const move of this.departures) move.changed(dest, was ? sets.peer[before]! : NONE)
        if (verdict === 0 || was) this.told++
        if (verdict === 0) {
          if (walks) this.walking.note(dest)
          if (edits) this.announceEdited(policy, byRoute, dest, set, changes.row[at]!)
          else writer.announce(changes.row[at]!)
          if (was && sourceMember !== undefined && sets.peer[before] !== source) this.target(sourceMember, dest)
        } else if (was) withdrawals.add(sets.peer[before]!, dest)
      }
      if (allowed) writer.close()
      policy?.rest()
      policy?.count(set, counted)
    }
  }

  /** A route that policy may have changed, after it has been decided. */
  private announceEdited(policy: ExportPolicy, decided: boolean, dest: number, set: SetId, row: number): void {
    const made = decided ? policy.shaped(set) : policy.shape(set, row)
    if (made === set && policy.vnis.length === 0) this.writer.announce(row)
    else this.edited.add(dest, row, set, made, policy.vnis)
  }

  /** Destinations that have none any more. */
  private writeGone(changes: Changes, buckets: Buckets): void {
    const { verdicts, counts, withdrawals } = this
    // As above.
    const { sets } = this.rib
    for (let i = 0; i < buckets.goneCount; i++) {
      const at = buckets.gone[i]!
      const before = changes.before[at]!
      const dest = changes.dest[at]!
      if (before === NO_SET) continue
      const verdict = verdicts.ofRoute(dest, before)
      verdicts.gone(dest)
      counts.count(dest, before, verdict, -1)
      for (const move of this.departures) move.changed(dest, verdict === 0 ? sets.peer[before]! : NONE)
      if (verdict !== 0) continue
      this.told++
      this.laggards.miss(dest, false)
      withdrawals.add(sets.peer[before]!, dest)
    }
  }

  /** Members for whom a batch of so many changes may be too much are told of it at their pace. */
  private keepPace(changes: number): void {
    let any = false
    for (const member of this.members) {
      const { missed, link } = member
      if (link.pace === null || missed !== null || link.pace.left >= changes) continue
      this.laggards.fallBehind(member)
      any = true
    }
    if (any) this.walking.left(this.members)
  }

  /** Members whose links have become full are left behind. */
  private dropBehind(): void {
    let any = false
    for (const member of this.members) if (this.laggards.takeIfFull(member)) any = true
    if (any) this.walking.left(this.members)
  }

  /** The new source of a best path must be told to forget the former one. */
  private target(member: Member, dest: number): void {
    const list = this.targeted.get(member)
    if (list === undefined) this.targeted.set(member, [dest])
    else list.push(dest)
  }
}
