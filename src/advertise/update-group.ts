/**
 * An update group: the peers that are sent the same octets. Batches of changes are encoded once for all of them (`publication.ts`). The Adj-RIB-Out of a member is
 * not stored: it is what the exporter lets through of what the RIB last advertised, without the member's own routes.
 */

import type { Trace } from '../policy/gate/trace.ts'
import { refusal } from '../policy/refusal.ts'
import type { Changes } from '../rib/changes.ts'
import type { Rib } from '../rib/rib.ts'
import type { SetId, Verdict } from '../rib/verdict.ts'
import type { Exporter } from './exporter/exporter.ts'
import { Laggards } from './members/laggards.ts'
import type { Member, WalkEnd } from './members/member.ts'
import { PresentState } from './members/present-state.ts'
import { Roster } from './members/roster.ts'
import { SharedWalk } from './members/shared-walk.ts'
import type { Buckets } from './packing/buckets.ts'
import { UpdateWriter } from './packing/update-writer.ts'
import { Publication } from './publication.ts'
import type { Rendering } from './rendering.ts'
import { AdjRibOutCounts } from './verdicts/adj-rib-out-counts.ts'
import type { ExportAdmission } from './verdicts/export-admission.ts'
import type { ExportPolicy } from './verdicts/export-policy.ts'
import { ExportVerdicts } from './verdicts/export-verdicts.ts'

/** Destinations told per slice of a walk. */
const SLICE = 2048
const TOO_LONG = refusal('attributes-too-long')
const BY_POLICY = refusal('policy')

export class UpdateGroup {
  readonly exporter: Exporter
  readonly members: Roster
  private readonly rib: Rib
  private readonly slice: number
  private readonly verdicts: ExportVerdicts
  private readonly counts: AdjRibOutCounts
  private readonly publication: Publication

  /**
   * `sayEnd` sends a member what ends a walk (End-of-RIB, RFC 4724 §2; End-of-RR, RFC 7313 §4). `slice`: destinations told per step of a walk. `policy`: what routes
   * must pass besides the exporter. `admission`: who has the last word on what is told; null: nobody.
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
    this.verdicts = new ExportVerdicts(rib, exporter, maxMessage, policy, admission)
    this.counts = new AdjRibOutCounts(rib)
    const writer = new UpdateWriter(rib, maxMessage)
    const single = new UpdateWriter(rib, maxMessage)
    const state = new PresentState(rib, this.verdicts, exporter)
    const walking = new SharedWalk(rib, state, writer, sayEnd)
    this.members = new Roster(walking, new Laggards(rib, this.verdicts, state, walking, single, sayEnd))
    this.publication = new Publication(rib, exporter, this.members, this.verdicts, this.counts, state, writer, single)
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
    return this.members.busy || !this.counts.complete
  }

  /** Whether `advance` can do something now, rather than wait for a link to drain. */
  get ready(): boolean {
    return !this.counts.complete || this.members.ready
  }

  /** Whether members wait for nothing but their pace. */
  get paced(): boolean {
    return this.members.laggards.paced
  }

  /** Who has the last word on what the group tells; null: nobody. */
  get admission(): ExportAdmission | null {
    return this.verdicts.admission
  }

  /** Gives `admission` the last word on what the group tells from now on. What has been told stays told. */
  restrain(admission: ExportAdmission): void {
    if (this.verdicts.admission !== admission) this.verdicts.restrain(admission)
  }

  /** Whether the group has told routes that its admission does not know of yet. */
  get handsOver(): boolean {
    return this.verdicts.handsOver
  }

  /** Makes those of up to `limit` destinations known to the admission. Everything must be settled. */
  handOver(limit: number): void {
    this.verdicts.handOver(limit)
  }

  /** Makes those known that a batch changes, before it is published. */
  handOverBefore(changes: Changes): void {
    this.verdicts.handOverBefore(changes)
  }

  /** Ends the group: nobody is in it any more. */
  close(): void {
    this.verdicts.close()
  }

  /** Forgets what is cached for a set id, because it now names another set. */
  forgetSet(set: SetId): void {
    this.verdicts.forget(set)
  }

  /** Whether the group has told its members the route to `dest`, which is advertised with `set`. */
  tells(dest: number, set: SetId): boolean {
    return this.verdicts.ofRoute(dest, set) === 0
  }

  /** Whether the group tells its members the route to `dest`, whose path in `row` is advertised with `set`: decides that now if it has not been decided. */
  settles(dest: number, set: SetId, row: number): boolean {
    return this.verdicts.settled(dest, set, row) === 0
  }

  /** Whether policy has kept the route to `dest`, which is advertised with `set`, from the members. */
  refusesByPolicy(dest: number, set: SetId): boolean {
    return this.verdicts.policy !== null && this.verdicts.ofRoute(dest, set) === BY_POLICY
  }

  /** The refusal by admission of a route that exporter and policy let through; 0: it is told, or one of those refuses it. */
  heldBack(dest: number, set: SetId): Verdict {
    return this.verdicts.heldBack(dest, set)
  }

  /** Why a route is told or not: the refusal by the exporter (0: none), and what policy found; null: it was not asked, or there is no policy. */
  explain(dest: number, set: SetId, row: number): { readonly refused: Verdict; readonly trace: Trace | null } {
    const { exporter, verdicts } = this
    const byType = exporter.typeVerdicts?.[this.rib.destinations.classOf(dest)] ?? 0
    const refused = byType !== 0 ? byType : exporter.judge(set)
    if (refused !== 0) return { refused, trace: null }
    const traced = verdicts.policy?.trace(set, row) ?? null
    const standing = verdicts.ofRoute(dest, set)
    return { refused: standing === TOO_LONG ? standing : 0, trace: traced }
  }

  /** Whether policy decides about each route of the set by itself. */
  asksByRoute(set: SetId): boolean {
    return this.verdicts.byRoute(set)
  }

  /** Writes into `into` what the group sends of a route that it tells. */
  render(set: SetId, row: number, into: Rendering): void {
    const { verdicts, exporter } = this
    const { policy } = verdicts
    if (policy === null || !verdicts.edits(set)) {
      into.fill(this.rib, set, row, [], (of, out, at) => exporter.write(of, out, at))
      return
    }
    const made = policy.shape(set, row)
    policy.forgetDraft()
    const { sets } = this.rib
    sets.hold(made)
    const write = (of: SetId, out: Uint8Array, at: number) =>
      made === set ? exporter.write(of, out, at) : exporter.writeEdited(of, out, at)
    into.fill(this.rib, made, row, policy.vnis, write)
    sets.release(made)
  }

  /** Goes on with counting, with walks and with members that are behind, one slice each. Everything must be settled. */
  advance(): void {
    const { members, counts, verdicts, slice } = this
    if (!counts.complete) counts.advance(verdicts, slice)
    // A walk tells what has been decided route by route, and counting is what decides it.
    if (!verdicts.decides || counts.complete) members.advanceWalk(slice)
    members.laggards.advance(slice)
  }

  /** Writes a batch, arranged in `buckets`, to every member. Hot. */
  publish(changes: Changes, buckets: Buckets): void {
    this.publication.write(changes, buckets)
  }
}
