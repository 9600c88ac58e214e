/** What the exporter of an update group lets through, asked once per attribute set. */
import { capacityFor, grownUint8 } from '../../bytes/columns.ts'
import { refusal } from '../../policy/refusal.ts'
import type { Changes } from '../../rib/changes.ts'
import type { Rib } from '../../rib/rib.ts'
import { refused, type SetId, type Verdict } from '../../rib/verdict.ts'
import { LONGEST_NLRI } from '../../wire/nlri/family.ts'
import type { Exporter } from '../exporter/exporter.ts'
import { AdmittedRoutes } from './admitted-routes.ts'
import type { ExportAdmission } from './export-admission.ts'
import type { ExportPolicy } from './export-policy.ts'
import { HandOver } from './hand-over.ts'
import { MessageRoom } from './message-room.ts'

const TOO_LONG = refusal('attributes-too-long')
/** In the cache: not asked yet, may be sent; above, `REFUSED` plus the number of the reason. */
const UNKNOWN = 0
const YES = 1
/** Routes of the set may be sent, with another set: policy changes it. */
const EDITED = 2
/** Policy decides about each route of the set by itself. */
const BY_ROUTE = 3
/** As `YES` and `EDITED`, where the NLRI is short enough for what the attributes leave of a message. */
const TIGHT = 4
const TIGHT_EDITED = 5
const REFUSED = 6

export class ExportVerdicts {
  /** null: there is none, so no set is edited or decided by route. */
  readonly policy: ExportPolicy | null
  /** What the admission, which has the last word after exporter and policy, has decided; null: there is none. */
  private admitted: AdmittedRoutes | null
  /** Makes known to the admission what had been told before there was one; null: that is done. */
  private handingOver: HandOver | null = null
  private readonly rib: Rib
  private readonly exporter: Exporter
  private readonly types: Int32Array | null
  private known = new Uint8Array(1024)
  private readonly room: MessageRoom
  /** Octets for NLRI beside the attributes of sets that leave little. */
  private readonly left = new Map<SetId, number>()

  constructor(rib: Rib, exporter: Exporter, maxMessage: number, policy: ExportPolicy | null, admission: ExportAdmission | null) {
    this.policy = policy
    this.admitted = admission === null ? null : new AdmittedRoutes(admission, 0)
    this.rib = rib
    this.exporter = exporter
    this.types = exporter.typeVerdicts
    this.room = new MessageRoom(rib, exporter, maxMessage)
  }

  /** Who has the last word on what the group tells; null: nobody. */
  get admission(): ExportAdmission | null {
    return this.admitted?.admission ?? null
  }

  /** Gives `admission` the last word from now on. What has been told stays told, and is handed over to it (`handOver`). */
  restrain(admission: ExportAdmission): void {
    const { capacity } = this.rib.destinations
    this.admitted = new AdmittedRoutes(admission, capacity)
    if (capacity > 0) this.handingOver = new HandOver(this.rib, this.admitted, capacity, (dest, set) => this.withoutLimits(dest, set) === 0)
  }

  /** Whether something told is still to be handed over to the admission. */
  get handsOver(): boolean {
    return this.handingOver !== null
  }

  /** Hands over to the admission what is told of up to `limit` destinations. Everything must be settled. */
  handOver(limit: number): void {
    if (this.handingOver?.advance(limit) === true) this.handingOver = null
  }

  /** Hands over to the admission what a batch is about to change. */
  handOverBefore(changes: Changes): void {
    this.handingOver?.before(changes)
  }

  /** Whether each route must be reported: to `decide` when it changes, to `gone` when it goes. */
  get decides(): boolean {
    return this.policy !== null || this.admitted !== null
  }

  /**
   * 0 when the route to `dest` with this set may be sent, else the refusing verdict: for its type, or else for its set, or as was decided for the route. Hot.
   */
  ofRoute(dest: number, set: SetId): Verdict {
    const verdict = this.withoutLimits(dest, set)
    return verdict !== 0 || this.admitted === null ? verdict : this.admitted.standingOf(dest)
  }

  /** The verdict of exporter and policy on the route to `dest` with this set, before admission. Hot. */
  private withoutLimits(dest: number, set: SetId): Verdict {
    const typeVerdict = this.ofType(dest, set)
    if (typeVerdict !== 0) return typeVerdict
    const code = (set < this.known.length && this.known[set]) || this.ask(set)
    if (code < BY_ROUTE) return 0
    if (code === BY_ROUTE) return this.policy!.standing(dest)
    if (code < REFUSED) return this.room.holds(dest, this.left.get(set) ?? 0) ? 0 : TOO_LONG
    return refused(code - REFUSED)
  }

