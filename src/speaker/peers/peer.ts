/**
 * A peer: carries out what its session machine says (`session/`), and hands UPDATEs of the standing connection on.
 */

import type { Action, Agreed, ConnectionId, Event, SessionSettings, StateName } from '../../session/door.ts'
import { newSession, type Session, stateName, step } from '../../session/session.ts'
import { type SessionFault, sessionFault } from '../../wire/fault.ts'
import type { Notification } from '../../wire/notification.ts'
import { NotificationCode } from '../../wire/notification-codes.ts'
import type { Open } from '../../wire/open.ts'
import type { RouteRefresh } from '../../wire/route-refresh.ts'
import { FaultCounts } from '../faults/fault-counts.ts'
import type { PeerSettings } from '../settings.ts'
import type { Alarm, Link, LinkHandlers, World } from '../world.ts'
import { Connection, type ConnectionOwner, MessageCounts } from './connection.ts'
import { LastWords } from './last-words.ts'
import { SendHold } from './send-hold.ts'
import { SessionTimers } from './session-timers.ts'

/** What a peer tells the speaker. */
export interface PeerOwner {
  /** The session is Established. */
  up(peer: Peer, connection: Connection, agreed: Agreed): void
  /** The session is Established no longer; `peer.lastError` says why. */
  down(peer: Peer): void
  state(peer: Peer, from: StateName, to: StateName): void
  /** See `ConnectionOwner.update`: only UPDATEs of an Established session come here. */
  update(peer: Peer, bytes: Uint8Array, from: number, to: number): Event | null
  refresh(peer: Peer, refresh: RouteRefresh): void
  /** A message that ends the session; empty octets: what came could not be cut into messages. */
  fault(peer: Peer, fault: SessionFault, octets: Uint8Array): void
  drained(peer: Peer): void
  note(peer: Peer, why: string, attempt: Attempt): void
}

/**
 * An attempt that ended before it was Established. `met`: there was a connection, so that it is more than nobody being there, which is `unmet`. `ours`: this machine could not dial. `one-of-two`: there still is
 * another, as when both sides have dialled (RFC 4271 §6.8).
 */
export type Attempt = 'met' | 'unmet' | 'ours' | 'one-of-two'

/** The standing session of a peer. */
export interface Standing {
  readonly connection: Connection
  readonly agreed: Agreed
  readonly open: Open
  /** Since when, on the world's clock, in ms. */
  readonly since: number
}

export class Peer implements ConnectionOwner {
  /** Changed by `adopt` alone. */
  settings: PeerSettings
  readonly received = new MessageCounts()
  readonly sent = new MessageCounts()
  readonly faults = new FaultCounts()
  standing: Standing | null = null
  /** Times the session has been Established. */
  established = 0
  /** When the session last came up or went down, in ms on the world's clock: how it tries to come up in between is no news. */
  stateSince: number
  private session: Session = newSession()
  private sessionSettings: SessionSettings
  private readonly world: World
  private readonly owner: PeerOwner
  private readonly connections = new Map<ConnectionId, Connection>()
  private readonly timers: SessionTimers
  private readonly sendHold: SendHold
  private readonly lastWords = new LastWords()
  private dialling: Alarm | null = null
  private nextConnection = 1
  private readonly queue: Event[] = []
  private handling = false
  /** The event being handled. */
  private cause: Event = { is: 'start' }
  /** An OPEN that was refused, until the reason is known. */
  private unsuited: { notification: Notification; octets: Uint8Array } | null = null

  constructor(settings: PeerSettings, sessionSettings: SessionSettings, world: World, owner: PeerOwner) {
    this.settings = settings
    this.sessionSettings = sessionSettings
    this.world = world
    this.owner = owner
    this.stateSince = world.now()
    this.timers = new SessionTimers(world, (timer, connection) => this.event({ is: 'expired', timer, connection }))
    this.sendHold = new SendHold(world, ({ id }) => this.event({ is: 'expired', timer: 'send-hold', connection: id }))
  }

  /** Why the last session or attempt ended; empty: never. */
  get lastError(): string {
    return this.lastWords.error
  }

  get state(): StateName {
    return stateName(this.session)
  }

  /** Whether there is any connection with the peer. */
  get connected(): boolean {
    return this.connections.size > 0
  }

  start(): void {
    this.event({ is: 'start' })
  }

  /** Ends the session with a Cease of `subcode` (RFC 4486) and, where that has one, a text (RFC 9003). */
  stop(subcode: number, message: string): void {
    this.event({ is: 'stop', subcode, message })
  }

  /** Adopts other settings. A session that stands keeps what was agreed for it. */
  adopt(settings: PeerSettings, sessionSettings: SessionSettings): void {
    this.settings = settings
    this.sessionSettings = sessionSettings
  }

  /** Takes a connection that the peer has opened. */
  accept(link: Link): LinkHandlers {
    const connection = this.connect(link)
    this.event({ is: 'accepted', connection: connection.id })
    return connection.handlers
  }

