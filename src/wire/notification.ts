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

/** The NOTIFICATION message, RFC 4271 §4.5. */
export interface Notification {
  readonly code: number
  readonly subcode: number
  readonly data: Uint8Array
}

export const NotificationCode = {
  messageHeader: 1,
  open: 2,
  update: 3,
  holdTimerExpired: 4,
  stateMachine: 5,
  cease: 6,
  routeRefresh: 7,
  sendHoldTimerExpired: 8,
} as const

/** Subcodes of a message header error, RFC 4271 §6.1. */
export const HeaderSubcode = { notSynchronized: 1, badLength: 2, badType: 3 } as const

/** Subcodes of an OPEN error, RFC 4271 §6.2, RFC 5492 §5, RFC 9234 §8. */
export const OpenSubcode = {
  unspecific: 0,
  unsupportedVersion: 1,
  badPeerAs: 2,
  badRouterId: 3,
  unsupportedParameter: 4,
  unacceptableHoldTime: 6,
  unsupportedCapability: 7,
  roleMismatch: 11,
} as const

/** Subcodes of a state machine error: the state the message came in, RFC 6608 §3. */
export const StateSubcode = { unspecific: 0, openSent: 1, openConfirm: 2, established: 3 } as const

/** Subcodes of Cease, RFC 4486 §3, RFC 8538 §3. */
export const CeaseSubcode = {
  maxPrefixes: 1,
  shutdown: 2,
  deconfigured: 3,
  reset: 4,
  rejected: 5,
  configurationChange: 6,
  collision: 7,
  outOfResources: 8,
  hardReset: 9,
  bfdDown: 10,
} as const

interface CodeName {
  readonly name: string
  readonly subcodes: Readonly<Record<number, string>>
}

const NAMES: Readonly<Record<number, CodeName>> = {
  1: { name: 'Message Header Error', subcodes: { 1: 'Connection Not Synchronized', 2: 'Bad Message Length', 3: 'Bad Message Type' } },
  2: {
    name: 'OPEN Message Error',
    subcodes: {
      1: 'Unsupported Version Number',
      2: 'Bad Peer AS',
      3: 'Bad BGP Identifier',
      4: 'Unsupported Optional Parameter',
      5: 'Authentication Failure',
      6: 'Unacceptable Hold Time',
      7: 'Unsupported Capability',
      11: 'Role Mismatch',
    },
  },
  3: {
    name: 'UPDATE Message Error',
    subcodes: {
      1: 'Malformed Attribute List',
      2: 'Unrecognized Well-known Attribute',
      3: 'Missing Well-known Attribute',
      4: 'Attribute Flags Error',
      5: 'Attribute Length Error',
      6: 'Invalid ORIGIN Attribute',
      7: 'AS Routing Loop',
      8: 'Invalid NEXT_HOP Attribute',
      9: 'Optional Attribute Error',
      10: 'Invalid Network Field',
      11: 'Malformed AS_PATH',
    },
  },
  4: { name: 'Hold Timer Expired', subcodes: {} },
  5: {
    name: 'Finite State Machine Error',
    subcodes: { 1: 'Unexpected Message in OpenSent', 2: 'Unexpected Message in OpenConfirm', 3: 'Unexpected Message in Established' },
  },
  6: {
    name: 'Cease',
    subcodes: {
      1: 'Maximum Number of Prefixes Reached',
      2: 'Administrative Shutdown',
      3: 'Peer De-configured',
      4: 'Administrative Reset',
      5: 'Connection Rejected',
      6: 'Other Configuration Change',
      7: 'Connection Collision Resolution',
      8: 'Out of Resources',
      9: 'Hard Reset',
      10: 'BFD Down',
    },
  },
  7: { name: 'ROUTE-REFRESH Message Error', subcodes: { 1: 'Invalid Message Length' } },
  8: { name: 'Send Hold Timer Expired', subcodes: {} },
}

/** Octets of shutdown text that fit (RFC 9003 §2). */
const TEXT_MAX = 255

/** Reads the body `from`..`to` (behind the header). The data is a copy. A body under 2 octets is a bad message length (RFC 4271 §6.1). */
export function readNotification(bytes: Uint8Array, from: number, to: number): Notification | SessionFault {
  if (to - from < 2) {
    const length = to - from + HEADER_LENGTH
    return sessionFault(1, 2, `NOTIFICATION of ${length} octets, at least 21 expected`, Uint8Array.of(length >>> 8, length))
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

/** `Cease/Administrative Shutdown`; numbers where there is no name. */
export function notificationName(code: number, subcode: number): string {
  const known = NAMES[code]
  if (known === undefined) return `code ${code}/${subcode}`
  if (subcode === 0) return known.name
  return `${known.name}/${known.subcodes[subcode] ?? subcode}`
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
