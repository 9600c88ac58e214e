/** Tells admissions the time while they have something to do in time. */
import type { Admission } from '../../rib/admission.ts'
import type { World } from '../world.ts'

/** An admission that depends on time, which it is told in ms. */
export interface TimedAdmission extends Admission {
  now: number
  /** Whether `tick` has something to do. */
  readonly busy: boolean
  tick(now: number): void
  /** It has let something go that it could take now: a refresh is asked for, and this made false. */
  wantsRefresh: boolean
}

/** Milliseconds from look to look. */
const TICK_MS = 100

export class AdmissionClock {
  private readonly world: World
  private readonly ticked: (admission: TimedAdmission) => void
  private readonly watched = new Set<TimedAdmission>()

  /** `ticked` is called behind every tick. */
  constructor(world: World, ticked: (admission: TimedAdmission) => void) {
    this.world = world
    this.ticked = ticked
  }

  /** From now on, as long as it is busy. */
  watch(admission: TimedAdmission): void {
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
