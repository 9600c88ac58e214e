/**
 * A whole speaker with in-memory links. Three peers send the inputs (internal, external, internal with 2-octet AS numbers), others only listen. The
 * speaker is one and the same all campaign long, so that whatever it does not let go of shows.
 */

import { isDeepStrictEqual } from 'node:util'
import { ByteKey, KEY_START } from '../../src/bytes/byte-key.ts'
import { hex, same, u8 } from '../../src/bytes/octets.ts'
import { END_OF_RIB } from '../../src/config/settings/settings-of.ts'
import { MAX_REASONS } from '../../src/rib/import-counts.ts'
import { negotiate } from '../../src/session/negotiate.ts'
import type { PeerSettings } from '../../src/speaker/settings.ts'
import { Speaker } from '../../src/speaker/speaker.ts'
import { mergeAs4Path } from '../../src/wire/attribute/as4.ts'
import { pathAttribute } from '../../src/wire/attribute/table.ts'
import { HEADER_LENGTH, MAX_EXTENDED_MESSAGE, MAX_MESSAGE, MessageCutter, MessageType } from '../../src/wire/framing.ts'
import { writeKeepalive } from '../../src/wire/keepalive.ts'
import { readMessage } from '../../src/wire/message.ts'
import { L2VPN_EVPN } from '../../src/wire/negotiated.ts'
import { evpn } from '../../src/wire/nlri/evpn/evpn.ts'
import { type Notification, readNotification } from '../../src/wire/notification.ts'
import { type Open, readOpen, writeOpen } from '../../src/wire/open.ts'
import { UpdateScan } from '../../src/wire/update-scan.ts'
import { type AttributesView, readAttribute, type UpdateView } from '../../src/wire/update-view.ts'
import type { Chance } from './chance.ts'
import { keyOf, latin1, listed, octetsOf, type Reaction, type RouteChange, reactionTo } from './expected.ts'
import { Finding, rule, type Stopwatch } from './finding.ts'
import { StillWorld, Wire } from './still-world.ts'
import { LONGEST_MS, pieces } from './wire-target.ts'

const ASN = 65001
const ROUTER_ID = 0xc00002fe
/** Octets of data that fit into a NOTIFICATION. */
const MOST_DATA = MAX_MESSAGE - HEADER_LENGTH - 2
/** Routes of one message that are looked up in the RIB. */
const LOOKED_UP = 24
const KEEPALIVE = new Uint8Array(HEADER_LENGTH)
writeKeepalive(KEEPALIVE, 0)

interface Who {
  readonly name: string
  readonly address: string
  readonly asn: number
  readonly client?: boolean
  readonly fourOctetAs?: boolean
  readonly extended?: boolean
}

const FEEDS: readonly Who[] = [
  { name: 'inside', address: '192.0.2.1', asn: ASN, client: true, extended: true },
  { name: 'outside', address: '192.0.2.2', asn: 65002, extended: true },
  { name: 'old', address: '2001:db8::3', asn: ASN, fourOctetAs: false },
]
const LISTENERS: readonly Who[] = [
  { name: 'client', address: '192.0.2.11', asn: ASN, client: true, extended: true },
  { name: 'plain', address: '192.0.2.12', asn: ASN },
  { name: 'leaf', address: '192.0.2.13', asn: 65013, extended: true },
  { name: 'narrow', address: '192.0.2.14', asn: 65014, fourOctetAs: false },
]
const OPENER: Who = { name: 'opener', address: '192.0.2.21', asn: ASN }

function settingsOf({ name, address, asn, client = false }: Who): PeerSettings {
  return {
    name,
    address,
    asn,
    role: 'plain',
    group: null,
    domain: null,
    port: 179,
    passive: true,
    localAddress: null,
    password: null,
    routeReflectorClient: client,
    profile: null,
    importPolicy: null,
    exportPolicy: null,
    holdTimeSeconds: 90,
    connectRetrySeconds: 120,
    sendHoldSeconds: 0,
  }
}

function openOf({ address, asn, fourOctetAs = true, extended = false }: Who): Open {
  const capabilities = [
    { code: 1, value: Uint8Array.of(0, 25, 0, 70) },
    { code: 2, value: new Uint8Array(0) },
  ]
  if (fourOctetAs) capabilities.push({ code: 65, value: Uint8Array.of(0, 0, asn >>> 8, asn) })
  if (extended) capabilities.push({ code: 6, value: new Uint8Array(0) })
  const last = Number(address.split(/[.:]/).at(-1))
  // A hold time of 0: no time passes here.
  return { version: 4, myAs: asn, holdTimeSeconds: 0, routerId: 0xc0000200 + last, capabilities }
}

