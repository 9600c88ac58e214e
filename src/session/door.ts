/**
 * What goes in and out of the session machine. Events in, actions out; nothing here does anything.
 * A connection is one TCP connection to the peer, numbered by whoever carries it. There may be two at once until a collision is settled (RFC 4271 §6.8).
 */
import type { SessionFault } from '../wire/fault.ts'
import type { AddressFamily, Negotiated } from '../wire/negotiated.ts'
import type { Notification } from '../wire/notification.ts'
import type { Open } from '../wire/open.ts'

/** Above 0, never used twice; 0 stands for the peer itself. */
export type ConnectionId = number

/** What the operator wants of this peer. */
export interface SessionSettings {
  readonly localAs: number
  /** The AS the peer must have. */
  readonly peerAs: number
  /** BGP Identifier of this speaker, 4 octets unsigned. */
  readonly routerId: number
  /** For the FQDN capability; empty: not sent. */
  readonly hostname: string
  readonly families: readonly AddressFamily[]
  /** Proposed hold time in seconds: 0 or >= 3. The keepalive interval is a third of the negotiated one. */
  readonly holdTimeSeconds: number
  readonly connectRetrySeconds: number
  /** Send hold time in seconds (RFC 9687); 0: off. */
  readonly sendHoldSeconds: number
  /** Never dial. */
  readonly passive: boolean
}

export type Timer = 'connect-retry' | 'idle-hold' | 'hold' | 'keepalive' | 'send-hold'

export type Event =
  | { readonly is: 'start' }
  /** Administrative end; sends Cease with `subcode` and, for shutdown and reset, the text (RFC 9003). */
  | { readonly is: 'stop'; readonly subcode: number; readonly message: string }
  | { readonly is: 'dialled'; readonly connection: ConnectionId }
  /** `ours`: this machine could not. */
  | { readonly is: 'dial-failed'; readonly why: string; readonly ours?: boolean }
  | { readonly is: 'accepted'; readonly connection: ConnectionId }
  | { readonly is: 'closed'; readonly connection: ConnectionId; readonly why: string }
  | { readonly is: 'open'; readonly connection: ConnectionId; readonly open: Open }
  | { readonly is: 'keepalive'; readonly connection: ConnectionId }
  /** Outside Established only: the carrier hands UPDATEs of an established connection straight to the RIB and moves the hold deadline itself. */
  | { readonly is: 'update'; readonly connection: ConnectionId }
  | { readonly is: 'route-refresh'; readonly connection: ConnectionId }
  | { readonly is: 'notification'; readonly connection: ConnectionId; readonly notification: Notification }
  /** Octets that end the session (bad header, malformed OPEN or UPDATE): the NOTIFICATION stands in the fault. */
  | { readonly is: 'fault'; readonly connection: ConnectionId; readonly fault: SessionFault }
  /** `connection` is 0 for the timers of the peer itself (connect-retry, idle-hold). */
  | { readonly is: 'expired'; readonly timer: Timer; readonly connection: ConnectionId }

export type Action =
  | { readonly do: 'dial' }
  /** Give up a dial under way. */
  | { readonly do: 'cancel-dial' }
  | { readonly do: 'send-open'; readonly connection: ConnectionId; readonly open: Open }
  | { readonly do: 'send-keepalive'; readonly connection: ConnectionId }
  | { readonly do: 'send-notification'; readonly connection: ConnectionId; readonly notification: Notification }
  | { readonly do: 'close'; readonly connection: ConnectionId }
  /** (Re)starts a timer. `connection` is 0 for connect-retry and idle-hold. */
  | { readonly do: 'arm'; readonly timer: Timer; readonly connection: ConnectionId; readonly ms: number }
  | { readonly do: 'disarm'; readonly timer: Timer; readonly connection: ConnectionId }
  /** The session is Established on this connection. */
  | { readonly do: 'up'; readonly connection: ConnectionId; readonly negotiated: Agreed; readonly open: Open }
  /** The session that was Established is not any more: its routes go. */
  | { readonly do: 'down'; readonly why: string }
  /** For the log and `show peers`: why the last attempt ended, when it had not been Established. */
  | { readonly do: 'note'; readonly why: string }

/** What both sides agreed, with the timers. */
export interface Agreed extends Negotiated {
  readonly holdTimeSeconds: number
  readonly keepaliveSeconds: number
  readonly peerRouterId: number
}

/** FSM state names of RFC 4271 §8.2.2. */
export type StateName = 'Idle' | 'Connect' | 'Active' | 'OpenSent' | 'OpenConfirm' | 'Established'
