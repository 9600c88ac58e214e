/** Sees routes go, and writes down what policy had refused of them: nobody could ask policy about them any more. */
import { refusal } from '../../policy/refusal.ts'
import type { Rib } from '../../rib/rib.ts'
import type { SpeakerGroups } from '../export/speaker-groups.ts'
import type { Sources } from '../sources/sources.ts'
import type { Explainer } from './explainer.ts'
import { RefusalRecord } from './refusal-record.ts'

const REFUSED_BY_POLICY = refusal('policy')

export class RefusalWatch {
  readonly record = new RefusalRecord()
  private readonly rib: Rib
  private readonly sources: Sources
  private readonly groups: SpeakerGroups
  private readonly explainer: Explainer
  private readonly now: () => number

  /** `now` in ms on the world's clock. */
  constructor(rib: Rib, sources: Sources, groups: SpeakerGroups, explainer: Explainer, now: () => number) {
    this.rib = rib
    this.sources = sources
    this.groups = groups
    this.explainer = explainer
    this.now = now
  }

  /** `any`: whether policy can have refused anything; nobody is asked about what goes where it cannot. */
  watch(any: boolean): void {
    this.rib.onRemove = any ? (row) => this.gone(row) : null
  }

  /** The path in `row` goes. */
  private gone(row: number): void {
    const { rib } = this
    const source = this.nameOf(rib.peerOf(row))
    if (source === undefined) return
    if (rib.rows.used[row] === REFUSED_BY_POLICY) this.refusedComing(row, source)
    else this.refusedGoing(row, source)
  }

  private refusedComing(row: number, source: string): void {
    const { record, explainer } = this
    const passed = record.open ? explainer.import(row) : null
    if (passed === null) record.skip()
    else record.add({ at: this.now(), direction: 'import', source, peers: [source], passed })
  }

  private refusedGoing(row: number, source: string): void {
    const { record, rib } = this
    const dest = rib.rows.dest[row]!
    const set = rib.destinations.advertised[dest]!
    if (rib.rows.used[row]! < 0 || rib.destinations.best[dest] !== row || set !== rib.rows.used[row]) return
    for (const group of this.groups.all()) {
      if (!group.refusesByPolicy(dest, set)) continue
      const trace = record.open ? group.explain(dest, set, row).trace : null
      if (trace === null) record.skip()
      else {
        const peers = group.members.all.flatMap(({ peer }) => this.nameOf(peer) ?? [])
        record.add({ at: this.now(), direction: 'export', source, peers, passed: { refused: 0, trace } })
      }
    }
  }

  /** Name of the peer with this id, as long as the id means one. */
  private nameOf(id: number): string | undefined {
    return this.sources.attachments[id]?.peer.settings.name
  }
}
