/** The sessions that stand, as other settings would find them: whose policies would be others, and what each would be told then. */

import { UpdateGroup } from '../../advertise/update-group.ts'
import { ExportPolicy } from '../../advertise/verdicts/export-policy.ts'
import type { Gate } from '../../policy/gate/gate.ts'
import { Quiet } from '../../policy/quiet.ts'
import type { Rib } from '../../rib/rib.ts'
import type { Explainer } from '../explain/explainer.ts'
import type { Belongings } from '../export/belonging.ts'
import { rangeFor } from '../peers/listen-ranges.ts'
import { type Changed, isOfTheSession, type PeersChange, peersChange, rangeKey } from '../peers/peers-change.ts'
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
  /** Sessions of which import would say something else, by peer id. */
  readonly imports: ReadonlyMap<number, Importing>
  /** Names of peers whose sessions would begin anew unchanged: they are supposed to send the same again. */
  readonly anew: readonly string[]
  /** Names of peers that would no longer be peers: what they have sent goes. */
  readonly gone: readonly string[]
  /** Names of peers whose sessions would be different ones: what would become of their routes cannot be told. */
  readonly others: readonly string[]
}

/** `gate`: the one its routes would pass; `gone`: there would be none of them. */
export interface Importing {
  readonly session: Attachment
  readonly gate: Gate | null
  readonly gone: boolean
}

/** What becomes of a session: it stands, or begins anew, with these settings; it goes; or it would be another one. */
type Then = { readonly is: 'standing' | 'anew'; readonly settings: PeerSettings } | { readonly is: 'gone' | 'other' }

/** Fields with which a session begins anew and is the same to routes. */
const NOTHING_TO_ROUTES: ReadonlySet<string> = new Set<keyof PeerSettings>(['password', 'holdTimeSeconds'])

/** `anew`: domains whose sessions would begin anew whatever their peers' settings. */
export function forecastSessions(ground: ForecastGround, after: SpeakerSettings, anew: ReadonlySet<string>): ForecastSessions {
  const { rib, settings: before, sources, belongings } = ground
  const quiet = new Quiet()
  const imports = new Gates('import', quiet.vns(after.vnImport))
  const exportsNow = new Gates('export', quiet.vns(before.vnExport))
  const exportsThen = new Gates('export', quiet.vns(after.vnExport))
  const change = peersChange(before, after, anew)
  const importing = new Map<number, Importing>()
  const together = new Map<UpdateGroup, Map<Gate | null, { sessions: Attachment[] } & Omit<Together, 'sessions' | 'byPeer'>>>()
  const names = { anew: [] as string[], gone: [] as string[], others: [] as string[] }
  for (const session of sources.standing) {
    const { group, inbound } = session
    const now = session.peer.settings
    const later = sessionThen(now, before, after, change)
    if (later.is === 'other') names.others.push(now.name)
    else if (later.is === 'gone') {
      names.gone.push(now.name)
      importing.set(inbound.peer, { session, gate: null, gone: true })
    } else if (later.is === 'anew') names.anew.push(now.name)
    if (!('settings' in later)) continue
    const then = later.settings
    if (after.vnImport !== before.vnImport || then.importPolicy !== now.importPolicy) {
      importing.set(inbound.peer, { session, gate: imports.of(quiet.chain(then.importPolicy)), gone: false })
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
    ...names,
  }
}

/** See `peers/reconfigure-peers.ts`. */
function sessionThen(now: PeerSettings, before: SpeakerSettings, after: SpeakerSettings, { peers, ranges }: PeersChange): Then {
  const { name, address } = now
  if (before.peers.some((peer) => peer.name === name)) {
    const again = peers.reset.find((changed) => changed.after.name === name)
    const settings = after.peers.find((peer) => peer.name === name)
    if (settings === undefined) return withoutPeer(now, after)
    return thenOf(again, settings)
  }
  const [was, is] = [rangeFor(before.listenRanges, address), rangeFor(after.listenRanges, address)]
  if (is === undefined) return withoutPeer(now, after)
  if (was === undefined || rangeKey(was) !== rangeKey(is)) return { is: 'other' }
  if (after.peers.some((peer) => peer.address === address)) return { is: 'other' }
  const settings = { ...is, name, address, passive: true }
  const again = ranges.reset.find((changed) => rangeKey(changed.after) === rangeKey(is))
  return thenOf(again, settings)
}

/** A session with these settings then; `again`: why it begins anew, if it does. */
function thenOf(again: Changed<unknown> | undefined, settings: PeerSettings): Then {
  if (again === undefined) return { is: 'standing', settings }
  return again.fields.every((field) => NOTHING_TO_ROUTES.has(field) || !isOfTheSession(field)) ? { is: 'anew', settings } : { is: 'other' }
}

/** Somebody else may have the address; and what a domain has sent may be kept for a while when its sessions go. */
function withoutPeer({ address, domain }: PeerSettings, { peers, listenRanges }: SpeakerSettings): Then {
  const taken = peers.some((peer) => peer.address === address) || rangeFor(listenRanges, address) !== undefined
  return { is: taken || domain !== null ? 'other' : 'gone' }
}
