/**
 * How a batch of changes reaches the members of an update group: each route is judged, counted and written once, and the same buffers go to every live member.
 * The source of a route is skipped by not writing its segments to it.
 */

import type { Changes } from '../rib/changes.ts'
import type { Rib } from '../rib/rib.ts'
import { NO_SET, type SetId } from '../rib/verdict.ts'
import type { Exporter } from './exporter/exporter.ts'
import type { Member } from './members/member.ts'
import type { PresentState } from './members/present-state.ts'
import type { Roster } from './members/roster.ts'
import type { Buckets } from './packing/buckets.ts'
import { EditedRoutes } from './packing/edited-routes.ts'
import type { UpdateWriter } from './packing/update-writer.ts'
import { Withdrawals } from './packing/withdrawals.ts'
import type { AdjRibOutCounts } from './verdicts/adj-rib-out-counts.ts'
import { LATER } from './verdicts/export-admission.ts'
import type { ExportPolicy } from './verdicts/export-policy.ts'
import type { ExportVerdicts } from './verdicts/export-verdicts.ts'

const NONE = -1

export class Publication {
  private readonly rib: Rib
  private readonly members: Roster
  private readonly verdicts: ExportVerdicts
  private readonly counts: AdjRibOutCounts
  private readonly state: PresentState
  private readonly writer: UpdateWriter
  /** For octets that go to one member alone. */
  private readonly single: UpdateWriter
  private readonly edited: EditedRoutes
  private readonly withdrawals = new Withdrawals()
  private readonly writeAttributes: (set: SetId, out: Uint8Array, at: number) => number
  /** Routes of the batch that the members are told. */
  private told = 0
  /** Destinations that the new source of the best path must be told to forget. */
  private readonly targeted = new Map<Member, number[]>()

  constructor(
    rib: Rib,
    exporter: Exporter,
    members: Roster,
    verdicts: ExportVerdicts,
    counts: AdjRibOutCounts,
    state: PresentState,
    writer: UpdateWriter,
    single: UpdateWriter,
  ) {
    this.rib = rib
    this.members = members
    this.verdicts = verdicts
    this.counts = counts
    this.state = state
    this.writer = writer
    this.single = single
    this.edited = new EditedRoutes(rib.sets, exporter)
    this.writeAttributes = (set, out, at) => exporter.write(set, out, at)
  }

  /** Writes a batch, arranged in `buckets`, to every member. Hot. */
  write(changes: Changes, buckets: Buckets): void {
    const { members } = this
    members.keepPace(changes.count)
    this.told = 0
    // Withdrawn routes first: where routes are limited, they make room for new ones.
    this.writeGone(changes, buckets)
    this.writeChanged(changes, buckets)
    this.edited.flush(this.writer, true)
    this.withdrawals.write(this.writer)
    for (const piece of this.writer.take()) {
      for (const member of members.all) if (member.missed === null) member.send(piece)
    }
    for (const { missed, link } of members.all) if (missed === null) link.pace?.take(this.told)
    for (const [member, dests] of this.targeted) {
      if (member.missed === null) for (const piece of this.state.withdraw(this.single, dests)) member.send(piece)
    }
    this.targeted.clear()
    members.dropBehind()
  }

  /** Destinations that have a best path. Hot. */
  private writeChanged(changes: Changes, buckets: Buckets): void {
    const { members, verdicts, counts, writer, withdrawals } = this
    const { laggards, walking, departures } = members
    const { policy } = verdicts
    // Policy may make sets, and then columns grow: `sets.peer` is read anew each time.
    const { sets } = this.rib
    const lag = laggards.any
    const walks = walking.busy
    const leaving = departures.length > 0
    const restrained = verdicts.admission !== null
    for (let i = 0; i < buckets.count; ) {
      const set = changes.after[buckets.order[i]!]!
      const source = sets.peer[set]!
      const allowed = verdicts.allowSet(set)
      const sourceMember = members.of(source)
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
        // A route that is to be told anew later counts as told.
        const verdict = decided === LATER ? 0 : decided
        counted++
        const was = before !== NO_SET && verdictBefore === 0
        if (before !== NO_SET) counts.count(dest, before, verdictBefore, -1)
        counts.count(dest, set, verdict, 1)
        if (decided === LATER) {
          if (leaving) for (const move of departures) move.changed(dest, sets.peer[before]!)
          continue
        }
        if (lag && (was || verdict === 0)) laggards.miss(dest, verdict === 0)
        if (leaving) for (const move of departures) move.changed(dest, was ? sets.peer[before]! : NONE)
        if (verdict === 0 || was) this.told++
        if (verdict === 0) {
          if (walks) walking.note(dest)
          if (edits) this.announceEdited(policy, byRoute, dest, set, changes.row[at]!)
          else writer.announce(changes.row[at]!)
          if (was && sourceMember !== undefined && sets.peer[before] !== source) this.target(sourceMember, dest)
        } else if (was) withdrawals.add(sets.peer[before]!, dest)
      }
      if (allowed) writer.close()
      policy?.forgetDraft()
      policy?.count(set, counted)
    }
  }

  /** Announces a route that policy may have changed. `decided`: policy has just decided about this very route, and its draft still holds the outcome. */
  private announceEdited(policy: ExportPolicy, decided: boolean, dest: number, set: SetId, row: number): void {
    const made = decided ? policy.shaped(set) : policy.shape(set, row)
    if (made === set && policy.vnis.length === 0) this.writer.announce(row)
    else this.edited.add(dest, row, set, made, policy.vnis)
  }

  /** Destinations that have lost their last path. Hot. */
  private writeGone(changes: Changes, buckets: Buckets): void {
    const { members, verdicts, counts, withdrawals } = this
    // Read anew each time, as in `writeChanged`.
    const { sets } = this.rib
    for (let i = 0; i < buckets.goneCount; i++) {
      const at = buckets.gone[i]!
      const before = changes.before[at]!
      const dest = changes.dest[at]!
      if (before === NO_SET) continue
      const verdict = verdicts.ofRoute(dest, before)
      verdicts.gone(dest)
      counts.count(dest, before, verdict, -1)
      for (const move of members.departures) move.changed(dest, verdict === 0 ? sets.peer[before]! : NONE)
      if (verdict !== 0) continue
      this.told++
      members.laggards.miss(dest, false)
      withdrawals.add(sets.peer[before]!, dest)
    }
  }

  /** The new source of a best path must be told to forget the former one. */
  private target(member: Member, dest: number): void {
    const list = this.targeted.get(member)
    if (list === undefined) this.targeted.set(member, [dest])
    else list.push(dest)
  }
}
