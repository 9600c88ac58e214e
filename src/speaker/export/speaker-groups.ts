/** The update groups of a speaker: in which one a session belongs, and how it gets from one to another when other policies are attached. */

import type { Member, WalkEnd } from '../../advertise/members/member.ts'
import { Move } from '../../advertise/move.ts'
import { UpdateGroup } from '../../advertise/update-group.ts'
import { ExportPolicy } from '../../advertise/verdicts/export-policy.ts'
import type { Rib } from '../../rib/rib.ts'
import type { Attachment } from '../sources/attachment.ts'
import type { Sources } from '../sources/sources.ts'
import type { Belonging, Belongings } from './belonging.ts'
import type { ExportAdmissions } from './export-admissions.ts'
import type { FirstTelling } from './first-telling.ts'
import { sayWalkEnd } from './walk-end.ts'

export class SpeakerGroups {
  private readonly byKey = new Map<string, UpdateGroup>()
  /** Sessions on their way from one group to another. */
  private moves: Move[] = []
  private readonly rib: Rib
  private readonly sources: Sources
  private readonly belongings: Belongings
  private readonly admissions: ExportAdmissions
  private readonly first: FirstTelling

  constructor(rib: Rib, sources: Sources, belongings: Belongings, admissions: ExportAdmissions, first: FirstTelling) {
    this.rib = rib
    this.sources = sources
    this.belongings = belongings
    this.admissions = admissions
    this.first = first
    rib.sets.onMade.push((set) => {
      for (const group of this.byKey.values()) group.forgetSet(set)
    })
  }

  get size(): number {
    return this.byKey.size
  }

  all(): Iterable<UpdateGroup> {
    return this.byKey.values()
  }

  /** The group in which a session belongs, made when there is none. */
  of({ exporter, maxMessage, gate, gateNumber, admission }: Belonging): UpdateGroup {
    const key = `${exporter.key} ${maxMessage} ${gateNumber}`
    const known = this.byKey.get(key)
    if (known !== undefined) return known
    const policy = gate === null ? null : new ExportPolicy(this.rib, exporter, gate, (id) => this.sources.originOf(id))
    const group = new UpdateGroup(this.rib, exporter, maxMessage, (member, end) => this.sayEnd(member, end), undefined, policy, admission)
    this.byKey.set(key, group)
    return group
  }

  /** Forgets a group in which nobody is, and from which nobody is leaving. */
  dropIfEmpty(group: UpdateGroup): void {
    if (!group.members.empty) return
    for (const [key, other] of this.byKey) {
      if (other !== group) continue
      this.byKey.delete(key)
      group.close()
    }
  }

  /** Where something is limited that was not, groups that stand are from now on, with all that they have told. */
  restrain(): void {
    this.admissions.retain()
    for (const { domain, group } of this.sources.standing) {
      const admission = this.admissions.of(domain)
      if (admission !== null) group.restrain(admission)
    }
  }

  /** Moves sessions to the groups in which they belong. Those that are still moving do so when they have arrived. */
  regroup(): void {
    const moving = new Map<UpdateGroup, Map<UpdateGroup, Attachment[]>>()
    for (const session of this.sources.standing) {
      const { group, member } = session
      if (member.held) continue
      const to = this.of(this.belongings.ofStanding(session))
      if (to === group) continue
      const targets = moving.get(group) ?? new Map<UpdateGroup, Attachment[]>()
      moving.set(group, targets.set(to, [...(targets.get(to) ?? []), session]))
    }
    for (const [from, targets] of moving) {
      for (const [to, together] of targets) {
        const members = together.map(({ member }) => member)
        this.moves.push(new Move(this.rib, from, to, members))
        for (const session of together) session.group = to
      }
    }
  }

  /** Whether sessions are on their way. */
  get moving(): boolean {
    return this.moves.length > 0
  }

  /** Goes on with those, up to `slice` destinations each. Everything must be settled. */
  advance(slice: number): void {
    const arrived = this.moves.filter((move) => move.advance(slice))
    if (arrived.length === 0) return
    this.moves = this.moves.filter((move) => !arrived.includes(move))
    for (const group of [...this.byKey.values()]) this.dropIfEmpty(group)
    this.regroup()
  }

  private sayEnd({ peer }: Member, end: WalkEnd): void {
    const session = this.sources.attachments[peer]
    if (session === undefined) return
    if (end === 'end-of-rib') this.first.done(session, () => this.sayWalkEnd(session, end))
    else this.sayWalkEnd(session, end)
  }

  private sayWalkEnd({ peer: { standing } }: Attachment, end: WalkEnd): void {
    if (standing !== null) sayWalkEnd(standing.connection, this.rib.family, end)
  }
}
