/** Takes one BGP message apart, field by field (RFC 4271 §4). Any octets give a tree. */
import { formatIpv4 } from '../../address/ip.ts'
import { u8, u16 } from '../../bytes/octets.ts'
import type { AttributeContext } from '../../wire/attribute/attribute.ts'
import { HEADER_LENGTH, MessageType } from '../../wire/framing.ts'
import type { MessageView } from '../../wire/message.ts'
import { formatNotification, hardResetReason, shutdownText } from '../../wire/notification.ts'
import { notificationName } from '../../wire/notification-codes.ts'
import { isLongForm } from '../../wire/open.ts'
import { dissectCapability } from './dissect-capability.ts'
import { dissectUpdate } from './dissect-update.ts'
import { type Field, group, leaf, raw } from './field.ts'

const TYPE_NAMES: readonly string[] = ['', 'OPEN', 'UPDATE', 'NOTIFICATION', 'KEEPALIVE', 'ROUTE-REFRESH']
const MARKER = 16
const CAPABILITIES = 2
const SUBTYPE_NAMES: readonly string[] = ['please send all again', 'begin of refresh', 'end of refresh']

/** `UPDATE`; `type 9` of one that has no name. */
export function messageName(octets: Uint8Array): string {
  if (octets.length < HEADER_LENGTH) return 'fragment'
  const type = u8(octets, MARKER + 2)
  return TYPE_NAMES[type] || `type ${type}`
}

/**
 * The fields of one message, header included; `octets` may be cut short or wrong in any way. `message` is what `readMessage` made of them in the same
 * context, null when nothing.
 */
export function dissectMessage(octets: Uint8Array, context: AttributeContext, message: MessageView | null): Field[] {
  const out: Field[] = []
  const to = octets.length
  if (to < HEADER_LENGTH) {
    raw(out, 'octets', octets, 0, to)
    return out
  }
  raw(out, 'marker', octets, 0, MARKER)
  const type = u8(octets, MARKER + 2)
  leaf(out, 'length', MARKER, 2, u16(octets, MARKER))
  leaf(out, 'type', MARKER + 2, 1, type, TYPE_NAMES[type] || 'unknown')
  const end = body(out, octets, to, type, context, message)
  raw(out, 'rest', octets, end, to)
  return out
}

/** Returns how far it understood. */
function body(out: Field[], octets: Uint8Array, to: number, type: number, context: AttributeContext, message: MessageView | null): number {
  switch (type) {
    case MessageType.open:
      return open(out, octets, to)
    case MessageType.update:
      return dissectUpdate(out, octets, HEADER_LENGTH, to, context, message?.type === 'UPDATE' ? message : null)
    case MessageType.notification:
      return notification(out, octets, to)
    case MessageType.routeRefresh:
      return routeRefresh(out, octets, to)
    default:
      return HEADER_LENGTH
  }
}

function open(out: Field[], octets: Uint8Array, to: number): number {
  let at = HEADER_LENGTH
  if (at + 10 > to) return at
  const long = isLongForm(octets, at, to)
  at = leaf(out, 'version', at, 1, u8(octets, at))
  at = leaf(out, 'myAs', at, 2, u16(octets, at))
  at = leaf(out, 'holdTime', at, 2, u16(octets, at), 'seconds')
  at = leaf(out, 'bgpId', at, 4, formatIpv4(octets, at))
  at = leaf(out, 'parametersLength', at, 1, u8(octets, at))
  if (long) {
    if (at + 3 > to) return at
    at = leaf(out, 'extendedForm', at, 1, u8(octets, at), 'RFC 9072')
    at = leaf(out, 'extendedLength', at, 2, u16(octets, at))
  }
  const lengthOctets = long ? 2 : 1
  while (at + 1 + lengthOctets <= to) {
    const type = u8(octets, at)
    const length = long ? u16(octets, at + 1) : u8(octets, at + 1)
    const value = at + 1 + lengthOctets
    const fields: Field[] = []
    leaf(fields, 'type', at, 1, type, type === CAPABILITIES ? 'capabilities' : 'unknown')
    leaf(fields, 'length', at + 1, lengthOctets, length)
    const end = Math.min(value + length, to)
    if (type === CAPABILITIES) capabilities(fields, octets, value, end)
    else raw(fields, 'value', octets, value, end)
    const fault = value + length > to ? `${length} octets, ${to - value} are there` : undefined
    group(out, 'parameter', at, end - at, undefined, fields, fault)
    at = end
  }
  return at
}

function capabilities(out: Field[], octets: Uint8Array, from: number, to: number): void {
  let at = from
  while (at + 2 <= to) {
    const end = Math.min(at + 2 + u8(octets, at + 1), to)
    at = dissectCapability(out, octets, at, end)
  }
  raw(out, 'rest', octets, at, to)
}

/** Code, subcode and data at `at`; the data of a Hard Reset are a NOTIFICATION's own, one level deep (RFC 8538 §3). */
function notification(out: Field[], octets: Uint8Array, to: number, at = HEADER_LENGTH): number {
  if (at + 2 > to) return at
  const read = { code: u8(octets, at), subcode: u8(octets, at + 1), data: octets.subarray(at + 2, to) }
  leaf(out, 'code', at, 1, read.code, notificationName(read.code, 0))
  leaf(out, 'subcode', at + 1, 1, read.subcode, notificationName(read.code, read.subcode))
  const inner = at === HEADER_LENGTH ? hardResetReason(read) : null
  if (inner !== null) {
    const fields: Field[] = []
    notification(fields, octets, to, at + 2)
    return group(out, 'reason', at + 2, to - at - 2, formatNotification(inner), fields)
  }
  const text = shutdownText(read)
  if (text === null) return raw(out, 'data', octets, at + 2, to)
  leaf(out, 'textLength', at + 2, 1, u8(octets, at + 2))
  return to > at + 3 ? leaf(out, 'shutdownCommunication', at + 3, to - at - 3, text) : to
}

function routeRefresh(out: Field[], octets: Uint8Array, to: number): number {
  let at = HEADER_LENGTH
  if (at + 4 > to) return at
  at = leaf(out, 'afi', at, 2, u16(octets, at))
  at = leaf(out, 'subtype', at, 1, u8(octets, at), SUBTYPE_NAMES[u8(octets, at)])
  return leaf(out, 'safi', at, 1, u8(octets, at))
}