/** The far end of a connection with the speaker. */
class Neighbor {
  readonly who: Who
  /** What it has announced: key to NLRI. */
  readonly announced = new Map<string, string>()
  /** What it has heard: key to NLRI. */
  readonly heard = new Map<string, string>()
  wire: Wire | null = null
  private readonly cutter = new MessageCutter()

  constructor(who: Who) {
    this.who = who
    this.cutter.maxReceive = who.extended ? MAX_EXTENDED_MESSAGE : MAX_MESSAGE
  }

  get context() {
    const { asn, fourOctetAs = true, extended = false } = this.who
    return { internal: asn === ASN, fourOctetAs, extendedMessage: extended }
  }

  /** Whole messages that have come from the speaker. */
  read(): Uint8Array[] {
    const messages: Uint8Array[] = []
    for (const octets of this.wire?.take() ?? []) {
      const fault = this.cutter.push(octets, (bytes, from, to) => {
        messages.push(bytes.slice(from, to))
        return true
      })
      rule(fault === null, 'speaks in messages', () => `${this.who.name}: ${fault?.why}`)
    }
    return messages
  }
}

/** What a campaign has seen happen. */
export class Tally {
  /** Sessions that have ended, by the NOTIFICATION that ended them. */
  readonly endings = new Map<string, number>()
  learned = 0
  withdrawn = 0
  heard = 0
}

export class LiveTarget {
  readonly world = new StillWorld()
  readonly speaker: Speaker
  private readonly feeds = FEEDS.map((who) => new Neighbor(who))
  private readonly listeners = LISTENERS.map((who) => new Neighbor(who))
  private readonly watch: Stopwatch
  private readonly tally: Tally
  private readonly scan = new UpdateScan()
  private readonly key = new ByteKey(512)
  private readonly nlri = new Uint8Array(1024)

  constructor(watch: Stopwatch, tally: Tally) {
    this.watch = watch
    this.tally = tally
    const peers = [...FEEDS, ...LISTENERS, OPENER].map(settingsOf)
    const settings = {
      name: 'fuzzed',
      asn: ASN,
      routerId: ROUTER_ID,
      clusterId: ROUTER_ID,
      peers,
      listenRanges: [],
      endOfRib: END_OF_RIB,
      vnImport: null,
      vnExport: null,
    }
    this.speaker = new Speaker(settings, evpn, this.world, new Map(), {})
    this.speaker.start()
    for (const listener of this.listeners) this.connect(listener)
  }

  /** One input to a feed; now and then to all of them, so that routes of several sources meet. */
  take(octets: Uint8Array, chance: Chance): void {
    for (const feed of chance.once(6) ? this.feeds : [chance.pick(this.feeds)]) this.feed(feed, octets, chance)
    if (octets[18] === MessageType.open || chance.once(32)) this.greet(octets, chance)
  }

  /** All feeds leave: nothing of theirs may be left anywhere. */
  rest(): void {
    this.compareListeners()
    for (const feed of this.feeds) if (feed.wire !== null) this.lose(feed)
    this.world.settle()
    this.listen()
    const { rib, sources } = this.speaker
    const rests = Reflect.get(rib, 'rests') as { size: number }
    const groups = Reflect.get(this.speaker, 'groups') as { size: number }
    const held = { paths: rib.paths, best: rib.best, destinations: rib.destinations.size, sets: rib.sets.table.size, rests: rests.size }
    rule(
      Object.values(held).every((count) => count === 0),
      'lets everything go',
      () => JSON.stringify(held),
    )
    rule(groups.size <= LISTENERS.length, 'lets groups go', () => `${groups.size} groups`)
    rule(sources.attachments.length <= 64, 'gives ids back', () => `${sources.attachments.length} ids`)
    rule(this.world.alarms.size <= 4 * 16, 'lets timers go', () => `${this.world.alarms.size} timers`)
    for (const { who, heard } of this.listeners)
      rule(heard.size === 0, 'withdraws everything', () => `${who.name} still has ${heard.size} routes`)
  }

