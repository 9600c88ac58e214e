/** Sees routes go, and writes down what policy had refused of them: nobody could ask policy about them any more. */
import type { UpdateGroup } from '../../advertise/update-group.ts'
import { refusal } from '../../policy/refusal.ts'
import type { Rib } from '../../rib/rib.ts'
import type { Passed } from './explain.ts'
import { RefusalRecord } from './refusal-record.ts'

const REFUSED_BY_POLICY = refusal('policy')

/** What it asks of the speaker. */
export interface Watched {
  readonly rib: Rib
  /** Milliseconds on the world's clock. */
  now(): number
  /** Name of the peer with this id, while its session stands. */
  nameOf(peer: number): string | undefined
  groups(): Iterable<UpdateGroup>
  explainImport(row: number): Passed | null
}

export class RefusalWatch {
  readonly record = new RefusalRecord()
  private readonly watched: Watched

  constructor(watched: Watched) {
    this.watched = watched
  }

  /** The path in `row` goes. */
  gone(row: number): void {
    const { rib } = this.watched
    const source = this.watched.nameOf(rib.peerOf(row))
    if (source === undefined) return
    if (rib.rows.used[row] === REFUSED_BY_POLICY) this.refusedComing(row, source)
    else this.refusedGoing(row, source)
  }

  private refusedComing(row: number, source: string): void {
    const { record, watched } = this
    const passed = record.open ? watched.explainImport(row) : null
    if (passed === null) record.skip()
    else record.add({ at: watched.now(), direction: 'import', source, peers: [source], passed })
  }

  private refusedGoing(row: number, source: string): void {
    const { record, watched } = this
    const { rib } = watched
    const dest = rib.rows.dest[row]!
    const set = rib.destAdvertised[dest]!
    if (rib.rows.used[row]! < 0 || rib.destBest[dest] !== row || set !== rib.rows.used[row]) return
    for (const group of watched.groups()) {
      if (!group.refusesByPolicy(dest, set)) continue
      const trace = record.open ? group.explain(dest, set, row).trace : null
      if (trace === null) record.skip()
      else {
        const peers = group.members.flatMap(({ peer }) => watched.nameOf(peer) ?? [])
        record.add({ at: watched.now(), direction: 'export', source, peers, passed: { refused: 0, trace } })
      }
    }
  }
}
