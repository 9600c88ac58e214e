/**
 * The NOTIFICATION message, RFC 4271 §4.5.
 *
 *     +----------------------+
 *     | Error code    (1)    |
 *     | Error subcode (1)    |
 *     | Data          (rest) |
 *     +----------------------+
 *
 * The data of Cease/2 and Cease/4 may hold a text for the operator at the other end: 1 octet of length, then UTF-8 (RFC 9003 §2). The data of
 * Cease/9 (Hard Reset) holds the code, subcode and data of the real reason (RFC 8538 §3).
 */
import { copy, copyOf, hex, put8, u8 } from '../bytes/octets.ts'
import { type SessionFault, sessionFault } from './fault.ts'
import { HEADER_LENGTH, MAX_MESSAGE, MessageType, writeHeader } from './framing.ts'
import { CeaseSubcode, HeaderSubcode, NotificationCode, notificationName, OpenSubcode } from './notification-codes.ts'

/** The NOTIFICATION message, RFC 4271 §4.5. */
export interface Notification {
  readonly code: number
  readonly subcode: number
  readonly data: Uint8Array
}

/** Octets of shutdown text that fit (RFC 9003 §2). */
const TEXT_MAX = 255

/** Reads the body `from`..`to` (behind the header). The data is a copy. A body under 2 octets is a bad message length (RFC 4271 §6.1). */
export function readNotification(bytes: Uint8Array, from: number, to: number): Notification | SessionFault {
  if (to - from < 2) {
    const length = to - from + HEADER_LENGTH
    return sessionFault(
      NotificationCode.messageHeader,
      HeaderSubcode.badLength,
      `NOTIFICATION of ${length} octets, at least 21 expected`,
      Uint8Array.of(length >>> 8, length),
    )
  }
  return { code: u8(bytes, from), subcode: u8(bytes, from + 1), data: copyOf(bytes, from + 2, to) }
}

/** Octets of data beside which a NOTIFICATION is as long as a message may be. */
const LONGEST_DATA = MAX_MESSAGE - HEADER_LENGTH - 2

/** Writes the whole message, header included; returns the offset behind. Data that do not fit into 4096 octets are cut. */
export function writeNotification(notification: Notification, out: Uint8Array, at: number): number {
  const { code, subcode, data } = notification
  const end = copy(data, 0, Math.min(data.length, LONGEST_DATA), out, put8(out, put8(out, at + HEADER_LENGTH, code), subcode))
  writeHeader(out, at, end - at, MessageType.notification)
  return end
}

/** The NOTIFICATION that tells the peer of a fault. */
export function notificationOf(fault: SessionFault): Notification {
  return { code: fault.code, subcode: fault.subcode, data: fault.data }
}

/** Cease with `subcode`. The text goes along with Administrative Shutdown and Reset, cut to what fits (RFC 9003); empty: none. */
export function cease(subcode: number, text = ''): Notification {
  const speaks = subcode === CeaseSubcode.shutdown || subcode === CeaseSubcode.reset
  if (!speaks || text === '') return { code: NotificationCode.cease, subcode, data: new Uint8Array(0) }
  const data = new Uint8Array(1 + TEXT_MAX)
  const { written } = new TextEncoder().encodeInto(text, data.subarray(1))
  data[0] = written
  return { code: NotificationCode.cease, subcode, data: copyOf(data, 0, 1 + written) }
}

/**
 * The shutdown text in a Cease/2 or Cease/4, null when there is none or its length octet is wrong. What is no UTF-8 becomes U+FFFD and control
 * characters become spaces, because the text ends on somebody's terminal.
 */
export function shutdownText(notification: Notification): string | null {
  const { code, subcode, data } = notification
  const speaks = code === NotificationCode.cease && (subcode === CeaseSubcode.shutdown || subcode === CeaseSubcode.reset)
  if (!speaks || data.length === 0 || u8(data, 0) !== data.length - 1) return null
  return new TextDecoder().decode(data.subarray(1)).replace(/\p{Cc}/gu, ' ')
}

/** What a Hard Reset carries inside (RFC 8538 §3), or null when it is none or carries nothing readable. */
export function hardResetReason(notification: Notification): Notification | null {
  const { code, subcode, data } = notification
  if (code !== NotificationCode.cease || subcode !== CeaseSubcode.hardReset || data.length < 2) return null
  return { code: u8(data, 0), subcode: u8(data, 1), data: copyOf(data, 2, data.length) }
}

/**
 * One line for people: name, numbers, shutdown text or data: `Cease/Administrative Shutdown (6/2): "maintenance"`. The reason inside a Hard Reset
 * is shown too, one level deep.
 */
export function formatNotification(notification: Notification): string {
  const inner = hardResetReason(notification)
  if (inner === null) return formatPlain(notification)
  return `${formatHead(notification)}: ${formatPlain(inner)}`
}

function formatHead({ code, subcode }: Notification): string {
  return `${notificationName(code, subcode)} (${code}/${subcode})`
}

function formatPlain(notification: Notification): string {
  const { data } = notification
  const head = formatHead(notification)
  const text = shutdownText(notification)
  if (text !== null) return text === '' ? head : `${head}: ${JSON.stringify(text)}`
  if (data.length === 0) return head
  // No RFC gives it data; FRR and others send back the AS number that they have read and do not expect.
  const badAs = notification.code === NotificationCode.open && notification.subcode === OpenSubcode.badPeerAs
  if (badAs && (data.length === 2 || data.length === 4)) return `${head}, AS ${data.reduce((asn, octet) => asn * 256 + octet, 0)}`
  return `${head}, data ${hex(data)}`
}