  private feed(feed: Neighbor, octets: Uint8Array, chance: Chance): void {
    if (feed.wire === null) this.connect(feed)
    const wire = feed.wire!
    // What must happen, message by message, before it does.
    const { reactions, complete } = this.foresee(feed, octets)
    const parts = chance.once(2) ? [octets] : pieces(octets, chance)
    this.watch.time(`session ${feed.who.name}`, LONGEST_MS, () => {
      for (const part of parts) {
        const borrowed = Buffer.from(part)
        if (!wire.closed) wire.handlers!.received(borrowed)
        borrowed.fill(0xee)
      }
      this.world.settle()
    })
    const said = feed.read()
    const last = reactions.at(-1)
    if (last?.is === 'ends' || last?.is === 'ended') {
      this.checkEnd(feed, last, said)
      this.listen()
      return
    }
    rule(!wire.closed, 'keeps the session', () => `${feed.who.name}: ended with ${notificationsOf(said).map(shown).join(' ') || 'nothing'}`)
    for (const reaction of reactions) if (reaction.is === 'goes-on') this.follow(feed, reaction.routes)
    this.checkRib(feed, reactions, chance)
    for (const message of said) if (message[18] === MessageType.update) this.hear(feed, message)
    this.listen()
    if (!complete) this.lose(feed)
  }

  private foresee(feed: Neighbor, octets: Uint8Array): { reactions: Reaction[]; complete: boolean } {
    const reactions: Reaction[] = []
    const cutter = new MessageCutter()
    cutter.maxReceive = MAX_EXTENDED_MESSAGE
    let seen = 0
    const fault = cutter.push(octets, (bytes, from, to) => {
      seen = to
      const reaction = reactionTo(bytes.slice(from, to), { ...feed.context, extendedMessage: true })
      reactions.push(reaction)
      return reaction.is === 'goes-on'
    })
    if (fault !== null) reactions.push({ is: 'ends', with: [fault] })
    return { reactions, complete: seen === octets.length }
  }

  private checkEnd(feed: Neighbor, reaction: Reaction, said: readonly Uint8Array[]): void {
    const { name } = feed.who
    const told = notificationsOf(said)
    if (reaction.is === 'ended') rule(told.length === 0, 'says nothing to a NOTIFICATION', () => `${name}: ${told.map(shown).join(' ')}`)
    if (reaction.is === 'ends') {
      const one = told[0]
      const right = told.length === 1 && one !== undefined && reaction.with.some((wanted) => sameNotification(wanted, one))
      rule(
        right,
        'ends as ordered',
        () => `${name}: ${told.map(shown).join(' ') || 'nothing'} said, ${reaction.with.map(shown).join(' or ')} wanted`,
      )
    }
    rule(feed.wire!.closed, 'closes what has ended', () => name)
    this.count(told[0])
    feed.wire = null
    feed.announced.clear()
    feed.heard.clear()
  }

  private count(notification: Notification | undefined): void {
    const how = notification === undefined ? 'by the peer' : `${notification.code}/${notification.subcode}`
    this.tally.endings.set(how, (this.tally.endings.get(how) ?? 0) + 1)
  }

  private follow(feed: Neighbor, routes: readonly RouteChange[]): void {
    for (const { key, nlri } of routes) {
      if (nlri !== null) {
        feed.announced.set(key, nlri)
        this.tally.learned++
      } else if (feed.announced.delete(key)) this.tally.withdrawn++
    }
  }

  /** The Adj-RIB-In is what the cold view shows. */
  private checkRib(feed: Neighbor, reactions: readonly Reaction[], chance: Chance): void {
    const { rib } = this.speaker
    const { name } = feed.who
    const peer = this.idOf(feed)
    rule(
      rib.receivedFrom(peer) === feed.announced.size,
      'learns what is announced',
      () => `${name}: ${rib.receivedFrom(peer)} paths, ${feed.announced.size} announced`,
    )
    for (const reaction of reactions) {
      if (reaction.is !== 'goes-on') continue
      for (const { key } of reaction.routes.slice(0, LOOKED_UP)) {
        const row = this.rowOf(peer, key)
        const wanted = feed.announced.get(key)
        rule(
          row >= 0 === (wanted !== undefined),
          'learns what is announced',
          () => `${name}: ${hex(octetsOf(key))} ${row >= 0 ? 'is' : 'is not'} there`,
        )
        if (row < 0) continue
        const nlri = latin1(this.nlri, 0, rib.writeNlri(row, this.nlri, 0))
        rule(nlri === wanted, 'keeps NLRI octets', () => `${name}: ${hex(octetsOf(nlri))} of ${hex(octetsOf(wanted!))}`)
      }
    }
    const last = reactions.length === 1 ? reactions[0] : undefined
    if (last?.is === 'goes-on' && last.message?.type === 'UPDATE' && chance.once(4)) this.checkSet(feed, peer, last.routes, last.message)
  }

