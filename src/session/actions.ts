/** The actions that a step of the session machine asks for: timers armed and stopped, connections greeted and closed. */
import type { Action, ConnectionId, SessionSettings } from './door.ts'
import type { Ending } from './ending.ts'
import { buildOpen } from './offer.ts'
import type { Agreeing, Connection, Session } from './state.ts'

/** Connect-retry and idle-hold belong to the peer, not to a connection. */
export const PEER: ConnectionId = 0

/** Hold time until the peer's OPEN sets one: "a large value", RFC 4271 §8.2.2. */
export const OPEN_SENT_HOLD_MS = 240_000
/** Idle hold time after the first failure; doubles with each further one (RFC 4271 §8.1.1, DampPeerOscillations). */
const FIRST_IDLE_HOLD_MS = 1_000
const LONGEST_IDLE_HOLD_MS = 60_000
/** How long a session must stand until its earlier failures are forgotten. Measured by the idle-hold timer, idle in Established. */
const STABLE_MS = 60_000

export const NOTHING: readonly Action[] = []
export const DIAL: Action = { do: 'dial' }
export const CANCEL_DIAL: Action = { do: 'cancel-dial' }
export const DISARM_RETRY: Action = { do: 'disarm', timer: 'connect-retry', connection: PEER }
export const DISARM_IDLE_HOLD: Action = { do: 'disarm', timer: 'idle-hold', connection: PEER }
export const ARM_STABLE: Action = { do: 'arm', timer: 'idle-hold', connection: PEER, ms: STABLE_MS }

/** A new connection: our OPEN, and a long hold time for the peer's. */
export function greet(session: Session, id: ConnectionId, settings: SessionSettings): Action[] {
  return [
    { do: 'send-open', connection: id, open: buildOpen(settings, session.offer) },
    { do: 'arm', timer: 'hold', connection: id, ms: OPEN_SENT_HOLD_MS },
  ]
}

/** Says what `ending` has to say, closes the connection and stops its timers; appends to `actions`. */
export function close(connection: Connection, ending: Ending, actions: Action[]): void {
  if (ending.notification !== null) actions.push({ do: 'send-notification', connection: connection.id, notification: ending.notification })
  actions.push({ do: 'close', connection: connection.id })
  disarm(connection, actions)
  farewell(connection, ending.why, actions)
}

/** Stops the timers of a connection; appends to `actions`. The carrier arms send-hold whenever octets wait, so it may be running whatever we know. */
export function disarm(connection: Connection, actions: Action[]): void {
  const { id } = connection
  if (connection.at === 'OpenSent' || connection.agreed.holdTimeSeconds > 0) actions.push({ do: 'disarm', timer: 'hold', connection: id })
  if (connection.at !== 'OpenSent' && connection.agreed.holdTimeSeconds > 0)
    actions.push({ do: 'disarm', timer: 'keepalive', connection: id })
  actions.push({ do: 'disarm', timer: 'send-hold', connection: id })
}

/** Reports that a connection has ended: the session is down, or an attempt has failed. Appends to `actions`. */
export function farewell(connection: Connection, why: string, actions: Action[]): void {
  actions.push(connection.at === 'Established' ? { do: 'down', why } : note(why))
}

/** Reports why an attempt ended. */
export function note(why: string): Action {
  return { do: 'note', why }
}

/** The next dial, or the end of the one under way. */
export function armRetry(settings: SessionSettings, random: number): Action {
  return { do: 'arm', timer: 'connect-retry', connection: PEER, ms: jittered(settings.connectRetrySeconds * 1000, random) }
}

/** The pause before the next attempt, after so many failures since the session last stood for long. */
export function armIdleHold(failures: number, random: number): Action {
  const ms = Math.min(LONGEST_IDLE_HOLD_MS, FIRST_IDLE_HOLD_MS * 2 ** failures)
  return { do: 'arm', timer: 'idle-hold', connection: PEER, ms: jittered(ms, random) }
}

/** When the next KEEPALIVE is due. */
export function armKeepalive({ id, agreed }: Agreeing, random: number): Action {
  return { do: 'arm', timer: 'keepalive', connection: id, ms: jittered(agreed.keepaliveSeconds * 1000, random) }
}

/** 75 to 100 % of `ms`, RFC 4271 §10. */
function jittered(ms: number, random: number): number {
  return Math.round(ms * (0.75 + 0.25 * random))
}
