/** The update groups of a speaker: in which one a session belongs, and how it gets from one to another when other policies are attached. */
import { ExportPolicy } from '../../advertise/export-policy.ts'
import type { Exporter } from '../../advertise/exporter.ts'
import type { Member } from '../../advertise/member.ts'
import { Move } from '../../advertise/move.ts'
import { UpdateGroup } from '../../advertise/update-group.ts'
import type { Gate } from '../../policy/gate.ts'
import type { Origin } from '../../policy/modules/module.ts'
import type { Rib } from '../../rib/rib.ts'

/** What decides what a session is told, and in which octets. */
export interface Belonging {
  readonly exporter: Exporter
  /** Octets of the longest message. */
  readonly maxMessage: number
  readonly gate: Gate | null
  /** Tells gates apart. */
  readonly gateNumber: number
}

/** A session, as far as groups go. */
export interface Grouped {
  readonly member: Member
  group: UpdateGroup
}

export class SpeakerGroups<Session extends Grouped> {
  private readonly byKey = new Map<string, UpdateGroup>()
  /** Sessions on their way from one group to another. */
  private moves: Move[] = []
  private readonly rib: Rib
  private readonly originOf: (peer: number) => Origin
  private readonly sayEnd: ConstructorParameters<typeof UpdateGroup>[3]
  private readonly belongingOf: (session: Session) => Belonging

  constructor(
    rib: Rib,
    originOf: (peer: number) => Origin,
    sayEnd: ConstructorParameters<typeof UpdateGroup>[3],
    belongingOf: (session: Session) => Belonging,
  ) {
    this.rib = rib
    this.originOf = originOf
    this.sayEnd = sayEnd
    this.belongingOf = belongingOf
  }

  get size(): number {
    return this.byKey.size
  }

  all(): Iterable<UpdateGroup> {
    return this.byKey.values()
  }

  /** The group in which a session belongs, made when there is none. */
  of({ exporter, maxMessage, gate, gateNumber }: Belonging): UpdateGroup {
    const key = `${exporter.key} ${maxMessage} ${gateNumber}`
    const known = this.byKey.get(key)
    if (known !== undefined) return known
    const policy = gate === null ? null : new ExportPolicy(this.rib, exporter, gate, this.originOf)
    const group = new UpdateGroup(this.rib, exporter, maxMessage, this.sayEnd, undefined, policy)
    this.byKey.set(key, group)
    return group
  }

  /** Forgets a group in which nobody is, and from which nobody is leaving. */
  dropIfEmpty(group: UpdateGroup): void {
    if (group.members.length > 0 || group.departures.length > 0) return
    for (const [key, other] of this.byKey) if (other === group) this.byKey.delete(key)
  }

  /** Moves sessions to the groups in which they belong. Those that are still moving do so when they have arrived. */
  regroup(sessions: Iterable<Session>): void {
    const moving = new Map<UpdateGroup, Map<UpdateGroup, Session[]>>()
    for (const session of sessions) {
      const { group, member } = session
      if (member.held) continue
      const to = this.of(this.belongingOf(session))
      if (to === group) continue
      const targets = moving.get(group) ?? new Map<UpdateGroup, Session[]>()
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
  advance(slice: number, sessions: Iterable<Session>): void {
    const arrived = this.moves.filter((move) => move.advance(slice))
    if (arrived.length === 0) return
    this.moves = this.moves.filter((move) => !arrived.includes(move))
    for (const group of [...this.byKey.values()]) this.dropIfEmpty(group)
    this.regroup(sessions)
  }
}
