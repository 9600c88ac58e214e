/**
 * Members on their way from one update group to another, for example because another policy holds for them. They are told only what differs: for each destination
 * what the old group tells is compared with what the new one does, in slices. Meanwhile they are told nothing; what changes is marked, as for members that are
 * behind, and after the last slice they are told the state of that moment.
 */
import { Bitmap } from '../bytes/bitmap.ts'
import { same } from '../bytes/octets.ts'
import type { Rib } from '../rib/rib.ts'
import { NO_SET, type SetId } from '../rib/verdict.ts'
import type { Member } from './members/member.ts'
import type { Departure } from './members/roster.ts'
import { Rendering } from './rendering.ts'
import type { UpdateGroup } from './update-group.ts'

export class Move implements Departure {
  private readonly rib: Rib
  private readonly from: UpdateGroup
  private readonly to: UpdateGroup
  private readonly members: readonly Member[]
  /** Destinations below have been looked at. */
  private position = 0
  /** Destinations that have changed meanwhile: whether the old group had told them was seen at the first change. */
  private readonly touched = new Bitmap()
  private readonly before = new Rendering()
  private readonly after = new Rendering()
  /** By set, within one slice: whether the two groups write it differently. */
  private readonly known = new Map<SetId, boolean>()

  /** `members` are of `from`. */
  constructor(rib: Rib, from: UpdateGroup, to: UpdateGroup, members: readonly Member[]) {
    this.rib = rib
    this.from = from
    this.to = to
    this.members = members
    for (const member of members) {
      from.members.surrender(member)
      to.members.receive(member)
    }
    from.members.departures.push(this)
  }

  changed(dest: number, source: number): void {
    if (this.touched.has(dest)) return
    this.touched.add(dest)
    if (source >= 0) this.mark(dest, source)
  }

  /** Compares up to `limit` more destinations. Everything must be settled. Returns whether those were all: then the members have arrived. */
  advance(limit: number): boolean {
    const { rib, touched } = this
    const end = Math.min(this.position + limit, rib.destinations.capacity)
    this.known.clear()
    for (let dest = this.position; dest < end; dest++) {
      const set = rib.destinations.isLive(dest) ? rib.destinations.advertised[dest]! : NO_SET
      if (set !== NO_SET && !touched.has(dest) && this.differs(dest, set)) this.mark(dest, rib.sets.peer[set]!)
    }
    this.position = end
    if (end < rib.destinations.capacity) return false
    const { departures } = this.from.members
    departures.splice(departures.indexOf(this), 1)
    for (const member of this.members) member.held = false
    return true
  }

  private mark(dest: number, source: number): void {
    for (const member of this.members) if (member.peer !== source) member.missed?.add(dest)
  }

  private differs(dest: number, set: SetId): boolean {
    const { from, to, known } = this
    const row = this.rib.destinations.best[dest]!
    const told = from.tells(dest, set)
    if (told !== to.settles(dest, set, row)) return true
    if (!told) return false
    if (from.asksByRoute(set) || to.asksByRoute(set)) return this.writesOther(set, row)
    const remembered = known.get(set)
    if (remembered !== undefined) return remembered
    const other = this.writesOther(set, row)
    if (!this.before.mapped && !this.after.mapped) known.set(set, other)
    return other
  }

  private writesOther(set: SetId, row: number): boolean {
    const { before, after } = this
    this.from.render(set, row, before)
    this.to.render(set, row, after)
    return before.length !== after.length || !same(before.octets, 0, after.octets, 0, after.length)
  }
}
