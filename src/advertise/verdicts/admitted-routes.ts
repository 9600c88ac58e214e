/** What admission has decided about the routes that an update group would tell: remembered by destination, so that all who ask get the same answer. */
import { capacityFor, grownUint8 } from '../../bytes/columns.ts'
import { refusal } from '../../policy/refusal.ts'
import { reasonOf, refused, type SetId, type Verdict } from '../../rib/verdict.ts'
import { type ExportAdmission, LATER } from './export-admission.ts'

/** In the column: the group does not want to tell it; it is told; from here on the reason of the refusal. */
const UNWANTED = 0
const TOLD = 1
const REFUSED = 2
/** The route may be told, and has not been handed over. Above all reasons. */
const NOT_HANDED_OVER = 0xff
/** Nobody has been asked yet. */
const NOT_YET = refusal('held-by-limit')

export class AdmittedRoutes {
  readonly admission: ExportAdmission
  private standing: Uint8Array<ArrayBuffer>

  /** Destinations below `toldBelow` may be told already: `handOver` each of them, then all is `handedOver`. */
  constructor(admission: ExportAdmission, toldBelow: number) {
    this.admission = admission
    this.standing = new Uint8Array(Math.max(1024, toldBelow)).fill(NOT_HANDED_OVER, 0, toldBelow)
    admission.join(toldBelow > 0)
  }

  /** What has been decided of a route that passes all else. Hot. */
  standingOf(dest: number): Verdict {
    const standing = this.standing[dest] ?? UNWANTED
    if (standing === TOLD || standing === NOT_HANDED_OVER) return 0
    return standing === UNWANTED ? NOT_YET : refused(standing - REFUSED)
  }

  /** Decides about a route on which exporter and policy say `verdict`. Returns 0, `LATER`, or the refusal. Hot. */
  decide(dest: number, set: SetId, verdict: Verdict): Verdict {
    const before = this.standing[dest] ?? UNWANTED
    if (verdict !== 0) {
      if (before !== UNWANTED) this.gone(dest)
      return verdict
    }
    const decided = this.admission.want(dest, set, before === UNWANTED, before === TOLD)
    // Only what is told can wait to be told anew.
    const told = decided === 0 || decided === LATER
    this.put(dest, told ? TOLD : REFUSED + reasonOf(decided))
    return decided === LATER && before !== TOLD ? 0 : decided
  }

  /** Whether it may be told, and has not been handed over. */
  isAtHand(dest: number): boolean {
    return this.standing[dest] === NOT_HANDED_OVER
  }

  /** Hands over a destination at hand, which is told with this set, or not at all (`told`). */
  handOver(dest: number, set: SetId, told: boolean): void {
    this.standing[dest] = told ? TOLD : UNWANTED
    if (told) this.admission.take(dest, set)
  }

  /** All that was at hand has been. */
  handedOver(): void {
    this.admission.handedOver()
  }

  gone(dest: number): void {
    if ((this.standing[dest] ?? UNWANTED) === UNWANTED) return
    this.standing[dest] = UNWANTED
    this.admission.unwant(dest)
  }

  /** The group is no more. */
  close(): void {
    const { standing } = this
    for (let at = standing.indexOf(NOT_HANDED_OVER); at >= 0; at = standing.indexOf(NOT_HANDED_OVER, at + 1)) standing[at] = UNWANTED
    this.admission.leave(standing)
  }

  private put(dest: number, standing: number): void {
    if (dest >= this.standing.length) this.standing = grownUint8(this.standing, capacityFor(dest, this.standing.length))
    this.standing[dest] = standing
  }
}
