/**
 * A BGP speaker: peers, one RIB, update groups, and the turns in which what came in goes out. Pure: the world (links, time, chance) is handed in.
 *
 *     link -> Connection -> Peer (session machine) -> Intake -> Rib --(end of turn)--> UpdateGroup -> link
 */

import { copyOf } from '../bytes/octets.ts'
import { AttributeSets } from '../rib/attribute-sets.ts'
import type { Changes } from '../rib/changes.ts'
import { Rib } from '../rib/rib.ts'
import type { Event, StateName } from '../session/door.ts'
import { sessionFault } from '../wire/fault.ts'
import type { NlriFamily } from '../wire/nlri/family.ts'
import { CeaseSubcode, NotificationCode, UpdateSubcode } from '../wire/notification-codes.ts'
import type { RouteRefresh } from '../wire/route-refresh.ts'
import { AdmissionClock, type TimedAdmission } from './admission-clock.ts'
import type { Boundaries } from './boundary-policy.ts'
import { Explainer } from './explain/explainer.ts'
import type { RefusalRecord } from './explain/refusal-record.ts'
import { RefusalWatch } from './explain/refusal-watch.ts'
import { Belongings } from './export/belonging.ts'
import { ExportAdmissions } from './export/export-admissions.ts'
import { FirstTelling } from './export/first-telling.ts'
import { answerRefresh, askRefresh } from './export/route-refresh.ts'
import { SlowReaders } from './export/slow-readers.ts'
import { SpeakerGroups } from './export/speaker-groups.ts'
import { FaultLog } from './faults/fault-log.ts'
import type { FaultRing } from './faults/fault-ring.ts'
import type { ForecastGround } from './forecast/sessions.ts'
import { Intake } from './import/intake.ts'
import type { DoubtfulSets } from './import/reimport.ts'
import type { Attempt, Peer, PeerOwner } from './peers/peer.ts'
import { PeerTable } from './peers/peer-table.ts'
import { type PeersChange, peersChange } from './peers/peers-change.ts'
import { reconfigurePeers } from './peers/reconfigure-peers.ts'
import { AttachedPolicies } from './policies/attached-policies.ts'
import { Sessions } from './sessions.ts'
import type { SpeakerSettings } from './settings.ts'
import { OwnRoutes } from './sources/own-routes.ts'
import { Sources } from './sources/sources.ts'
import { StaleRoutes } from './sources/stale-routes.ts'
import { ToldAgain } from './sources/told-again.ts'
import { Turns } from './turns.ts'
import type { Link, LinkHandlers, World } from './world.ts'

/** What the speaker reports as it happens. All optional to hear. */
export interface SpeakerEvents {
  /** The session went from one state to another; `peer.lastError` says why one ended. */
  state(peer: Peer, from: StateName, to: StateName): void
  note(peer: Peer, why: string, attempt: Attempt): void
  /** Destinations whose best path changed, before the batch is let go. */
  changed(changes: Changes): void
  refused(remote: string, why: string): void
  /** A session with another domain has been told that this was all (End-of-RIB), for which it waited `ms`. `missing`: who had not told all even then, peers by name and listen ranges by prefix. */
  toldAll(peer: Peer, ms: number, missing: readonly string[]): void
}

export class Speaker {
  /** Changed by `reconfigure` alone. */
  settings: SpeakerSettings
  readonly sets = new AttributeSets()
  readonly rib: Rib
  /** Static peers and those that came by a listen range, by name. */
  readonly peers: ReadonlyMap<string, Peer>
  /** Whom each peer id in the RIB stands for. */
  readonly sources: Sources
  /** Routes made here. */
  readonly own: OwnRoutes
  /** Routes of domains that are lost. */
  readonly stale: StaleRoutes
  /** Messages in which something was wrong. */
  readonly faults: FaultRing
  /** Why a route is used or not, and sent or not; and what policy had refused of routes that are gone. */
  readonly explain: Explainer
  readonly refusals: RefusalRecord
  readonly slowReaders: SlowReaders
  private readonly world: World
  private readonly events: Partial<SpeakerEvents>
  private readonly table: PeerTable
  private readonly faultLog: FaultLog
  private readonly refusalWatch: RefusalWatch
  private readonly intake: Intake
  private readonly toldAgain: ToldAgain
  private readonly policies: AttachedPolicies
  private readonly belongings: Belongings
  private readonly groups: SpeakerGroups
  private readonly sessions: Sessions
  private readonly turns: Turns
  private readonly admissions: AdmissionClock<TimedAdmission>
  /** See `judgeMoves`. */
  private moves: TimedAdmission | null = null
  /** Domains whose sessions begin anew just now because something else crosses. */
  private anew: ReadonlySet<string> = new Set()
  private stopped = false

