/** Why a route is used or not, and why it is sent to a peer or not: every step on its way, as octets and names. For people; nothing here is kept. */

import type { UpdateGroup } from '../../advertise/update-group.ts'
import type { Gate } from '../../policy/gate/gate.ts'
import { snapshot, type Trace } from '../../policy/gate/trace.ts'
import type { Origin } from '../../policy/modules/module.ts'
import { NOBODY, RouteDraft } from '../../policy/route-draft.ts'
import type { Rib } from '../../rib/rib.ts'
import type { SetId, Verdict } from '../../rib/verdict.ts'
import { LONGEST_NLRI } from '../../wire/nlri/family.ts'
import type { Inbound } from '../import/inbound.ts'

export type Direction = 'import' | 'export'

/** The way of one route in one direction. */
export interface Passed {
  /** Not 0: it was refused for a reason that is not policy, and policy was not asked. */
  readonly refused: Verdict
  /** What policy found; without chains when none is attached. */
  readonly trace: Trace
  /** Not 0: policy accepts it, and it is refused behind that. */
  readonly heldBack?: Verdict
}

/** The path in `row`, on its way from its peer into the Loc-RIB. */
export function explainImport(rib: Rib, row: number, inbound: Inbound, gate: Gate | null, origin: Origin): Passed {
  const { sets, rows } = rib
  const set = rows.set[row]!
  const byType = inbound.typeVerdicts?.[rib.destinations.classOf(rows.dest[row]!)] ?? 0
  const base = byType < 0 ? byType : inbound.base(set)
  const nlri = new Uint8Array(LONGEST_NLRI)
  const passed = traceOf(rib, base < 0 ? set : base, row, nlri, rib.writeReceived(row, nlri, 0), base < 0 ? null : gate, origin)
  if (base >= 0 && base !== set) sets.discard(base)
  const { judgement } = passed
  return { refused: base < 0 ? base : 0, trace: passed, heldBack: base >= 0 && judgement === 'accept' ? Math.min(0, rows.used[row]!) : 0 }
}

/** The route to `dest` whose path in `row` is advertised with `set`, on its way to the members of a group. */
export function explainExport(rib: Rib, group: UpdateGroup, dest: number, set: SetId, row: number): Passed {
  const { refused, trace } = group.explain(dest, set, row)
  const heldBack = group.heldBack(dest, set)
  if (trace !== null) return { refused, trace, heldBack }
  const nlri = new Uint8Array(LONGEST_NLRI)
  return { refused, trace: traceOf(rib, set, row, nlri, rib.writeNlri(row, nlri, 0), null), heldBack }
}

/** The trace of a set with the NLRI of the path in `row` through a gate; a null gate lets everything through. */
function traceOf(rib: Rib, set: SetId, row: number, nlri: Uint8Array, size: number, gate: Gate | null, origin: Origin = NOBODY): Trace {
  const draft = new RouteDraft()
  draft.begin(rib.sets.octetsOf(set), origin)
  draft.beginRoute(nlri, 0, size, rib.ageOf(row), rib.isStale(row))
  if (gate !== null) return gate.trace(draft)
  const as = snapshot(draft)
  return { before: as, chains: [], judgement: 'accept', after: as }
}
