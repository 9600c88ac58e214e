/** What an update group may tell of what it would, where somebody has the last word on that: remembered by destination, so that all who ask hear the same. */
import { grownUint8 } from '../../bytes/columns.ts'
import { refusal } from '../../policy/refusal.ts'
import { reasonOf, refused, type SetId, type Verdict } from '../../rib/attribute-sets.ts'
import { type ExportAdmission, LATER } from './export-admission.ts'

/** In the column: the group does not want it; it is told; from here on the reason of the refusal. */
const UNWANTED = 0
const TOLD = 1
const REFUSED = 2
/** Nobody has been asked yet. */
const NOT_YET = refusal('held-by-limit')

export class AdmittedRoutes {
  readonly admission: ExportAdmission
  private standing = new Uint8Array(1024)

  constructor(admission: ExportAdmission) {
    this.admission = admission
    admission.join()
  }

  /** What has been decided of a route that passes all else. Hot. */
  standingOf(dest: number): Verdict {
    const standing = this.standing[dest] ?? UNWANTED
    if (standing === TOLD) return 0
    return standing === UNWANTED ? NOT_YET : refused(standing - REFUSED)
  }

  /** Decides about a route of which all others say `verdict`. 0, `LATER`, or the refusal. Hot. */
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

  /** A route that is told already. */
  take(dest: number, set: SetId): void {
    this.put(dest, TOLD)
    this.admission.take(dest, set)
  }

  gone(dest: number): void {
    if ((this.standing[dest] ?? UNWANTED) === UNWANTED) return
    this.standing[dest] = UNWANTED
    this.admission.unwant(dest)
  }

  /** The group is no more. */
  close(): void {
    this.admission.leave(this.standing)
  }

  private put(dest: number, standing: number): void {
    if (dest >= this.standing.length) {
      let capacity = this.standing.length
      while (capacity <= dest) capacity *= 2
      this.standing = grownUint8(this.standing, capacity)
    }
    this.standing[dest] = standing
  }
}
