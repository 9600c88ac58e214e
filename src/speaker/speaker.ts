/**
 * A BGP speaker: peers, one RIB, update groups, and the turns in which what came in goes out. Pure: the world (links, time, chance) is handed in.
 *
 *     link -> Connection -> Peer (session machine) -> Intake -> Rib --(end of turn)--> UpdateGroup -> link
 */
import { parseIp } from '../address/ip.ts'
import { Buckets } from '../advertise/buckets.ts'
import type { Exporter } from '../advertise/exporter.ts'
import { externalExporter, internalExporter, type Self, type Source } from '../advertise/exporters.ts'
import type { Member, MemberLink, Pace, WalkEnd } from '../advertise/member.ts'
import { toOldSpeaker } from '../advertise/old-speaker.ts'
import { underProfile } from '../advertise/profile.ts'
import type { UpdateGroup } from '../advertise/update-group.ts'
import { copyOf } from '../bytes/octets.ts'
import type { Gate } from '../policy/gate.ts'
import type { Origin } from '../policy/modules/module.ts'
import { NOBODY } from '../policy/route-draft.ts'
import { AttributeSets, NO_SET, type SetId, type Verdict } from '../rib/attribute-sets.ts'
import { Changes } from '../rib/changes.ts'
import { Rib } from '../rib/rib.ts'
import type { Agreed, Event, StateName } from '../session/door.ts'
import { type SessionFault, sessionFault } from '../wire/fault.ts'
import { MessageType } from '../wire/framing.ts'
import type { NlriFamily } from '../wire/nlri/family.ts'
import { CeaseSubcode } from '../wire/notification.ts'
import { RefreshSubtype, type RouteRefresh, writeRouteRefresh } from '../wire/route-refresh.ts'
import { explainExport, explainImport, type Passed } from './explain/explain.ts'
import type { RefusalRecord } from './explain/refusal-record.ts'
import { RefusalWatch } from './explain/refusal-watch.ts'
import { endOfRib } from './export/end-of-rib.ts'
import { KEPT_AT_LEAST, keepsTooMuch, readsTooSlowly, slowReaders } from './export/slow-readers.ts'
import { type Belonging, SpeakerGroups } from './export/speaker-groups.ts'
import { type FaultReach, FaultRing } from './faults/fault-ring.ts'
import type { ForecastGround } from './forecast/sessions.ts'
import { AdmissionClock, type TimedAdmission } from './import/admission-clock.ts'
import { ImportPolicy, type Passage } from './import/import-policy.ts'
import { Inbound, Intake } from './import/intake.ts'
import { Reimport } from './import/reimport.ts'
import { importBase, importVerdict } from './import/set-verdict.ts'
import type { Connection } from './peers/connection.ts'
import type { Peer, PeerOwner } from './peers/peer.ts'
import { PeerTable } from './peers/peer-table.ts'
import { type PeersChange, peersChange } from './peers/peers-change.ts'
import { reconfigurePeers } from './peers/reconfigure-peers.ts'
import { Gates } from './sessions/gates.ts'
import { PeerIds } from './sessions/peer-ids.ts'
import { type StaleFrom, StaleRoutes } from './sessions/stale-routes.ts'
import type { PeerSettings, SpeakerSettings } from './settings.ts'
import { BATCH, FORGET, MOVE_SLICE, PACE_MS, REIMPORT_SLICE } from './timing.ts'
import type { Link, LinkHandlers, World } from './world.ts'

const OPTIONAL_ATTRIBUTE_ERROR = 9

/** What sits at the boundary to another domain: see `federation/boundary.ts`. */
export interface BoundaryPolicy {
  readonly typeVerdicts: Int32Array
  importSet(sets: AttributeSets, set: SetId): Verdict
  exporter(sets: AttributeSets, self: Self, sourceOf: (peer: number) => Source | undefined): Exporter
  /** How long routes of the domain stand when all its sessions are down, in seconds; 0: they go with them. */
  readonly staleSeconds: number
  /** How fast a session with the domain is told what changes. `now`: ms. */
  pace(now: () => number): Pace
  /** The last word on its routes, the same for all sessions of the domain. `now` in ms. */
  admission(rib: Rib, now: number): TimedAdmission
}

