/** The policies that are attached to sessions and VNs: which gate routes pass on their way in and out, and what is asked again when others are attached. */
import type { Gate } from '../../policy/gate/gate.ts'
import type { Rib } from '../../rib/rib.ts'
import type { SetId, Verdict } from '../../rib/verdict.ts'
import { ImportPolicy } from '../import/import-policy.ts'
import type { Inbound } from '../import/inbound.ts'
import { Reimport } from '../import/reimport.ts'
import type { PeerSettings, SpeakerSettings } from '../settings.ts'
import type { Attachment } from '../sources/attachment.ts'
import type { Sources } from '../sources/sources.ts'
import { Gates } from './gates.ts'

export class AttachedPolicies {
  readonly exports: Gates
  /** Asks about what is held. */
  readonly reimport: Reimport
  private readonly imports: Gates
  private readonly importPolicy: ImportPolicy

  constructor({ vnImport, vnExport }: SpeakerSettings, rib: Rib, { attachments }: Sources) {
    this.imports = new Gates('import', vnImport)
    this.exports = new Gates('export', vnExport)
    this.importPolicy = new ImportPolicy(rib.sets, (id) => attachments[id])
    this.reimport = new Reimport(rib, this.importPolicy, (id) => attachments[id]?.inbound)
    rib.routeJudge = this.importPolicy
  }

  /** Whether policy can have refused anything. */
  get any(): boolean {
    return this.imports.any || this.exports.any
  }

  /** What routes of a session pass on their way in; null: everything passes. */
  importGateOf({ importPolicy }: PeerSettings): Gate | null {
    return this.imports.of(importPolicy)
  }

  /** The judge of the sets of a session. `base`: the verdict without policy. `gateOf`: what its routes must pass now; null: nothing. */
  judge(base: (set: SetId) => Verdict, gateOf: () => Gate | null): (set: SetId) => Verdict {
    const { importPolicy } = this
    return (set) => {
      const used = base(set)
      const gate = gateOf()
      if (gate === null) return used
      if (used >= 0) return importPolicy.judgeSet(gate, set, used)
      importPolicy.passOver(set)
      return used
    }
  }

  /** Counts the routes of a session that pass this gate. */
  countedBy(gate: Gate | null): Inbound['counted'] {
    return gate === null ? null : (set, routes) => this.importPolicy.count(gate, set, routes)
  }

  /** Adopts other settings: import is asked again about the routes of sessions whose gate has changed. */
  adopt({ vnImport, vnExport }: SpeakerSettings, sessions: Iterable<Attachment>): void {
    this.imports.adopt(vnImport)
    this.exports.adopt(vnExport)
    for (const session of sessions) {
      const gate = this.importGateOf(session.peer.settings)
      if (gate === session.gate) continue
      session.gate = gate
      session.inbound.counted = this.countedBy(gate)
      this.reimport.begin(session.inbound)
    }
  }

  /** Forgets policies that nobody is to pass any more; the sessions must have been moved. */
  retain({ peers, listenRanges }: SpeakerSettings): void {
    const templates = [...peers, ...listenRanges]
    this.imports.retain(new Set(templates.map(({ importPolicy }) => importPolicy)))
    this.exports.retain(new Set(templates.map(({ exportPolicy }) => exportPolicy)))
  }
}
