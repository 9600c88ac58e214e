/**
 * One TCP connection to a peer: cuts what comes into messages, turns them into session events, and writes what the session says.
 */
import { copyOf } from '../../bytes/octets.ts'
import type { ConnectionId, Event } from '../../session/door.ts'
import type { SessionFault } from '../../wire/fault.ts'
import { HEADER_LENGTH, MAX_MESSAGE, MessageCutter, MessageType } from '../../wire/framing.ts'
import { writeKeepalive } from '../../wire/keepalive.ts'
import { type Notification, readNotification, writeNotification } from '../../wire/notification.ts'
import { type Open, readOpen, writeOpen } from '../../wire/open.ts'
import { type RouteRefresh, readRouteRefresh } from '../../wire/route-refresh.ts'
import type { Link, LinkHandlers } from '../world.ts'

const NO_OCTETS: Uint8Array = new Uint8Array(0)

/** Messages in or out, by BGP message type. */
export class MessageCounts {
  readonly byType = new Uint32Array(6)

  count(type: MessageType, by = 1): void {
    this.byType[type]! += by
  }

  get total(): number {
    return this.byType.reduce((sum, count) => sum + count, 0)
  }
}

/** What a connection tells its peer. */
export interface ConnectionOwner {
  readonly received: MessageCounts
  readonly sent: MessageCounts
  /** Whole messages have come on this connection: a sign of life. */
  alive(connection: Connection): void
  event(event: Event): void
  /** An UPDATE; returns false when the connection has ended by it. */
  update(connection: Connection, bytes: Uint8Array, from: number, to: number): boolean
  refresh(connection: Connection, refresh: RouteRefresh): void
  /** Octets that end the session; empty when what came could not be cut into messages. */
  fault(connection: Connection, fault: SessionFault, octets: Uint8Array): void
  drained(connection: Connection): void
}

export class Connection {
  readonly id: ConnectionId
  readonly link: Link
  /** Octets handed to the link so far. */
  written = 0
  /** The OPEN of the peer, header included; empty before it has come. */
  openOctets = NO_OCTETS
  /** No more is read or written. */
  ended = false
  private readonly owner: ConnectionOwner
  private readonly cutter = new MessageCutter()
  /** A message has come with the octets being read. */
  private heard = false
  private readonly take: (bytes: Uint8Array, from: number, to: number, type: MessageType) => boolean

  constructor(id: ConnectionId, link: Link, owner: ConnectionOwner) {
    this.id = id
    this.link = link
    this.owner = owner
    this.take = (bytes, from, to, type) => this.message(bytes, from, to, type)
  }

  get handlers(): LinkHandlers {
    return {
      received: (octets) => this.read(octets),
      drained: () => {
        if (!this.ended) this.owner.drained(this)
      },
      closed: (why) => {
        if (this.ended) return
        this.ended = true
        this.owner.event({ is: 'closed', connection: this.id, why })
      },
    }
  }

  /** Longest message accepted from now on, in octets (RFC 8654). */
  accept(maxReceive: number): void {
    this.cutter.maxReceive = maxReceive
  }

  sendOpen(open: Open): void {
    const out = new Uint8Array(MAX_MESSAGE)
    this.write(out.subarray(0, writeOpen(open, out, 0)), MessageType.open)
  }

  sendKeepalive(): void {
    this.write(KEEPALIVE, MessageType.keepalive)
  }

  sendNotification(notification: Notification): void {
    const out = new Uint8Array(MAX_MESSAGE)
    this.write(out.subarray(0, writeNotification(notification, out, 0)), MessageType.notification)
  }

  /** Hands whole messages over. */
  write(octets: Uint8Array, type: MessageType, count = 1): void {
    if (this.ended) return
    this.owner.sent.count(type, count)
    this.written += octets.length
    this.link.write(octets)
  }

  close(): void {
    if (this.ended) return
    this.ended = true
    this.link.close()
  }

  private read(octets: Uint8Array): void {
    if (this.ended) return
    this.heard = false
    const fault = this.cutter.push(octets, this.take)
    if (this.heard) this.owner.alive(this)
    if (fault !== null && !this.ended) this.owner.fault(this, fault, NO_OCTETS)
  }

  /** Returns whether the connection still lives. */
  private message(bytes: Uint8Array, from: number, to: number, type: MessageType): boolean {
    const { owner, id } = this
    this.heard = true
    owner.received.count(type)
    switch (type) {
      case MessageType.update:
        return owner.update(this, bytes, from, to)
      case MessageType.keepalive:
        owner.event({ is: 'keepalive', connection: id })
        break
      case MessageType.open: {
        const open = readOpen(bytes, from + HEADER_LENGTH, to)
        if ('reach' in open) owner.fault(this, open, copyOf(bytes, from, to))
        else {
          this.openOctets = copyOf(bytes, from, to)
          owner.event({ is: 'open', connection: id, open })
        }
        break
      }
      case MessageType.notification: {
        const notification = readNotification(bytes, from + HEADER_LENGTH, to)
        if ('reach' in notification) owner.fault(this, notification, copyOf(bytes, from, to))
        else owner.event({ is: 'notification', connection: id, notification })
        break
      }
      case MessageType.routeRefresh: {
        const refresh = readRouteRefresh(bytes, from + HEADER_LENGTH, to)
        if ('reach' in refresh) owner.fault(this, refresh, copyOf(bytes, from, to))
        else owner.refresh(this, refresh)
        break
      }
    }
    return !this.ended
  }
}

const KEEPALIVE = new Uint8Array(HEADER_LENGTH)
writeKeepalive(KEEPALIVE, 0)