  /** 0, or the verdict that refuses the type of a route. Hot. */
  private ofType(dest: number, set: SetId): Verdict {
    const { types } = this
    if (types === null) return 0
    const verdict = types[this.rib.destinations.classOf(dest)]!
    return verdict !== 0 && this.exporter.anyType?.(set) === true ? 0 : verdict
  }

  /** The verdict on the path in `row`, which has just become the best one. What depends on the route itself is decided now. `LATER`: it stays told as it was. Hot. */
  decide(dest: number, set: SetId, row: number): Verdict {
    const verdict = this.decideByPolicy(dest, set, row)
    return this.admitted === null ? verdict : this.admitted.decide(dest, set, verdict)
  }

  /** Reports that a route is gone. */
  gone(dest: number): void {
    this.admitted?.gone(dest)
  }

  /** Ends the group. */
  close(): void {
    this.handingOver?.stop()
    this.handingOver = null
    this.admitted?.close()
  }

  /** The refusal by admission of a route that exporter and policy let through, or 0. */
  heldBack(dest: number, set: SetId): Verdict {
    return this.admitted === null || this.withoutLimits(dest, set) !== 0 ? 0 : this.admitted.standingOf(dest)
  }

  private decideByPolicy(dest: number, set: SetId, row: number): Verdict {
    const verdict = this.withoutLimits(dest, set)
    if (this.policy === null || this.known[set] !== BY_ROUTE) return verdict
    if (this.ofType(dest, set) !== 0) return verdict
    const decided = this.policy.decide(dest, set, row)
    if (decided !== 0 || this.room.holds(dest, this.beside(set, this.policy.edited))) return decided
    return this.policy.outgrown(dest)
  }

  /** The verdict on the path in `row`, the best one: as it was decided before, or decided now. */
  settled(dest: number, set: SetId, row: number): Verdict {
    const verdict = this.ofRoute(dest, set)
    return verdict === 0 ? 0 : this.decide(dest, set, row)
  }

  /** Whether some routes with this set may be sent, as far as their types may. */
  allowSet(set: SetId): boolean {
    return this.code(set) < REFUSED
  }

  /** Whether routes with this set leave, or some of them may leave, with another one. */
  edits(set: SetId): boolean {
    const code = this.code(set)
    return code === EDITED || code === BY_ROUTE || code === TIGHT_EDITED
  }

  /** Whether policy decides about each route of the set by itself. */
  byRoute(set: SetId): boolean {
    return this.code(set) === BY_ROUTE
  }

  private code(set: SetId): number {
    return (set < this.known.length && this.known[set]) || this.ask(set)
  }

  /** Forgets what is cached for a set id, because it now names another set. */
  forget(set: SetId): void {
    if (set < this.known.length) this.known[set] = UNKNOWN
    if (this.left.size > 0) this.left.delete(set)
    this.room.forget(set)
  }

  private ask(set: SetId): number {
    if (set >= this.known.length) this.known = grownUint8(this.known, capacityFor(set, this.known.length))
    let verdict = this.exporter.judge(set)
    let yes = YES
    if (verdict !== 0) this.policy?.passOver(set)
    else if (this.policy !== null) {
      const answer = this.policy.judge(set)
      if (answer < 0) verdict = answer
      else if (answer > 0) yes = BY_ROUTE
      else if (this.policy.edited) yes = EDITED
    }
    if (verdict === 0 && yes !== BY_ROUTE) {
      const left = this.beside(set, yes === EDITED)
      if (left <= 0) verdict = TOO_LONG
      else if (left < LONGEST_NLRI) {
        this.left.set(set, left)
        yes = yes === EDITED ? TIGHT_EDITED : TIGHT
      }
    }
    const code = verdict === 0 ? yes : REFUSED + (refused(0) - verdict)
    this.known[set] = code
    return code
  }

  /** Octets for NLRI beside the attributes of a set, or beside what policy, asked about it last, has made of it. */
  private beside(set: SetId, edited: boolean): number {
    return edited && this.policy !== null ? this.room.besideEdited(set, this.policy.shapedOctets) : this.room.besideSet(set)
  }
}