/** What the speaker reports as it happens. All optional to hear. */
export interface SpeakerEvents {
  /** The session went from one state to another; `peer.lastError` says why one ended. */
  state(peer: Peer, from: StateName, to: StateName): void
  /** An attempt ended before it was Established. `met`: there was a connection, so that it is more than nobody being there. */
  note(peer: Peer, why: string, met: boolean): void
  /** Destinations whose best path changed, before the batch is let go. */
  changed(changes: Changes): void
  refused(remote: string, why: string): void
}

/** A peer's part in the RIB while its session stands. */
export interface Attachment extends Source, Passage {
  readonly peer: Peer
  readonly inbound: Inbound
  readonly agreed: Agreed
  readonly member: Member
  /** Others, when other policies are attached. */
  gate: Gate | null
  group: UpdateGroup
  /** Who has the last word on its routes; null: nobody. */
  readonly admission: TimedAdmission | null
  /** It has told all it has (End-of-RIB). */
  told: boolean
}

export class Speaker {
  /** Changed by `reconfigure` alone. */
  settings: SpeakerSettings
  readonly sets = new AttributeSets()
  readonly rib: Rib
  /** Static peers and those that came by a listen range, by name. */
  readonly peers: ReadonlyMap<string, Peer>
  /** Messages in which something was wrong. */
  readonly faults = new FaultRing()
  /** Standing sessions by peer id in the RIB. */
  readonly attachments: (Attachment | undefined)[] = []
  /** Routes gone that are kept at least for peers that do not read. */
  keptForSlow = KEPT_AT_LEAST
  private readonly sources: (Source | undefined)[] = []
  private readonly world: World
  private readonly events: Partial<SpeakerEvents>
  private readonly boundaries: ReadonlyMap<string, BoundaryPolicy>
  private readonly intake: Intake
  private readonly importGates: Gates
  private readonly exportGates: Gates
  private readonly importPolicy: ImportPolicy
  private readonly reimport: Reimport
  private readonly refusalWatch: RefusalWatch
  private readonly groups: SpeakerGroups<Attachment>
  private readonly byPeer = new Map<Peer, Attachment>()
  private readonly changes = new Changes()
  private readonly buckets = new Buckets()
  private readonly ids: PeerIds
  /** A turn has been asked for; and one when something is no longer too soon to tell. */
  private turnDue = false
  private laterDue = false
  private stopped = false
  private readonly table: PeerTable
  private readonly admissions: AdmissionClock
  private readonly stale: StaleRoutes
  /** See `judgeMoves`. */
  private moves: TimedAdmission | null = null
  /** Domains whose sessions begin anew just now because something else crosses. */
  private anew: ReadonlySet<string> = new Set()