  /** The attribute set of what was learned says what the cold view says. */
  private checkSet(feed: Neighbor, peer: number, routes: readonly RouteChange[], message: UpdateView): void {
    const learned = routes.findLast(({ key }) => feed.announced.has(key))
    if (learned === undefined) return
    const { sets, rows } = this.speaker.rib
    const set = rows.set[this.rowOf(peer, learned.key)]!
    const octets = sets.octets(set).slice(sets.attributesAt(set), sets.attributesEnd(set))
    const kept = readAttribute(octets, { fourOctetAs: true, internal: true }, [])
    const wanted = canonical(message.attributes, feed.context)
    if (!feed.context.fourOctetAs) {
      // Merged with its twin; shown apart in the cold view.
      Reflect.deleteProperty(wanted, 'aggregator')
      Reflect.deleteProperty(kept, 'aggregator')
    }
    rule(
      isDeepStrictEqual(kept, wanted),
      'keeps attributes',
      () => `${feed.who.name}: ${JSON.stringify(kept)} of ${JSON.stringify(wanted)}`,
    )
  }

  private rowOf(peer: number, key: string): number {
    const { rib } = this.speaker
    const octets = octetsOf(key)
    this.key.octets.set(octets, KEY_START)
    this.key.seal(KEY_START + octets.length)
    const dest = rib.destinations.find(this.key)
    if (dest < 0) return -1
    let row = rib.firstRow(dest)
    while (row >= 0 && rib.peerOf(row) !== peer) row = rib.nextRow(row)
    return row
  }

  /** What the listeners are told is sound, and its NLRI octets are those of a feed. */
  private listen(): void {
    for (const listener of [...this.listeners, ...this.feeds]) {
      for (const message of listener.read()) if (!isRefresh(message)) this.hear(listener, message)
    }
  }

  private hear(listener: Neighbor, message: Uint8Array): void {
    const { name } = listener.who
    const { faults } = readMessage(message, listener.context)
    rule(faults.length === 0, 'speaks without fault', () => `to ${name}: ${faults.map(({ why }) => why).join('; ')}: ${hex(message)}`)
    rule(u8(message, 18) === MessageType.update, 'speaks in UPDATEs', () => `to ${name}: type ${u8(message, 18)}`)
    this.tally.heard++
    const { scan } = this
    scan.scan(message, 0, message.length)
    if (scan.unreachAfi !== 0) {
      for (const at of listed(message, scan.unreachFrom, scan.unreachTo)) listener.heard.delete(keyOf(message, at))
    }
    if (scan.reachAfi === 0) return
    for (const at of listed(message, scan.reachFrom, scan.reachTo)) {
      const key = keyOf(message, at)
      const nlri = latin1(message, at, at + 2 + u8(message, at + 1))
      rule(
        this.feeds.some(({ announced }) => announced.get(key) === nlri),
        'passes NLRI on as they came',
        () => `to ${name}: ${hex(octetsOf(nlri))}`,
      )
      listener.heard.set(key, nlri)
    }
  }

  /** Each peer has what the speaker says it was sent; a client has the best path of every destination. */
  private compareListeners(): void {
    const { speaker } = this
    for (const { who, heard, wire } of [...this.listeners, ...this.feeds]) {
      if (wire === null) continue
      const attachment = speaker.sources.sessionOf(speaker.peers.get(who.name)!)
      rule(attachment !== undefined, 'keeps bystanders', () => `${who.name} has lost its session`)
      const sent = attachment.group.sentTo(attachment.member.peer)
      rule(sent === heard.size, 'counts what it sends', () => `${who.name}: ${sent} counted, ${heard.size} heard`)
      if (who.name !== 'client') continue
      const withheld = Array.from({ length: MAX_REASONS }, (_, reason) => attachment.group.withheldFor(reason)).reduce(
        (sum, count) => sum + count,
        0,
      )
      rule(
        heard.size + withheld === speaker.rib.best,
        'tells clients everything',
        () => `${heard.size} and ${withheld} withheld of ${speaker.rib.best}`,
      )
    }
  }