  /** Runs the session machine; events that arise meanwhile wait their turn. */
  event(event: Event): void {
    this.queue.push(event)
    if (this.handling) return
    this.handling = true
    for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {
      this.cause = next
      if (next.is === 'closed') this.connections.delete(next.connection)
      const before = stateName(this.session)
      const [session, actions] = step(this.session, next, this.sessionSettings, this.world.random())
      this.session = session
      for (const action of actions) this.perform(action)
      const after = stateName(session)
      if (after !== before) {
        if (before === 'Established' || after === 'Established') this.stateSince = this.world.now()
        this.owner.state(this, before, after)
      }
    }
    this.handling = false
  }

  alive(connection: Connection): void {
    if (this.standing?.connection === connection) this.timers.alive()
  }

  update(connection: Connection, bytes: Uint8Array, from: number, to: number): boolean {
    if (this.standing?.connection !== connection) this.event({ is: 'update', connection: connection.id })
    else {
      const event = this.owner.update(this, bytes, from, to)
      if (event !== null) this.event(event)
    }
    return !connection.ended
  }

  refresh(connection: Connection, refresh: RouteRefresh): void {
    this.event({ is: 'route-refresh', connection: connection.id })
    if (this.standing?.connection === connection) this.owner.refresh(this, refresh)
  }

  fault(connection: Connection, fault: SessionFault, octets: Uint8Array): void {
    this.owner.fault(this, fault, octets)
    this.event({ is: 'fault', connection: connection.id, fault })
  }

  drained(connection: Connection): void {
    if (this.standing?.connection === connection) this.owner.drained(this)
  }

  private connect(link: Link): Connection {
    const connection = new Connection(this.nextConnection++, link, this)
    this.connections.set(connection.id, connection)
    return connection
  }

  private perform(action: Action): void {
    switch (action.do) {
      case 'dial':
        this.dial()
        break
      case 'cancel-dial':
        this.dialling?.cancel()
        this.dialling = null
        break
      case 'send-open':
        this.connections.get(action.connection)?.sendOpen(action.open)
        break
      case 'send-keepalive':
        this.connections.get(action.connection)?.sendKeepalive()
        break
      case 'send-notification':
        this.sendNotification(action.connection, action.notification)
        break
      case 'close':
        this.connections.get(action.connection)?.close()
        this.connections.delete(action.connection)
        break
      case 'arm':
        this.timers.arm(action.timer, action.connection, action.ms)
        break
      case 'disarm':
        this.timers.disarm(action.timer, action.connection)
        break
      case 'up':
        this.up(action.connection, action.negotiated, action.open)
        break
      case 'down':
        this.standing = null
        this.timers.fall()
        this.sendHold.stop()
        this.lastWords.lost(action.why)
        this.owner.down(this)
        break
      case 'note':
        this.recordUnsuited(action.why)
        this.lastWords.failed(action.why, !this.unanswered ? null : this.settings.password === null ? 'unsigned' : 'signed')
        this.owner.note(this, this.lastError, this.attempt)
        break
    }
  }

  private sendNotification(id: ConnectionId, notification: Notification): void {
    const connection = this.connections.get(id)
    if (connection === undefined) return
    connection.sendNotification(notification)
    this.lastWords.sent(notification)
    // What octets show of themselves has been recorded where they were read; that an OPEN does not suit is found out only here.
    if (this.cause.is === 'open' && notification.code !== NotificationCode.cease)
      this.unsuited = { notification, octets: connection.openOctets }
  }

  /** How the attempt went that the event being handled has ended. */
  private get attempt(): Attempt {
    if (this.session.outgoing !== null || this.session.incoming !== null) return 'one-of-two'
    if (this.cause.is === 'dial-failed' && this.cause.ours) return 'ours'
    return this.cause.is === 'dial-failed' || this.unanswered ? 'unmet' : 'met'
  }

  /** Whether the event being handled is that nobody has answered a dial in time. */
  private get unanswered(): boolean {
    return this.cause.is === 'expired' && this.cause.timer === 'connect-retry'
  }

  private recordUnsuited(why: string): void {
    if (this.unsuited === null) return
    const { notification, octets } = this.unsuited
    this.unsuited = null
    this.owner.fault(this, sessionFault(notification.code, notification.subcode, why, notification.data), octets)
  }

  private up(id: ConnectionId, agreed: Agreed, open: Open): void {
    const connection = this.connections.get(id)
    if (connection === undefined) return
    connection.accept(agreed.maxReceive)
    this.timers.stand(id, agreed.holdTimeSeconds * 1000)
    this.standing = { connection, agreed, open, since: this.world.now() }
    this.established++
    this.lastWords.up()
    const { sendHoldSeconds } = this.settings
    if (sendHoldSeconds > 0) this.sendHold.watch(connection, sendHoldSeconds * 1000)
    this.owner.up(this, connection, agreed)
  }

  private dial(): void {
    const { address, port, localAddress, password } = this.settings
    this.dialling = this.world.dial(
      { address, port, localAddress, password },
      (link) => {
        this.dialling = null
        const connection = this.connect(link)
        this.event({ is: 'dialled', connection: connection.id })
        return connection.handlers
      },
      (why, ours = false) => {
        this.dialling = null
        this.event({ is: 'dial-failed', why, ours })
      },
    )
  }
}