  /** `boundaries` by name of the federated domain. */
  constructor(
    settings: SpeakerSettings,
    family: NlriFamily,
    world: World,
    boundaries: ReadonlyMap<string, BoundaryPolicy>,
    events: Partial<SpeakerEvents>,
  ) {
    this.settings = settings
    this.world = world
    this.events = events
    this.boundaries = boundaries
    this.rib = new Rib(family, this.sets)
    this.rib.addPeer({ id: 0, external: false, routerId: settings.routerId, address: new Uint8Array(4) })
    this.ids = new PeerIds(this.rib, (id) => {
      this.attachments[id] = undefined
      this.sources[id] = undefined
    })
    this.intake = new Intake(this.rib)
    this.admissions = new AdmissionClock(world, (admission) => this.admitted(admission))
    this.stale = new StaleRoutes(
      this.rib,
      world,
      () => this.turn(),
      (id) => this.leave(id),
    )
    this.intake.onEndOfRib = (id) => this.told(id)
    this.importGates = new Gates('import', settings.vnImport)
    this.exportGates = new Gates('export', settings.vnExport)
    this.importPolicy = new ImportPolicy(this.sets, (peer) => this.attachments[peer])
    this.rib.routeJudge = this.importPolicy
    this.reimport = new Reimport(this.rib, this.importPolicy, (peer) => this.attachments[peer]?.inbound)
    this.groups = new SpeakerGroups(
      this.rib,
      (peer) => this.originOf(peer),
      (member, end) => this.sayEnd(member, end),
      (attachment) => this.belongingOf(attachment, attachment.agreed, attachment.peer.settings),
    )
    this.refusalWatch = new RefusalWatch({
      rib: this.rib,
      now: () => world.now(),
      nameOf: (peer) => this.attachments[peer]?.peer.settings.name,
      groups: () => this.groups.all(),
      explainImport: (row) => this.explainImport(row),
    })
    this.sets.onMade.push((set) => {
      for (const group of this.groups.all()) group.forgetSet(set)
    })
    this.rib.onBadNlri = (peer, why) => this.attachments[peer]?.inbound.fault('treat-as-withdraw', `malformed NLRI: ${why}`)
    this.intake.onFault = (inbound, reach, why, octets) => {
      const peer = this.attachments[inbound.peer]?.peer
      if (peer !== undefined) this.record(peer, reach, why, null, octets)
    }
    const owner: PeerOwner = {
      up: (peer, connection, agreed) => this.attach(peer, connection, agreed),
      down: (peer) => this.detach(peer),
      state: (peer, from, to) => this.events.state?.(peer, from, to),
      update: (peer, bytes, from, to) => this.update(peer, bytes, from, to),
      refresh: (peer, refresh) => this.refresh(peer, refresh),
      fault: (peer, fault, octets) => this.record(peer, 'session-reset', fault.why, fault, octets),
      drained: () => this.turn(),
      note: (peer, why, met) => {
        this.events.note?.(peer, why, met)
        if (this.table.fromRange.has(peer)) this.world.soon(() => this.dropIdle(peer))
      },
    }
    this.table = new PeerTable(() => this.settings, [family], world, owner)
    this.peers = this.table.peers
    for (const { domain } of [...settings.peers, ...settings.listenRanges]) {
      // Without one nothing would be refused: a mistake of whoever put the settings together.
      if (domain !== null && !boundaries.has(domain)) throw new Error(`no boundary to domain ${domain}`)
    }
    for (const peer of settings.peers) this.table.make(peer)
  }

  /** Starts every peer. */
  start(): void {
    for (const peer of this.peers.values()) peer.start()
  }