  constructor(settings: SpeakerSettings, family: NlriFamily, world: World, boundaries: Boundaries, events: Partial<SpeakerEvents>) {
    for (const { domain } of [...settings.peers, ...settings.listenRanges]) {
      // Without one nothing would be refused: a mistake of whoever put the settings together.
      if (domain !== null && !boundaries.has(domain)) throw new Error(`no boundary to domain ${domain}`)
    }
    this.settings = settings
    this.world = world
    this.events = events
    const now = () => world.now()
    const ask = () => this.turns.ask()
    const leave = (id: number) => this.leave(id)

    const rib = new Rib(family, this.sets)
    this.rib = rib
    const sources = new Sources(rib)
    this.sources = sources
    this.own = new OwnRoutes(rib, settings.routerId, sources, ask)
    this.stale = new StaleRoutes(rib, world, ask, leave)
    this.toldAgain = new ToldAgain(rib, sources, world, ask)
    this.faultLog = new FaultLog(settings.asn, now)
    this.faults = this.faultLog.ring
    this.intake = new Intake(rib, {
      endOfRib: (id) => this.sessions.told(id),
      spared: ({ peer }, reach, why, octets) => {
        const sender = sources.attachments[peer]?.peer
        if (sender !== undefined) this.faultLog.spared(sender, reach, why, octets)
      },
    })
    rib.onBadNlri = (id, why) => sources.attachments[id]?.inbound.fault('treat-as-withdraw', `malformed NLRI: ${why}`)
    this.admissions = new AdmissionClock(world, (admission) => this.admitted(admission))

    this.policies = new AttachedPolicies(settings, rib, sources)
    const exportAdmissions = new ExportAdmissions(world, rib, sources, boundaries, ask)
    this.belongings = new Belongings(this.sets, settings, sources, boundaries, this.policies.exports, exportAdmissions)
    const first = new FirstTelling(
      world,
      sources,
      () => this.settings,
      ({ peer }, ms, missing) => events.toldAll?.(peer, ms, missing),
    )
    this.groups = new SpeakerGroups(rib, sources, this.belongings, exportAdmissions, first)
    this.slowReaders = new SlowReaders(rib, this.faultLog)
    this.explain = new Explainer(rib, sources)
    this.refusalWatch = new RefusalWatch(rib, sources, this.groups, this.explain, now)
    this.refusals = this.refusalWatch.record
    const { intake, stale, groups, policies, belongings, slowReaders, refusals } = this
    this.sessions = new Sessions({ world, self: settings, boundaries, rib, sources, stale, intake, policies, groups, belongings, leave })

    const { reimport } = policies
    const changed = (changes: Changes) => events.changed?.(changes)
    const judged = () => this.watchAdmissions()
    this.turns = new Turns(world, { rib, sources, reimport, groups, exportAdmissions, slowReaders, refusals, judged, changed })
    this.table = new PeerTable(() => this.settings, [family], world, this.ownerOfPeers())
    this.peers = this.table.peers
    for (const peer of settings.peers) this.table.make(peer)
  }

  /** Starts every peer. */
  start(): void {
    for (const peer of this.peers.values()) peer.start()
  }

  /** Ends every session with Cease, Administrative Shutdown (RFC 4486, RFC 9003). */
  stop(message: string): void {
    this.stopped = true
    this.table.close()
    for (const peer of [...this.peers.values()]) peer.stop(CeaseSubcode.shutdown, message)
  }

  /** The session of a peer ends as an operator wants it (RFC 4486 §4), and begins anew. */
  reset(peer: Peer): void {
    peer.stop(CeaseSubcode.reset, '')
    this.table.resume(peer)
  }

  /** A peer is told all again, and asked for all that it has (RFC 2918). Returns whether it could be asked; null: its session is not up. */
  refreshBoth(peer: Peer): boolean | null {
    const attachment = this.sources.sessionOf(peer)
    if (attachment === undefined) return null
    attachment.group.members.walk(attachment.member, 'nothing')
    this.turns.ask()
    return askRefresh(peer, this.rib.family)
  }

  /** Takes a connection somebody has opened to us; null refuses it. */
  accept(link: Link): LinkHandlers | null {
    const { address } = link.remote
    if (this.stopped) return null
    const peer = this.table.atAddress(address)
    if (typeof peer !== 'string') return peer.accept(link)
    this.events.refused?.(address, peer)
    return null
  }

  /**
   * Other settings while it runs: peers come, go, begin anew or are changed under their session (`peers/peers-change.ts`), and other policies hold for those that
   * stand. Name, AS number and identifiers of the speaker itself stay what they are. Sessions of the domains in `anew` begin anew too: another boundary holds for
   * them. Import is asked again about the routes of the domains in `rejudged`. Returns what it did.
   */
  reconfigure(settings: SpeakerSettings, anew: ReadonlySet<string> = new Set(), rejudged: ReadonlySet<string> = new Set()): PeersChange {
    const change = peersChange(this.settings, settings, anew)
    this.settings = settings
    this.anew = anew
    reconfigurePeers(change, this.table)
    this.anew = new Set()
    const domains = new Set(settings.peers.map(({ domain }) => domain))
    for (const { domain } of this.stale.all) if (anew.has(domain) || !domains.has(domain)) this.stale.drop(domain)
    // Other limits may hold for what domains send.
    this.watchAdmissions()
    this.policies.adopt(settings, this.sources.standing)
    // Those of sessions that have ended too, while they are stale.
    for (const session of this.sources.attachments) {
      if (session !== undefined && rejudged.has(session.domain ?? '')) this.policies.reimport.begin(session.inbound)
    }
    this.groups.restrain()
    this.groups.regroup()
    this.policies.retain(settings)
    this.refusalWatch.watch(this.policies.any)
    this.turns.ask()
    return change
  }

