/**
 * The NOTIFICATIONs the machine itself ends a session with, and the words for those of others.
 */
import { u8 } from '../bytes/octets.ts'
import type { Notification } from '../wire/notification.ts'

const NO_DATA = new Uint8Array(0)

/** Message types of RFC 4271 §4.1 and RFC 2918 §3, as an FSM error names the unexpected one. */
export const MessageType = { open: 1, update: 2, keepalive: 4, routeRefresh: 5 } as const
export type MessageType = (typeof MessageType)[keyof typeof MessageType]

const MESSAGE_NAMES: Readonly<Record<MessageType, string>> = { 1: 'OPEN', 2: 'UPDATE', 4: 'KEEPALIVE', 5: 'ROUTE-REFRESH' }

/** A connection that has been made, RFC 4271 §8.2.2. */
export type ConnectionState = 'OpenSent' | 'OpenConfirm' | 'Established'

/** Hold Timer Expired, RFC 4271 §6.5. */
export const HOLD_TIMER_EXPIRED: Notification = { code: 4, subcode: 0, data: NO_DATA }

/** Send Hold Timer Expired, RFC 9687 §3. */
export const SEND_HOLD_TIMER_EXPIRED: Notification = { code: 8, subcode: 0, data: NO_DATA }

/** Cease, Connection Collision Resolution, RFC 4486 §3. */
export const COLLISION: Notification = { code: 6, subcode: 7, data: NO_DATA }

const FSM_SUBCODES: Readonly<Record<ConnectionState, number>> = { OpenSent: 1, OpenConfirm: 2, Established: 3 }

/** Finite State Machine Error, RFC 6608 §3: the subcode tells the state, the data the type of the unexpected message. */
export function unexpected(type: MessageType, state: ConnectionState): Notification {
  return { code: 5, subcode: FSM_SUBCODES[state], data: Uint8Array.of(type) }
}

export function unexpectedWhy(type: MessageType, state: ConnectionState): string {
  return `peer sent ${MESSAGE_NAMES[type]} in state ${state}`
}

const ADMINISTRATIVE_SHUTDOWN = 2
const ADMINISTRATIVE_RESET = 4

/**
 * Cease, RFC 4486. Shutdown and reset carry `message` as a shutdown communication (RFC 9003 §2): one octet of length and at most 255 octets
 * of UTF-8, cut between characters.
 */
export function cease(subcode: number, message: string): Notification {
  if (message === '' || (subcode !== ADMINISTRATIVE_SHUTDOWN && subcode !== ADMINISTRATIVE_RESET))
    return { code: 6, subcode, data: NO_DATA }
  const data = new Uint8Array(256)
  const { written } = new TextEncoder().encodeInto(message, data.subarray(1))
  data[0] = written
  return { code: 6, subcode, data: data.subarray(0, 1 + written) }
}

const CODE_NAMES: readonly string[] = [
  '',
  'Message Header Error',
  'OPEN Message Error',
  'UPDATE Message Error',
  'Hold Timer Expired',
  'Finite State Machine Error',
  'Cease',
  'ROUTE-REFRESH Message Error',
  'Send Hold Timer Expired',
]

const CEASE_NAMES: readonly string[] = [
  '',
  'Maximum Number of Prefixes Reached',
  'Administrative Shutdown',
  'Peer De-configured',
  'Administrative Reset',
  'Connection Rejected',
  'Other Configuration Change',
  'Connection Collision Resolution',
  'Out of Resources',
  'Hard Reset',
  'BFD Down',
]

/** One line for people: `peer sent NOTIFICATION 6/2, Cease, Administrative Shutdown: "maintenance"`. */
export function notificationWhy({ code, subcode, data }: Notification): string {
  const name = CODE_NAMES[code]
  const ceaseName = code === 6 ? CEASE_NAMES[subcode] : undefined
  let why = `peer sent NOTIFICATION ${code}/${subcode}`
  if (name) why += `, ${name}`
  if (ceaseName) why += `, ${ceaseName}`
  const message = shutdownMessage({ code, subcode, data })
  return message === '' ? why : `${why}: ${JSON.stringify(message)}`
}

/** The shutdown communication of a received Cease (RFC 9003 §2), or the empty string. A length that lies means no text, nothing worse. */
function shutdownMessage({ code, subcode, data }: Notification): string {
  if (code !== 6 || (subcode !== ADMINISTRATIVE_SHUTDOWN && subcode !== ADMINISTRATIVE_RESET) || data.length === 0) return ''
  const length = u8(data, 0)
  return length < data.length ? new TextDecoder().decode(data.subarray(1, 1 + length)) : ''
}