  private idOf(neighbor: Neighbor): number {
    const attachment = this.speaker.sources.sessionOf(this.speaker.peers.get(neighbor.who.name)!)
    rule(attachment !== undefined, 'is Established', () => neighbor.who.name)
    return attachment.inbound.peer
  }

  private connect(neighbor: Neighbor): void {
    const wire = this.dial(neighbor.who)
    neighbor.wire = wire
    const out = new Uint8Array(MAX_MESSAGE)
    wire.handlers!.received(out.slice(0, writeOpen(openOf(neighbor.who), out, 0)))
    wire.handlers!.received(Uint8Array.from(KEEPALIVE))
    this.world.settle()
    const [open, keepalive, ...table] = neighbor.read()
    rule(open?.[18] === MessageType.open && keepalive?.[18] === MessageType.keepalive, 'is Established', () => neighbor.who.name)
    for (const message of table) this.hear(neighbor, message)
  }

  private dial(who: Who): Wire {
    const wire = new Wire(who.address)
    wire.handlers = this.speaker.accept(wire)
    rule(wire.handlers !== null, 'accepts its peers', () => who.name)
    return wire
  }

  private lose(neighbor: Neighbor): void {
    neighbor.wire!.handlers!.closed('connection reset')
    this.world.settle()
    neighbor.read()
    neighbor.wire = null
    neighbor.announced.clear()
    neighbor.heard.clear()
    this.listen()
  }

  /** The input as the first octets of a peer: in OpenSent, and on as far as it comes. */
  private greet(octets: Uint8Array, chance: Chance): void {
    const opener = new Neighbor({ ...OPENER, extended: true })
    const wire = this.dial(OPENER)
    opener.wire = wire
    const ours = opener.read()[0]
    rule(ours?.[18] === MessageType.open, 'opens with an OPEN', () => hex(ours ?? new Uint8Array(0)))
    const wanted = this.foreseeGreeting(octets, ours)
    this.watch.time('greeting', LONGEST_MS, () => {
      for (const part of pieces(octets, chance)) if (!wire.closed) wire.handlers!.received(Buffer.from(part))
      this.world.settle()
    })
    const told = notificationsOf(opener.read())
    const ended = wanted?.is === 'ends' || wanted?.is === 'ended'
    rule(wire.closed === ended, 'answers an OPEN as ordered', () => `${wire.closed ? 'closed' : 'open'}: ${told.map(shown).join(' ')}`)
    if (wanted?.is === 'ends') {
      const one = told[0]
      rule(
        one !== undefined && told.length === 1 && wanted.with.some((other) => sameNotification(other, one)),
        'answers an OPEN as ordered',
        () => `${told.map(shown).join(' ') || 'nothing'} said, ${wanted.with.map(shown).join(' or ')} wanted`,
      )
      this.count(one)
    } else rule(told.length === 0, 'answers an OPEN as ordered', () => told.map(shown).join(' '))
    if (!wire.closed) wire.handlers!.closed('connection reset')
    this.world.settle()
    const peer = this.speaker.peers.get(OPENER.name)!
    rule(!peer.connected && peer.standing === null, 'ends what is closed', () => OPENER.name)
    this.listen()
  }

