/**
 * Whole messages as decoded objects in neutral names: the door for tools that show or make BGP messages. A session does not come by here.
 */

import { known } from '../address/parsed.ts'
import { formatRouterId, parseRouterId } from '../address/router-id.ts'
import { copyOf, hex } from '../bytes/octets.ts'
import type { AttributeContext } from './attribute/attribute.ts'
import { type CapabilityView, readCapability, writeCapability } from './capability/table.ts'
import { type Fault, type SessionFault, sessionFault } from './fault.ts'
import { HEADER_LENGTH, MAX_EXTENDED_MESSAGE, MAX_MESSAGE, MessageCutter, MessageType } from './framing.ts'
import { writeKeepalive } from './keepalive.ts'
import { readNotification, shutdownText, writeNotification } from './notification.ts'
import { HeaderSubcode, NotificationCode } from './notification-codes.ts'
import { isLongForm, readOpen, writeOpen } from './open.ts'
import { type RouteRefresh, readRouteRefresh, writeRouteRefresh } from './route-refresh.ts'
import { readUpdate, type UpdateFields, type UpdateView, writeUpdate } from './update-view.ts'

/** What reading a message depends on. */
export interface MessageContext extends AttributeContext {
  /** Messages may be longer than 4096 octets (RFC 8654). */
  readonly extendedMessage?: boolean
}

export interface OpenView {
  readonly type: 'OPEN'
  readonly version: number
  readonly myAs: number
  /** Seconds. */
  readonly holdTime: number
  /** Dotted text. */
  readonly bgpId: string
  /** The optional parameters have the form of RFC 9072. */
  readonly extendedOptionalParameters: boolean
  readonly capabilities: readonly CapabilityView[]
  /** Always empty: an OPEN with another parameter is refused (RFC 4271 §6.2). */
  readonly otherParameters: readonly never[]
}

export interface NotificationView {
  readonly type: 'NOTIFICATION'
  readonly code: number
  readonly subcode: number
  /** Hex. */
  readonly data: string
  readonly shutdownCommunication?: string
}

export interface KeepaliveView {
  readonly type: 'KEEPALIVE'
}

export type RouteRefreshView = { readonly type: 'ROUTE-REFRESH' } & RouteRefresh

export type MessageView = OpenView | UpdateView | NotificationView | KeepaliveView | RouteRefreshView

/** `message` is null when the faults leave nothing to show. */
export interface ReadMessage {
  readonly message: MessageView | null
  readonly faults: readonly Fault[]
}

/** Decodes one message, header included, and collects all that is wrong with it. Never throws, whatever the octets. */
export function readMessage(bytes: Uint8Array, context: MessageContext): ReadMessage {
  const cutter = new MessageCutter()
  cutter.maxReceive = context.extendedMessage ? MAX_EXTENDED_MESSAGE : MAX_MESSAGE
  const faults: Fault[] = []
  let message: MessageView | null = null
  let whole = false
  const headerFault = cutter.push(bytes, (octets, from, to, type) => {
    message = readBody(octets, from, to, type, context, faults)
    whole = to - from === bytes.length
    return false
  })
  if (headerFault !== null) return { message: null, faults: [headerFault] }
  if (!whole)
    faults.push(
      sessionFault(
        NotificationCode.messageHeader,
        HeaderSubcode.badLength,
        'the length field is not that of the octets given',
        copyOf(bytes, 16, 18),
      ),
    )
  return { message, faults }
}

function readBody(
  bytes: Uint8Array,
  from: number,
  to: number,
  type: MessageType,
  context: MessageContext,
  faults: Fault[],
): MessageView | null {
  const body = from + HEADER_LENGTH
  switch (type) {
    case MessageType.open: {
      const open = readOpen(bytes, body, to)
      if (isFault(open, faults)) return null
      return {
        type: 'OPEN',
        version: open.version,
        myAs: open.myAs,
        holdTime: open.holdTimeSeconds,
        bgpId: formatRouterId(open.routerId),
        extendedOptionalParameters: isLongForm(bytes, body, to),
        capabilities: open.capabilities.map(readCapability),
        otherParameters: [],
      }
    }
    case MessageType.update:
      return readUpdate(bytes, from, to, context, faults)
    case MessageType.notification: {
      const notification = readNotification(bytes, body, to)
      if (isFault(notification, faults)) return null
      const { code, subcode, data } = notification
      const view: NotificationView = { type: 'NOTIFICATION', code, subcode, data: hex(data) }
      const text = shutdownText(notification)
      return text === null ? view : { ...view, shutdownCommunication: text }
    }
    case MessageType.keepalive:
      return { type: 'KEEPALIVE' }
    case MessageType.routeRefresh: {
      const refresh = readRouteRefresh(bytes, body, to)
      return isFault(refresh, faults) ? null : { type: 'ROUTE-REFRESH', ...refresh }
    }
  }
}

function isFault(result: object, faults: Fault[]): result is SessionFault {
  if (!('reach' in result)) return false
  faults.push(result as SessionFault)
  return true
}

/** A message to write: a view, or for an UPDATE just its fields. */
export type MessageFields = Exclude<MessageView, UpdateView> | ({ readonly type: 'UPDATE' } & UpdateFields)

/** The whole message, header included. Throws on fields that cannot be written: a bug of ours. */
export function writeMessage(fields: MessageFields, context: AttributeContext): Uint8Array {
  if (fields.type === 'UPDATE') return writeUpdate(fields, context)
  const out = new Uint8Array(MAX_EXTENDED_MESSAGE)
  return out.slice(0, writeInto(fields, out))
}

function writeInto(fields: Exclude<MessageFields, { readonly type: 'UPDATE' }>, out: Uint8Array): number {
  switch (fields.type) {
    case 'OPEN': {
      const { version, myAs, holdTime, bgpId, capabilities } = fields
      const open = { version, myAs, holdTimeSeconds: holdTime, routerId: known(parseRouterId(bgpId)) }
      return writeOpen({ ...open, capabilities: capabilities.map(writeCapability) }, out, 0)
    }
    case 'NOTIFICATION': {
      const data = new Uint8Array(Buffer.from(fields.data, 'hex'))
      return writeNotification({ code: fields.code, subcode: fields.subcode, data }, out, 0)
    }
    case 'KEEPALIVE':
      return writeKeepalive(out, 0)
    case 'ROUTE-REFRESH':
      return writeRouteRefresh(fields, out, 0)
  }
}
