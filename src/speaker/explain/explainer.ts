/** Answers people who ask about one route: the way it has taken here, as far as its session is known. */
import type { Rib } from '../../rib/rib.ts'
import { NO_SET } from '../../rib/verdict.ts'
import type { Attachment } from '../sources/attachment.ts'
import type { Sources } from '../sources/sources.ts'
import { explainExport, explainImport, type Passed } from './explain.ts'

export class Explainer {
  private readonly rib: Rib
  private readonly sources: Sources

  constructor(rib: Rib, sources: Sources) {
    this.rib = rib
    this.sources = sources
  }

  /** Why the path in `row` is used or not; null: its peer is gone, or it was made here. */
  import(row: number): Passed | null {
    const from = this.sources.attachments[this.rib.peerOf(row)]
    return from === undefined ? null : explainImport(this.rib, row, from.inbound, from.gate, from.origin)
  }

  /** Why the route to `dest` is sent to a peer or not; null: nothing is advertised for it, or it is the peer's own. */
  export(dest: number, { group, inbound }: Attachment): Passed | null {
    const { rib } = this
    const set = rib.destinations.isLive(dest) ? rib.destinations.advertised[dest]! : NO_SET
    const row = rib.destinations.best[dest]!
    if (set === NO_SET || row < 0 || rib.sets.peer[set] === inbound.peer) return null
    return explainExport(rib, group, dest, set, row)
  }
}