  /** null: nothing that ends it. */
  private foreseeGreeting(octets: Uint8Array, ours: Uint8Array): Reaction | null {
    const mine = readOpen(ours, HEADER_LENGTH, ours.length)
    if ('reach' in mine) throw new Finding('opens with an OPEN', mine.why)
    const offer = mine.capabilities.some(({ code }) => code === 6) ? 'whole' : 'plain'
    let state: 'OpenSent' | 'OpenConfirm' | 'Established' = 'OpenSent'
    let outcome: Reaction | null = null
    const out: { at: Reaction | null } = { at: null }
    const cutter = new MessageCutter()
    const fault = cutter.push(octets, (bytes, from, to, type) => {
      const message = bytes.slice(from, to)
      const { faults } = readMessage(message, { fourOctetAs: true, internal: true })
      const fatal = faults.filter(({ reach }) => reach === 'session')
      const wrong = { code: 5, subcode: state === 'OpenSent' ? 1 : state === 'OpenConfirm' ? 2 : 3, data: Uint8Array.of(type) }
      if (type === MessageType.update && state !== 'Established') out.at = { is: 'ends', with: [wrong] }
      else if (type !== MessageType.update && fatal.length > 0) out.at = { is: 'ends', with: fatal as never }
      else if (type === MessageType.notification) out.at = { is: 'ended' }
      else if (state === 'Established') {
        // From here on it is a session like those of the feeds.
        const reaction = reactionTo(message, { fourOctetAs: this.agreedAs4, internal: true, extendedMessage: true })
        if (reaction.is !== 'goes-on') out.at = reaction
      } else if (state === 'OpenSent' && type === MessageType.open) {
        const open = readOpen(message, HEADER_LENGTH, message.length) as Open
        const session = { localAs: ASN, peerAs: OPENER.asn, routerId: ROUTER_ID, hostname: 'fuzzed', families: [L2VPN_EVPN] }
        const timers = { holdTimeSeconds: 90, connectRetrySeconds: 120, sendHoldSeconds: 0, passive: true }
        const agreed = negotiate({ ...session, ...timers }, offer, open)
        if ('reach' in agreed) out.at = { is: 'ends', with: [agreed] }
        else {
          this.agreedAs4 = agreed.fourOctetAs
          state = 'OpenConfirm'
        }
      } else if (state === 'OpenConfirm' && type === MessageType.keepalive) {
        state = 'Established'
        cutter.maxReceive = offer === 'whole' ? MAX_EXTENDED_MESSAGE : MAX_MESSAGE
      } else out.at = { is: 'ends', with: [wrong] }
      return out.at === null
    })
    outcome = out.at
    return outcome ?? (fault === null ? null : { is: 'ends', with: [fault] })
  }

  private agreedAs4 = true
}

/** The attributes of a cold view as they stand in an attribute set: see `src/wire/attribute/canonical.ts`. */
function canonical(
  attributes: AttributesView,
  context: { readonly internal: boolean; readonly fourOctetAs: boolean },
): Record<string, unknown> {
  const { mpReach: _reach, mpUnreach: _unreach, nextHop: _hop, as4Path, as4Aggregator: _as4, extCommunities, unknown, ...rest } = attributes
  const kept: Record<string, unknown> = { ...rest }
  const { internal, fourOctetAs } = context
  if (!internal) for (const name of ['localPref', 'originatorId', 'clusterList', 'aigp', 'aigpHex']) Reflect.deleteProperty(kept, name)
  const communities = internal ? extCommunities : extCommunities?.filter(({ hex }) => (Number.parseInt(hex.slice(0, 2), 16) & 0x40) === 0)
  if (communities !== undefined && (communities.length > 0 || extCommunities?.length === 0)) kept.extCommunities = communities
  const passed = unknown
    ?.filter(({ flags }) => (flags & 0xc0) === 0xc0)
    .map((one) => ({ ...one, flags: (pathAttribute(one.type) === null ? 0xe0 : one.flags & 0xe0) | (one.hex.length > 510 ? 0x10 : 0) }))
  if (passed !== undefined && passed.length > 0) kept.unknown = passed.sort((a, b) => a.type - b.type)
  if (!fourOctetAs && as4Path !== undefined && rest.asPath !== undefined && as4Counts(attributes))
    kept.asPath = mergeAs4Path(rest.asPath, as4Path)
  return kept
}

/** RFC 6793 §4.2.3: an AGGREGATOR with a real AS beside an AS4_AGGREGATOR makes the AS4 twins stale. */
function as4Counts({ aggregator, as4Aggregator }: AttributesView): boolean {
  return aggregator === undefined || as4Aggregator === undefined || aggregator.as === 23456
}

/** What an input that asks for a route refresh is answered with, beside the routes (RFC 7313 §4). */
function isRefresh(message: Uint8Array): boolean {
  return message[18] === MessageType.routeRefresh
}

function notificationsOf(messages: readonly Uint8Array[]): Notification[] {
  return messages
    .filter((message) => message[18] === MessageType.notification)
    .map((message) => {
      const read = readNotification(message, HEADER_LENGTH, message.length)
      if ('reach' in read) throw new Finding('speaks without fault', read.why)
      return read
    })
}

function sameNotification(wanted: Notification, said: Notification): boolean {
  const length = Math.min(wanted.data.length, MOST_DATA)
  return (
    wanted.code === said.code &&
    wanted.subcode === said.subcode &&
    said.data.length === length &&
    same(wanted.data, 0, said.data, 0, length)
  )
}

function shown({ code, subcode, data }: Notification): string {
  return `${code}/${subcode}${data.length > 0 ? ` ${hex(data).slice(0, 64)}` : ''}`
}
