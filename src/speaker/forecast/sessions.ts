/** The sessions that stand, as other settings would find them: whose policies would be others, and what each would be told then. */

import { UpdateGroup } from '../../advertise/update-group.ts'
import { ExportPolicy } from '../../advertise/verdicts/export-policy.ts'
import type { Gate } from '../../policy/gate/gate.ts'
import { Quiet } from '../../policy/quiet.ts'
import type { Rib } from '../../rib/rib.ts'
import type { Explainer } from '../explain/explainer.ts'
import type { Belongings } from '../export/belonging.ts'
import { rangeFor } from '../peers/listen-ranges.ts'
import { type PeersChange, peersChange, rangeKey } from '../peers/peers-change.ts'
import { Gates } from '../policies/gates.ts'
import type { PeerSettings, SpeakerSettings } from '../settings.ts'
import type { Attachment } from '../sources/attachment.ts'
import type { Sources } from '../sources/sources.ts'

/** What of the speaker is asked. */
export interface ForecastGround {
  readonly rib: Rib
  readonly settings: SpeakerSettings
  readonly sources: Sources
  readonly belongings: Belongings
  readonly explain: Explainer
}

/** Sessions that are told the same now and would be told the same then. */
export interface Together {
  readonly sessions: readonly Attachment[]
  /** By peer id. */
  readonly byPeer: ReadonlyMap<number, Attachment>
  /** The group they are in, and what stands for it and for the one they would be in: both without members and with counters of their own. */
  readonly group: UpdateGroup
  readonly now: UpdateGroup
  readonly later: UpdateGroup
  /** Their export policy is the same. */
  readonly same: boolean
}

export interface ForecastSessions {
  readonly together: readonly Together[]
  /** Sessions whose import policy would be another, by peer id, and the gate of each. */
  readonly imports: ReadonlyMap<number, { readonly session: Attachment; readonly gate: Gate | null }>
  /** Names of peers whose sessions would end or begin anew. */
  readonly ending: readonly string[]
}

/** `anew`: domains whose sessions would begin anew whatever their peers' settings. */
export function forecastSessions(ground: ForecastGround, after: SpeakerSettings, anew: ReadonlySet<string>): ForecastSessions {
  const { rib, settings: before, sources, belongings } = ground
  const quiet = new Quiet()
  const imports = new Gates('import', quiet.vns(after.vnImport))
  const exportsNow = new Gates('export', quiet.vns(before.vnExport))
  const exportsThen = new Gates('export', quiet.vns(after.vnExport))
  const change = peersChange(before, after, anew)
  const importing = new Map<number, { session: Attachment; gate: Gate | null }>()
  const together = new Map<UpdateGroup, Map<Gate | null, { sessions: Attachment[] } & Omit<Together, 'sessions' | 'byPeer'>>>()
  const ending: string[] = []
  for (const session of sources.standing) {
    const { group, inbound } = session
    const now = session.peer.settings
    const then = settingsThen(now, before, after, change)
    if (then === null) {
      ending.push(now.name)
      continue
    }
    if (after.vnImport !== before.vnImport || then.importPolicy !== now.importPolicy) {
      importing.set(inbound.peer, { session, gate: imports.of(quiet.chain(then.importPolicy)) })
    }
    const same = after.vnExport === before.vnExport && then.exportPolicy === now.exportPolicy
    const gate = exportsThen.of(quiet.chain(then.exportPolicy))
    const byGate = together.get(group) ?? new Map()
    together.set(group, byGate)
    const known = byGate.get(gate)
    if (known !== undefined) {
      known.sessions.push(session)
      continue
    }
    const { exporter, maxMessage } = belongings.ofStanding(session)
    const standIn = (passing: Gate | null): UpdateGroup => {
      const policy = passing === null ? null : new ExportPolicy(rib, exporter, passing, (id) => sources.originOf(id))
      return new UpdateGroup(rib, exporter, maxMessage, () => {}, undefined, policy)
    }
    byGate.set(gate, {
      sessions: [session],
      group,
      now: standIn(exportsNow.of(quiet.chain(now.exportPolicy))),
      later: standIn(gate),
      same,
    })
  }
  return {
    together: [...together.values()].flatMap((byGate) =>
      [...byGate.values()].map((one) => ({ ...one, byPeer: new Map(one.sessions.map((session) => [session.inbound.peer, session])) })),
    ),
    imports: importing,
    ending,
  }
}

/** What a session would be told to be while it stands; null: it would end, or begin anew. See `peers/reconfigure-peers.ts`. */
function settingsThen(
  now: PeerSettings,
  before: SpeakerSettings,
  after: SpeakerSettings,
  { peers, ranges }: PeersChange,
): PeerSettings | null {
  const { name, address } = now
  if (before.peers.some((peer) => peer.name === name)) {
    const again = peers.reset.some((changed) => changed.after.name === name)
    return again ? null : (after.peers.find((peer) => peer.name === name) ?? null)
  }
  const [was, is] = [rangeFor(before.listenRanges, address), rangeFor(after.listenRanges, address)]
  if (was === undefined || is === undefined || rangeKey(was) !== rangeKey(is)) return null
  const again =
    ranges.reset.some((changed) => rangeKey(changed.after) === rangeKey(is)) || after.peers.some((peer) => peer.address === address)
  return again ? null : { ...is, name, address, passive: true }
}
