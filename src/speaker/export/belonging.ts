/** Everything that decides what a session is told, and in which octets: sessions for which it is all the same share an update group. */

import type { Exporter } from '../../advertise/exporter/exporter.ts'
import { externalExporter, internalExporter, type Self, type Source } from '../../advertise/exporter/exporters.ts'
import { toOldSpeaker } from '../../advertise/exporter/old-speaker.ts'
import { underProfile } from '../../advertise/exporter/profile.ts'
import type { ExportAdmission } from '../../advertise/verdicts/export-admission.ts'
import type { Gate } from '../../policy/gate/gate.ts'
import type { AttributeSets } from '../../rib/attribute-sets.ts'
import type { Agreed } from '../../session/door.ts'
import { type Boundaries, boundaryTo } from '../boundary-policy.ts'
import type { Gates } from '../policies/gates.ts'
import type { PeerSettings } from '../settings.ts'
import type { Attachment } from '../sources/attachment.ts'
import type { Sources } from '../sources/sources.ts'
import type { ExportAdmissions } from './export-admissions.ts'

export interface Belonging {
  readonly exporter: Exporter
  /** Octets of the longest message. */
  readonly maxMessage: number
  readonly gate: Gate | null
  /** Tells gates apart. */
  readonly gateNumber: number
  /** Has the last word on what the session is told; null: nobody has. */
  readonly admission: ExportAdmission | null
}

export class Belongings {
  private readonly sets: AttributeSets
  private readonly self: Self
  private readonly sources: Sources
  private readonly boundaries: Boundaries
  private readonly gates: Gates
  private readonly admissions: ExportAdmissions

  constructor(sets: AttributeSets, self: Self, sources: Sources, boundaries: Boundaries, gates: Gates, admissions: ExportAdmissions) {
    this.sets = sets
    this.self = self
    this.sources = sources
    this.boundaries = boundaries
    this.gates = gates
    this.admissions = admissions
  }

  /** Of a session that is to be. `source`: what is at its other end. */
  of(source: Source, agreed: Agreed, settings: PeerSettings): Belonging {
    const gate = this.gates.of(settings.exportPolicy)
    return {
      exporter: this.exporterFor(source, agreed, settings),
      maxMessage: agreed.maxMessage,
      gate,
      gateNumber: this.gates.numberOf(gate),
      admission: this.admissions.of(settings.domain),
    }
  }

  /** Of a session that stands, by its settings as they are now. */
  ofStanding(attachment: Attachment): Belonging {
    return this.of(attachment, attachment.agreed, attachment.peer.settings)
  }

  private exporterFor(source: Source, agreed: Agreed, { domain, profile }: PeerSettings): Exporter {
    const { sets, self } = this
    const { sourceOf } = this.sources
    const boundary = boundaryTo(this.boundaries, domain)
    let exporter: Exporter
    if (boundary !== undefined) exporter = boundary.exporter(sets, self, sourceOf)
    else if (source.external) exporter = externalExporter(sets, self, sourceOf)
    else exporter = internalExporter(sets, self, sourceOf, source.client)
    if (profile !== null) exporter = underProfile(exporter, sets, profile)
    return agreed.fourOctetAs ? exporter : toOldSpeaker(exporter)
  }
}
