/** Tells admissions the time while they have something to do in time. */
import type { ExportAdmission } from '../advertise/verdicts/export-admission.ts'
import type { Admission } from '../rib/admission.ts'
import type { World } from './world.ts'

/** What depends on time, which it is told in ms. */
export interface Timed {
  /** Whether `tick` has something to do. */
  readonly busy: boolean
  tick(now: number): void
}

export interface TimedAdmission extends Admission, Timed {
  now: number
  /** It has dropped routes for which there is room now: somebody is to ask the peers for a refresh, and reset this. */
  wantsRefresh: boolean
}

/** An admission that has the last word on what a domain is told, and depends on time. */
export interface TimedExportAdmission extends ExportAdmission, Timed {}

/** Milliseconds from look to look. */
const TICK_MS = 100

export class AdmissionClock<A extends Timed> {
  private readonly world: World
  private readonly ticked: (admission: A) => void
  private readonly watched = new Set<A>()

  /** `ticked` is called after every tick. */
  constructor(world: World, ticked: (admission: A) => void) {
    this.world = world
    this.ticked = ticked
  }

  /** Ticks an admission from now on, as long as it is busy. */
  watch(admission: A): void {
    if (!admission.busy || this.watched.has(admission)) return
    this.watched.add(admission)
    this.world.after(TICK_MS, () => {
      this.watched.delete(admission)
      admission.tick(this.world.now())
      this.ticked(admission)
      this.watch(admission)
    })
  }
}
