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
  /** What its routes pass on their way in; changes when other policies are attached. */
  gate: Gate | null
  /** Has the last word on the routes of the session; null: nobody has. */
  readonly admission: TimedAdmission | null
  /** The peer has told all it has (End-of-RIB). */
  told: boolean
  group: UpdateGroup
  readonly member: Member
}
