/**
 * What is known of the session with one peer. RFC 4271 §8 has one machine per connection; here it is one value per peer with up to two
 * connections in it, so that a collision (§6.8) is settled in one place.
 */
import type { Open } from '../wire/open.ts'
import type { Action, Agreed, ConnectionId, StateName } from './door.ts'
import type { Offer } from './offer.ts'

/**
 * What is being done to get a connection of our own.
 * - `stopped`: nothing, by the operator's will. Idle; connections of the peer are refused.
 * - `held`: nothing until the idle-hold timer expires. Idle; connections of the peer are welcome.
 * - `dialling`: a dial is under way, bounded by the connect-retry timer. Connect, unless the peer has come in meanwhile.
 * - `waiting`: the peer may come; we dial when the connect-retry timer expires, or never when passive. Active.
 * - `resting`: there is a connection. Nothing to do.
 */
export type Effort = 'stopped' | 'held' | 'dialling' | 'waiting' | 'resting'

/** Who made a connection: `outgoing` we, `incoming` the peer. */
export type Side = 'outgoing' | 'incoming'

export type Connection = Opening | Agreeing

/** Our OPEN is out, the peer's has not come. */
export interface Opening {
  readonly at: 'OpenSent'
  readonly id: ConnectionId
}

/** Both OPENs are good. */
export interface Agreeing {
  readonly at: 'OpenConfirm' | 'Established'
  readonly id: ConnectionId
  readonly agreed: Agreed
  /** The OPEN of the peer. */
  readonly open: Open
  /** What a sign of life asks for, made once: moves the hold deadline. */
  readonly alive: readonly Action[]
}

/**
 * Between steps: no connection while `stopped`, `held` or `waiting`; one or two while `resting`; while `dialling` at most an incoming one in
 * OpenSent; an Established one is alone.
 */
export interface Session {
  readonly effort: Effort
  readonly outgoing: Connection | null
  readonly incoming: Connection | null
  /** Attempts that ended since the session last stood for `STABLE_MS`. Sets the idle hold time. */
  readonly failures: number
  /** `plain` once the peer has refused our whole offer. */
  readonly offer: Offer
}

const STOPPED: Session = { effort: 'stopped', outgoing: null, incoming: null, failures: 0, offer: 'whole' }

/** A session before its first start. */
export function newSession(): Session {
  return STOPPED
}

const RANK = { OpenSent: 0, OpenConfirm: 1, Established: 2 } as const

/** The state as RFC 4271 §8.2.2 names it; of two connections, the one that is further. */
export function stateName({ effort, outgoing, incoming }: Session): StateName {
  if (outgoing !== null && incoming !== null) return RANK[outgoing.at] >= RANK[incoming.at] ? outgoing.at : incoming.at
  const connection = outgoing ?? incoming
  if (connection !== null) return connection.at
  if (effort === 'dialling') return 'Connect'
  return effort === 'waiting' ? 'Active' : 'Idle'
}

/** The connection that stands, if one does. */
export function established({ outgoing, incoming }: Session): Agreeing | null {
  if (outgoing?.at === 'Established') return outgoing
  return incoming?.at === 'Established' ? incoming : null
}

/** Which side a connection is on; null for one that is not (or no longer) part of the session. */
export function sideOf({ outgoing, incoming }: Session, id: ConnectionId): Side | null {
  if (outgoing?.id === id) return 'outgoing'
  return incoming?.id === id ? 'incoming' : null
}

/** The session with `connection` on `side`. */
export function withConnection(session: Session, side: Side, connection: Connection | null): Session {
  return side === 'outgoing' ? { ...session, outgoing: connection } : { ...session, incoming: connection }
}
