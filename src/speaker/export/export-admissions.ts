/** The admissions that have the last word on what other domains are told: they are told when a batch is published, get their turns, and are told the time. */
import { Buckets } from '../../advertise/packing/buckets.ts'
import type { UpdateGroup } from '../../advertise/update-group.ts'
import { Changes } from '../../rib/changes.ts'
import type { Rib } from '../../rib/rib.ts'
import { AdmissionClock, type TimedExportAdmission } from '../admission-clock.ts'
import { type Boundaries, boundaryTo } from '../boundary-policy.ts'
import type { Sources } from '../sources/sources.ts'
import type { World } from '../world.ts'

export class ExportAdmissions {
  private readonly byDomain = new Map<string, TimedExportAdmission>()
  private readonly world: World
  private readonly rib: Rib
  private readonly sources: Sources
  private readonly boundaries: Boundaries
  private readonly clock: AdmissionClock<TimedExportAdmission>
  private readonly batch = new Changes()
  private readonly buckets = new Buckets()

  /** `turn` asks for a turn. */
  constructor(world: World, rib: Rib, sources: Sources, boundaries: Boundaries, turn: () => void) {
    this.world = world
    this.rib = rib
    this.sources = sources
    this.boundaries = boundaries
    this.clock = new AdmissionClock(world, ({ due }) => {
      if (due) turn()
    })
  }

  /** Of a domain; null: nobody has it. */
  of(domain: string | null): TimedExportAdmission | null {
    const now = () => this.world.now()
    const admission = boundaryTo(this.boundaries, domain)?.exportAdmission(this.rib, this.sources.sourceOf, now) ?? null
    if (domain !== null && admission !== null) this.byDomain.set(domain, admission)
    return admission
  }

  /** Forgets domains that are no more. */
  retain(): void {
    for (const domain of this.byDomain.keys()) if (!this.boundaries.has(domain)) this.byDomain.delete(domain)
  }

  /** A batch is about to be told to all groups: what it changes of what they have told is counted before. */
  begin(changes: Changes, groups: Iterable<UpdateGroup>): void {
    if (this.counting) {
      for (const group of groups) group.handOverBefore(changes)
      for (const admission of this.byDomain.values()) admission.before(changes)
    }
    for (const admission of this.byDomain.values()) admission.begin(false)
  }

  /** A batch has been published to all groups. */
  end(): void {
    for (const admission of this.byDomain.values()) admission.end()
  }

  /** Whether what a domain is told is not all counted yet. */
  get counting(): boolean {
    for (const { counting } of this.byDomain.values()) if (counting) return true
    return false
  }

  /** Goes on with that, up to `limit` destinations for each group and domain. Everything must be settled. */
  count(groups: Iterable<UpdateGroup>, limit: number): void {
    for (const group of groups) if (group.handsOver) group.handOver(limit)
    for (const admission of this.byDomain.values()) if (admission.counting) admission.count(limit)
  }

  /** Whether groups are to ask again. */
  get due(): boolean {
    for (const { due } of this.byDomain.values()) if (due) return true
    return false
  }

  /** Has groups ask again, about up to `limit` destinations for each domain. Everything must be settled. */
  askAgain(groups: Iterable<UpdateGroup>, limit: number): void {
    const { batch, buckets } = this
    for (const admission of this.byDomain.values()) {
      if (!admission.due) continue
      admission.gather(batch, limit)
      buckets.arrange(batch)
      admission.begin(true)
      for (const group of groups) if (group.admission === admission) group.publish(batch, buckets)
      admission.end()
      batch.clear()
    }
  }

  /** Tells admissions the time for as long as they have something to do. */
  watch(): void {
    for (const admission of this.byDomain.values()) this.clock.watch(admission)
  }
}
