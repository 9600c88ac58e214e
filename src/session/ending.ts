/**
 * The NOTIFICATIONs the machine itself ends a session with.
 */
import type { MessageType } from '../wire/framing.ts'
import { cease, type Notification } from '../wire/notification.ts'
import { CeaseSubcode, NotificationCode, StateSubcode } from '../wire/notification-codes.ts'

/** How a connection is brought to its end. */
export interface Ending {
  /** Said to the peer first; null when there is nothing to say. */
  readonly notification: Notification | null
  readonly why: string
}

/** A state in which there is a connection, RFC 4271 §8.2.2. */
export type ConnectionState = 'OpenSent' | 'OpenConfirm' | 'Established'

const NO_DATA = new Uint8Array(0)

/** RFC 4271 §6.5. */
export const HOLD_TIMER_EXPIRED: Notification = { code: NotificationCode.holdTimerExpired, subcode: 0, data: NO_DATA }

/** RFC 9687 §3. */
export const SEND_HOLD_TIMER_EXPIRED: Notification = { code: NotificationCode.sendHoldTimerExpired, subcode: 0, data: NO_DATA }

/** RFC 4271 §6.8, RFC 4486 §3. */
export const COLLISION: Notification = cease(CeaseSubcode.collision)

const STATE_SUBCODES: Readonly<Record<ConnectionState, number>> = {
  OpenSent: StateSubcode.openSent,
  OpenConfirm: StateSubcode.openConfirm,
  Established: StateSubcode.established,
}

const MESSAGE_NAMES: Readonly<Record<MessageType, string>> = {
  1: 'OPEN',
  2: 'UPDATE',
  3: 'NOTIFICATION',
  4: 'KEEPALIVE',
  5: 'ROUTE-REFRESH',
}

/** A message that has no place in `state`: the subcode tells the state, the data the type of the message (RFC 6608 §3). */
export function unexpected(type: MessageType, state: ConnectionState): Ending {
  return {
    notification: { code: NotificationCode.stateMachine, subcode: STATE_SUBCODES[state], data: Uint8Array.of(type) },
    why: `peer sent ${MESSAGE_NAMES[type]} in state ${state}`,
  }
}
