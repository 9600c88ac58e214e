import type { Source } from '../../advertise/exporter/exporters.ts'
import type { Member } from '../../advertise/members/member.ts'
import type { UpdateGroup } from '../../advertise/update-group.ts'
import type { Gate } from '../../policy/gate/gate.ts'
import type { Agreed } from '../../session/door.ts'
import type { TimedAdmission } from '../admission-clock.ts'
import type { Passage } from '../import/import-policy.ts'
import type { Inbound } from '../import/inbound.ts'
import type { Peer } from '../peers/peer.ts'

/** A peer's part in the RIB while its session stands: the side its routes come in by, and the side it is told by. */
export interface Attachment extends Source, Passage {
  readonly peer: Peer
  readonly agreed: Agreed
  readonly inbound: Inbound
  /** Others, when other policies are attached. */
  gate: Gate | null
  /** Who has the last word on its routes; null: nobody. */
  readonly admission: TimedAdmission | null
  /** It has told all it has (End-of-RIB). */
  told: boolean
  group: UpdateGroup
  readonly member: Member
}