  /**
   * Gives `admission` the last word on routes with MAC mobility, of whatever peer; not `asked`: nobody has it, and it only ends what it has begun. Called again
   * when it has something to do in time although no route has come.
   */
  judgeMoves(admission: TimedAdmission, asked: boolean): void {
    this.moves = asked ? admission : null
    this.rib.mobilityAdmission = this.moves
    this.admissions.watch(admission)
  }

  /**
   * The sets that `doubtful` names are judged anew, and their routes asked about where that says something else, in slices. Called again when there are some although
   * nothing has come.
   */
  judgeAnew(doubtful: DoubtfulSets): void {
    this.policies.reimport.doubtful = doubtful
    this.turns.ask()
  }

  /** Whether nothing is on its way from other settings or from a batch to somebody: what is told is what should be. */
  get settled(): boolean {
    return this.turns.settled
  }

  /** What a forecast asks about. */
  get forecastGround(): ForecastGround {
    const { rib, settings, sources, belongings, explain } = this
    return { rib, settings, sources, belongings, explain }
  }

  /** What becomes of what peers say. */
  private ownerOfPeers(): PeerOwner {
    return {
      up: (peer, connection, agreed) => {
        this.sessions.up(peer, connection, agreed)
        this.refusalWatch.watch(this.policies.any)
        this.turns.ask()
      },
      down: (peer) => {
        this.sessions.down(peer, this.endedByUs(peer))
        this.table.dropWhenIdle(peer)
        this.turns.ask()
      },
      state: (peer, from, to) => this.events.state?.(peer, from, to),
      update: (peer, bytes, from, to) => this.update(peer, bytes, from, to),
      refresh: (peer, refresh) => this.refresh(peer, refresh),
      fault: (peer, fault, octets) => this.faultLog.fatal(peer, fault, octets),
      drained: () => this.turns.ask(),
      note: (peer, why, attempt) => {
        this.events.note?.(peer, why, attempt)
        this.table.dropWhenIdle(peer)
      },
    }
  }

  /** Hot: once for every UPDATE. */
  private update(peer: Peer, bytes: Uint8Array, from: number, to: number): Event | null {
    const attachment = this.sources.sessionOf(peer)
    if (attachment === undefined || peer.standing === null) return null
    this.turns.ask()
    const { admission } = attachment
    if (admission !== null) admission.now = this.world.now()
    const fault = this.intake.update(attachment.inbound, bytes, from, to)
    if (admission !== null) this.admissions.watch(admission)
    if (this.moves?.busy === true) this.admissions.watch(this.moves)
    this.turns.relieve()
    if (fault === null) return null
    // A family cannot be disabled alone where it is the only one: the session is reset instead (RFC 7606 §2).
    const ending = fault.reach === 'session' ? fault : sessionFault(NotificationCode.update, UpdateSubcode.optionalAttribute, fault.why)
    this.faultLog.fatal(peer, ending, copyOf(bytes, from, to))
    return { is: 'fault', connection: peer.standing.connection.id, fault: ending }
  }

  private refresh(peer: Peer, refresh: RouteRefresh): void {
    const attachment = this.sources.sessionOf(peer)
    if (attachment === undefined) return
    this.toldAgain.hear(attachment, refresh)
    if (answerRefresh(peer, attachment.group, attachment.member, this.rib.family, refresh)) this.turns.ask()
  }

  /** Who has the last word on routes of domains may have something to do in time. */
  private watchAdmissions(): void {
    for (const { admission } of this.sources.standing) if (admission !== null) this.admissions.watch(admission)
  }

  /** An admission may have let routes in or out, and may want to hear all again. */
  private admitted(admission: TimedAdmission): void {
    if (admission.wantsRefresh) {
      admission.wantsRefresh = false
      for (const session of this.sources.standing) if (session.admission === admission) askRefresh(session.peer, this.rib.family)
    }
    this.turns.ask()
  }

  /** The routes of a peer id go, and then the id is free. */
  private leave(id: number): void {
    this.sources.ids.leave(id)
    this.turns.ask()
  }

  /** Whether it is we who want no more of a session that has ended. */
  private endedByUs(peer: Peer): boolean {
    const { name, domain } = peer.settings
    return this.stopped || this.peers.get(name) !== peer || (domain !== null && this.anew.has(domain))
  }
}