  /** Ends every session with Cease, Administrative Shutdown (RFC 4486, RFC 9003). */
  stop(message: string): void {
    this.stopped = true
    for (const peer of [...this.peers.values()]) peer.stop(CeaseSubcode.shutdown, message)
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

  /** The standing session of a peer, or undefined. */
  attachmentOf(peer: Peer): Attachment | undefined {
    return this.byPeer.get(peer)
  }

  /**
   * Announces routes made here: canonical path attributes without LOCAL_PREF, next hop of 4 or 16 octets, NLRI octets. `source`: one of `addSource`,
   * or the speaker itself.
   */
  originate(nextHop: Uint8Array, attributes: Uint8Array, nlri: Uint8Array, source = 0): void {
    this.turn()
    this.intake.originate(source, nextHop, attributes, nlri)
  }

  /** Withdraws routes made here. */
  retract(nlri: Uint8Array, source = 0): void {
    this.rib.withdraw(source, nlri, 0, nlri.length)
    this.turn()
  }

  /** A source of routes made here that are told apart from all others, as if a peer had sent them. Returns its peer id. */
  addSource(source: Source): number {
    const id = this.ids.take()
    this.rib.addPeer({ id, external: source.external, routerId: source.routerId, address: new Uint8Array(4) })
    this.sources[id] = source
    return id
  }

  /** Takes back all that a source has announced, in slices; its id is given out again when that is done. */
  dropSource(id: number): void {
    this.ids.leave(id)
    this.turn()
  }

  /** Where routes of a peer id come from: a standing session, or a source of our own; undefined: the speaker itself. */
  sourceOf(peer: number): Source | undefined {
    return this.attachments[peer] ?? this.sources[peer]
  }

  /**
   * Other settings while it runs: peers come, go, begin anew or are changed under their session (`peers/peers-change.ts`). Name, AS number and identifiers of the
   * speaker itself stay what they are. Sessions of the domains in `anew` begin anew too: another boundary holds for them. Returns what it did.
   */
  reconfigure(settings: SpeakerSettings, anew: ReadonlySet<string> = new Set()): PeersChange {
    const change = peersChange(this.settings, settings, anew)
    this.settings = settings
    this.anew = anew
    reconfigurePeers(change, this.table)
    this.anew = new Set()
    const domains = new Set(settings.peers.map(({ domain }) => domain))
    for (const { domain } of this.stale.all) if (anew.has(domain) || !domains.has(domain)) this.stale.drop(domain)
    this.adoptPolicies()
    return change
  }

  /**
   * From now on this one has the last word on routes with MAC mobility, of whatever peer; not `asked`: nobody has, and it only ends what it has begun. Called again
   * when it has something to do in time that no route told it.
   */
  judgeMoves(admission: TimedAdmission, asked: boolean): void {
    this.moves = asked ? admission : null
    this.rib.mobilityAdmission = this.moves
    this.admissions.watch(admission)
  }

  /** Verdicts by route type on what a peer id sends; null: none. */
  typeVerdictsOf(peer: number): Int32Array | null {
    return this.attachments[peer]?.inbound.typeVerdicts ?? null
  }

  /** Whether nothing is on its way from other settings or from a batch to somebody: what is told is what should be. */
  get settled(): boolean {
    return this.rib.unsettled === 0 && !this.reimport.pending && !this.groups.moving
  }

  /** What a forecast asks about. */
  get forecastGround(): ForecastGround<Attachment> {
    const belongingOf = (of: Attachment) => this.belongingOf(of, of.agreed, of.peer.settings)
    return {
      rib: this.rib,
      settings: this.settings,
      sessions: [...this.byPeer.values()],
      belongingOf,
      originOf: (id) => this.originOf(id),
      explainImport: (row) => this.explainImport(row),
    }
  }

  /** What policy had refused of routes that are gone. */
  get refusals(): RefusalRecord {
    return this.refusalWatch.record
  }

  /** Of whom routes stand that are stale. */
  get staleFrom(): readonly StaleFrom[] {
    return this.stale.all
  }

  private attach(peer: Peer, connection: Connection, agreed: Agreed): void {
    const id = this.stale.takeUp(peer.settings.name) ?? this.ids.take()
    const address = parseIp(peer.settings.address)
    const external = !agreed.internal
    const boundary = this.boundaryOf(peer.settings.domain)
    // However much another domain has to say, local NVEs do not wait for it.
    if (boundary !== undefined) connection.link.giveWay()
    const admission = boundary?.admission(this.rib, this.world.now())
    const ribPeer = { id, external, routerId: agreed.peerRouterId, address: address.ok ? address.value : new Uint8Array(4) }
    this.rib.addPeer(admission === undefined ? ribPeer : { ...ribPeer, admission })
    const gateOf = () => this.attachments[id]?.gate ?? null
    const base = importBase(this.sets, this.settings, peer.settings.asn, external, boundary)
    const judge = importVerdict(base, gateOf, this.importPolicy)
    const inbound = new Inbound(id, agreed, agreed.families, judge, boundary?.typeVerdicts ?? null, peer.faults)
    inbound.base = base
    const gate = this.importGates.of(peer.settings.importPolicy)
    inbound.counted = this.countedBy(gate)
    const source: Source = {
      external,
      client: peer.settings.routeReflectorClient,
      routerId: agreed.peerRouterId,
      domain: peer.settings.domain,
    }
    // The source must be known before the group asks about it.
    const group = this.groups.of(this.belongingOf(source, agreed, peer.settings))
    const link: MemberLink = {
      write: (octets, messages) => connection.write(octets, MessageType.update, messages),
      get pending() {
        return connection.link.pending
      },
      pace: boundary?.pace(() => this.world.now()) ?? null,
    }
    const member = group.join(id, link, 'end-of-rib')
    const attachment: Attachment = {
      ...source,
      origin: originOfPeer(peer, external),
      gate,
      peer,
      agreed,
      inbound,
      group,
      member,
      admission: admission ?? null,
      told: false,
    }
    this.attachments[id] = attachment
    this.watchRefusals()
    this.byPeer.set(peer, attachment)
    this.turn()
  }

  private detach(peer: Peer): void {
    const attachment = this.byPeer.get(peer)
    if (attachment !== undefined) {
      this.byPeer.delete(peer)
      attachment.group.leave(attachment.member)
      this.groups.dropIfEmpty(attachment.group)
      this.intake.close(attachment.inbound)
      const { inbound, domain } = attachment
      const staleSeconds = this.staleSecondsOf(peer)
      if (domain !== null && staleSeconds > 0) this.stale.keep(domain, peer.settings.name, inbound.peer, 1000 * staleSeconds)
      else this.leave(inbound.peer)
    }
    if (this.table.fromRange.has(peer)) this.world.soon(() => this.dropIdle(peer))
    this.turn()
  }

  /** How long the routes of a session that has just ended stand: while another one of its domain has told all, or it is we who want no more of it, not at all. */
  private staleSecondsOf(peer: Peer): number {
    const { domain, name } = peer.settings
    if (domain === null || this.stopped || this.anew.has(domain) || this.peers.get(name) !== peer) return 0
    for (const other of this.byPeer.values()) if (other.domain === domain && other.told) return 0
    return this.boundaries.get(domain)?.staleSeconds ?? 0
  }

  /** The routes of a peer id go, and then the id is free. */
  private leave(id: number): void {
    this.ids.leave(id)
    this.turn()
  }

  /** Forgets a peer of a listen range that has no connection any more. */
  private dropIdle(peer: Peer): void {
    if (!peer.connected && this.table.fromRange.has(peer)) this.table.drop(peer, CeaseSubcode.deconfigured)
  }

  private update(peer: Peer, bytes: Uint8Array, from: number, to: number): Event | null {
    const attachment = this.byPeer.get(peer)
    if (attachment === undefined || peer.standing === null) return null
    this.turn()
    const { admission } = attachment
    if (admission !== null) admission.now = this.world.now()
    const fault = this.intake.update(attachment.inbound, bytes, from, to)
    if (admission !== null) this.admissions.watch(admission)
    if (this.moves?.busy === true) this.admissions.watch(this.moves)
    if (this.rib.unsettled >= BATCH) this.flush()
    if (fault === null) return null
    // A family cannot be disabled alone where it is the only one: the session is reset instead (RFC 7606 §2).
    const ending = fault.reach === 'session' ? fault : sessionFault(3, OPTIONAL_ATTRIBUTE_ERROR, fault.why)
    this.record(peer, 'session-reset', ending.why, ending, copyOf(bytes, from, to))
    return { is: 'fault', connection: peer.standing.connection.id, fault: ending }
  }

  /** A session has told all it has. */
  private told(id: number): void {
    const attachment = this.attachments[id]
    if (attachment === undefined) return
    attachment.told = true
    if (attachment.domain !== null) this.stale.told(attachment.domain)
  }

  /** Keeps a message in which something was wrong for `show errors`. */
  private record(peer: Peer, reach: FaultReach, why: string, notification: SessionFault | null, octets: Uint8Array): void {
    if (reach === 'session-reset') peer.faults.add(reach, why)
    const { name, address } = peer.settings
    this.faults.add({
      at: this.world.now(),
      peer: name,
      address,
      reach,
      why,
      notification: notification === null ? null : { code: notification.code, subcode: notification.subcode },
      octets,
      fourOctetAs: peer.standing?.agreed.fourOctetAs ?? true,
      internal: peer.settings.asn === this.settings.asn,
    })
  }

  private refresh(peer: Peer, refresh: RouteRefresh): void {
    const attachment = this.byPeer.get(peer)
    const standing = peer.standing
    if (attachment === undefined || standing === null) return
    const { family } = this.rib
    if (refresh.afi !== family.afi || refresh.safi !== family.safi) {
      peer.faults.add('ignored', 'route refresh for a family not agreed')
      return
    }
    if (refresh.subtype !== RefreshSubtype.normal) return
    if (standing.agreed.enhancedRouteRefresh) this.sayRefresh(standing.connection, RefreshSubtype.begin)
    attachment.group.walk(attachment.member, standing.agreed.enhancedRouteRefresh ? 'end-of-refresh' : 'nothing')
    this.turn()
  }

  /** An admission may have let routes in or out, and may want to hear all again. */
  private admitted(admission: TimedAdmission): void {
    this.rib.nowSeconds = Math.floor(this.world.now() / 1000)
    if (admission.wantsRefresh) {
      admission.wantsRefresh = false
      for (const { admission: other, peer } of this.byPeer.values()) {
        if (other !== admission || peer.standing?.agreed.routeRefresh !== true) continue
        this.sayRefresh(peer.standing.connection, RefreshSubtype.normal)
      }
    }
    this.turn()
  }

  private sayRefresh(connection: Connection, subtype: RouteRefresh['subtype']): void {
    const out = new Uint8Array(32)
    const { afi, safi } = this.rib.family
    connection.write(out.subarray(0, writeRouteRefresh({ afi, safi, subtype }, out, 0)), MessageType.routeRefresh)
  }

  private sayEnd(member: Member, end: WalkEnd): void {
    const connection = this.attachments[member.peer]?.peer.standing?.connection
    if (connection === undefined) return
    if (end === 'end-of-rib') connection.write(endOfRib(this.rib.family), MessageType.update)
    else if (end === 'end-of-refresh') this.sayRefresh(connection, RefreshSubtype.end)
  }

  /** What decides what a session with `source` at its other end is told. */
  private belongingOf(source: Source, agreed: Agreed, { profile, exportPolicy, domain }: PeerSettings): Belonging {
    const self: Self = this.settings
    const boundary = this.boundaryOf(domain)
    const sourceOf = (peer: number) => this.sourceOf(peer)
    let exporter: Exporter
    if (boundary !== undefined) exporter = boundary.exporter(this.sets, self, sourceOf)
    else if (source.external) exporter = externalExporter(this.sets, self, sourceOf)
    else exporter = internalExporter(this.sets, self, sourceOf, source.client)
    if (profile !== null) exporter = underProfile(exporter, this.sets, profile)
    if (!agreed.fourOctetAs) exporter = toOldSpeaker(exporter)
    const gate = this.exportGates.of(exportPolicy)
    return { exporter, maxMessage: agreed.maxMessage, gate, gateNumber: this.exportGates.numberOf(gate) }
  }

  /** Where routes of a peer id come from, as policy sees it. */
  private originOf(peer: number): Origin {
    const source = this.sources[peer]
    if (source === undefined) return this.attachments[peer]?.origin ?? NOBODY
    return { ...NOBODY, domain: source.domain, external: source.external }
  }

  /** Other policies hold for sessions that stand: what they sent is asked about again, and they are told what differs. */
  private adoptPolicies(): void {
    const { vnImport, vnExport } = this.settings
    this.importGates.adopt(vnImport)
    this.exportGates.adopt(vnExport)
    for (const attachment of this.byPeer.values()) {
      const gate = this.importGates.of(attachment.peer.settings.importPolicy)
      if (gate === attachment.gate) continue
      attachment.gate = gate
      attachment.inbound.counted = this.countedBy(gate)
      this.reimport.begin(attachment.inbound)
    }
    this.groups.regroup(this.byPeer.values())
    const { peers, listenRanges } = this.settings
    this.importGates.retain(new Set([...peers, ...listenRanges].map(({ importPolicy }) => importPolicy)))
    this.exportGates.retain(new Set([...peers, ...listenRanges].map(({ exportPolicy }) => exportPolicy)))
    this.watchRefusals()
    this.turn()
  }

  /** Why the path in `row` is used or not; null: its peer is gone, or it was made here. */
  explainImport(row: number): Passed | null {
    const attachment = this.attachments[this.rib.peerOf(row)]
    return attachment === undefined ? null : explainImport(this.rib, row, attachment.inbound, attachment.gate, attachment.origin)
  }

  /** Why the route to `dest` is sent to a peer or not; null: nothing is advertised for it, or it is the peer's own. */
  explainExport(dest: number, { group, inbound }: Attachment): Passed | null {
    const { rib } = this
    const set = rib.isLive(dest) ? rib.destAdvertised[dest]! : NO_SET
    const row = rib.destBest[dest]!
    if (set === NO_SET || row < 0 || this.sets.peer[set] === inbound.peer) return null
    return explainExport(rib, group, dest, set, row)
  }

  /** Nobody is asked about what goes where nothing can have been refused. */
  private watchRefusals(): void {
    const policed = this.importGates.any || this.exportGates.any
    this.rib.onRemove = policed ? (row) => this.refusalWatch.gone(row) : null
  }

  private countedBy(gate: Gate | null): Inbound['counted'] {
    return gate === null ? null : (set, routes) => this.importPolicy.count(gate, set, routes)
  }

  private boundaryOf(domain: string | null): BoundaryPolicy | undefined {
    return domain === null ? undefined : this.boundaries.get(domain)
  }

  /** Asks for a turn: settle, publish, go on with walks. What is learned then is asked for first: once in a turn is often enough for ages in seconds. */
  private turn(): void {
    if (this.turnDue) return
    this.turnDue = true
    this.rib.nowSeconds = Math.floor(this.world.now() / 1000)
    this.world.soon(() => {
      this.turnDue = false
      this.runTurn()
    })
  }

  /** There is something to tell, and it is too soon. */
  private turnLater(): void {
    if (this.laterDue) return
    this.laterDue = true
    this.world.after(PACE_MS, () => {
      this.laterDue = false
      this.turn()
    })
  }

  private runTurn(): void {
    this.refusalWatch.record.newTurn()
    this.ids.advance(FORGET)
    if (this.reimport.pending) this.reimport.advance(REIMPORT_SLICE)
    this.flush()
    if (keepsTooMuch(this.rib, this.keptForSlow)) this.endSlow()
    let more = this.ids.busy || this.rib.unsettled > 0 || this.reimport.pending
    if (this.rib.unsettled === 0) {
      if (this.groups.moving) {
        this.groups.advance(MOVE_SLICE, this.byPeer.values())
        more = true
      }
      for (const group of this.groups.all()) {
        if (!group.busy) continue
        group.advance()
        if (group.ready) more = true
        else if (group.paced) this.turnLater()
      }
      this.ids.reclaim()
    }
    if (more) this.turn()
  }

  /** Sessions whose peers do not read end before what is kept for them has no bound. */
  private endSlow(): void {
    const fault = readsTooSlowly(this.rib)
    for (const { peer } of slowReaders(this.byPeer.values())) {
      const connection = peer.standing?.connection
      if (connection === undefined) continue
      this.record(peer, 'session-reset', fault.why, fault, new Uint8Array(0))
      peer.event({ is: 'fault', connection: connection.id, fault })
    }
  }

  private flush(): void {
    const { rib, changes, buckets } = this
    rib.settle(changes, BATCH)
    if (changes.count > 0) {
      buckets.arrange(changes)
      for (const group of this.groups.all()) group.publish(changes, buckets)
      this.events.changed?.(changes)
    }
    rib.finish(changes)
  }
}

/** A peer, as policy sees where its routes come from. */
function originOfPeer({ settings: { name, group, domain, asn } }: Peer, external: boolean): Origin {
  return { name, group, domain, asn, external }
}
