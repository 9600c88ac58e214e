/**
 * The turns of a speaker. In each, what came in is settled, published to every update group and let go; then walks go on. What takes longer is done in slices:
 * a turn that leaves something to do asks for the next one.
 */
import { Buckets } from '../advertise/packing/buckets.ts'
import { Changes } from '../rib/changes.ts'
import type { Rib } from '../rib/rib.ts'
import type { RefusalRecord } from './explain/refusal-record.ts'
import type { ExportAdmissions } from './export/export-admissions.ts'
import type { SlowReaders } from './export/slow-readers.ts'
import type { SpeakerGroups } from './export/speaker-groups.ts'
import type { Reimport } from './import/reimport.ts'
import { Slice } from './slice.ts'
import type { Sources } from './sources/sources.ts'
import type { World } from './world.ts'

/** Destinations settled and published in one go: about 10 ms of work. */
const BATCH = 16_384
/** Paths of a lost peer taken out of the RIB in one go. */
const FORGET = 16_384
/** Destinations whose paths import is asked about again in one go, or that are looked at for sessions that something else is told from now on; and for how long, in ms. */
const REVIEW = 4096
const REVIEW_MS = 5
/** Destinations that are looked at in one go to count what another domain is told, and for how long, in ms: nobody waits for it. */
const COUNT = 16_384
const COUNT_MS = 2
/** From look to look at sessions that are told at a pace, in ms. */
const PACE_MS = 100

/** What has its share in a turn. */
export interface Sharers {
  readonly rib: Rib
  readonly sources: Sources
  readonly reimport: Reimport
  readonly groups: SpeakerGroups
  readonly exportAdmissions: ExportAdmissions
  readonly slowReaders: SlowReaders
  readonly refusals: RefusalRecord
  /** Hears that import was asked again about routes. */
  judged(): void
  /** Hears which best paths have changed, before the batch is let go. */
  changed(changes: Changes): void
}

export class Turns {
  /** A turn has been asked for. */
  private due = false
  /** A later turn has been asked for, when paced sessions may be told more. */
  private laterDue = false
  private readonly world: World
  private readonly sharers: Sharers
  private readonly changes = new Changes()
  private readonly buckets = new Buckets()
  private readonly reimporting: Slice
  private readonly moving: Slice
  private readonly counting: Slice
  private readonly asking: Slice
  /** The turn that is asked for: one closure, since every route asks. */
  private readonly turn = (): void => {
    this.due = false
    this.run()
  }

  constructor(world: World, sharers: Sharers) {
    this.world = world
    this.sharers = sharers
    this.reimporting = new Slice(REVIEW, REVIEW_MS, () => world.now())
    this.moving = new Slice(REVIEW, REVIEW_MS, () => world.now())
    this.counting = new Slice(COUNT, COUNT_MS, () => world.now())
    this.asking = new Slice(REVIEW, REVIEW_MS, () => world.now())
  }

  /** Whether nothing is on its way from other settings or from a batch to somebody: what is told is what should be. */
  get settled(): boolean {
    const { rib, reimport, groups, exportAdmissions } = this.sharers
    return rib.destinations.unsettled === 0 && !reimport.pending && !groups.moving && !exportAdmissions.counting
  }

  /** Asks for a turn, and tells the RIB the time: once a turn is often enough for ages in seconds, and routes are learned only after this call. Hot: allocates nothing. */
  ask(): void {
    if (this.due) return
    this.due = true
    this.sharers.rib.nowSeconds = Math.floor(this.world.now() / 1000)
    this.world.soon(this.turn)
  }

  /** Publishes what has come in before the turn ends, if there is a lot of it. */
  relieve(): void {
    if (this.sharers.rib.destinations.unsettled >= BATCH) this.flush()
  }

  /** Asks for a turn later: paced sessions have something to be told, and it is too soon. */
  private askLater(): void {
    if (this.laterDue) return
    this.laterDue = true
    this.world.after(PACE_MS, () => {
      this.laterDue = false
      this.ask()
    })
  }

  private run(): void {
    const { rib, sources, reimport, groups, exportAdmissions, slowReaders, refusals } = this.sharers
    const { ids } = sources
    refusals.newTurn()
    ids.advance(FORGET)
    if (reimport.pending) {
      this.reimporting.do((many) => reimport.advance(many))
      this.sharers.judged()
    } else this.reimporting.reset()
    this.flush()
    slowReaders.endIfTooMuch(sources.standing)
    let more = ids.busy || rib.destinations.unsettled > 0 || reimport.pending
    if (rib.destinations.unsettled === 0) {
      const { counting } = exportAdmissions
      if (counting) {
        this.counting.do((many) => exportAdmissions.count(groups.all(), many))
        more = true
      } else this.counting.reset()
      // What is told is counted before anybody is told something else.
      if (groups.moving && !counting) {
        this.moving.do((many) => groups.advance(many))
        more = true
      } else this.moving.reset()
      if (exportAdmissions.due) {
        this.asking.do((many) => exportAdmissions.askAgain([...groups.all()], many))
        more = true
      } else this.asking.reset()
      for (const group of groups.all()) {
        if (!group.busy || group.admission?.counting === true) continue
        group.advance()
        if (group.ready) more = true
        else if (group.paced) this.askLater()
      }
      ids.reclaim()
    }
    exportAdmissions.watch()
    if (more) this.ask()
  }

  private flush(): void {
    const { changes, buckets } = this
    const { rib, groups, exportAdmissions } = this.sharers
    rib.settle(changes, BATCH)
    if (changes.count > 0) {
      buckets.arrange(changes)
      exportAdmissions.begin(changes, groups.all())
      for (const group of groups.all()) group.publish(changes, buckets)
      exportAdmissions.end()
      this.sharers.changed(changes)
    }
    rib.finish(changes)
  }
}
