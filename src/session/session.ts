/**
 * The BGP finite state machine, RFC 4271 §8, of one peer: events in, actions out. Pure: time arrives as expired timers, chance as a number.
 */

import { MessageType } from '../wire/framing.ts'
import { cease, formatNotification, type Notification, notificationOf } from '../wire/notification.ts'
import { NotificationCode, OpenSubcode } from '../wire/notification-codes.ts'
import type { Open } from '../wire/open.ts'
import {
  ARM_STABLE,
  armIdleHold,
  armKeepalive,
  armRetry,
  CANCEL_DIAL,
  close,
  DIAL,
  DISARM_IDLE_HOLD,
  DISARM_RETRY,
  disarm,
  farewell,
  greet,
  NOTHING,
  note,
  OPEN_SENT_HOLD_MS,
  PEER,
} from './actions.ts'
import type { Action, ConnectionId, Event, SessionSettings, Timer } from './door.ts'
import { COLLISION, type Ending, HOLD_TIMER_EXPIRED, SEND_HOLD_TIMER_EXPIRED, unexpected } from './ending.ts'
import { isFault, negotiate } from './negotiate.ts'
import { type Agreeing, type Connection, established, newSession, type Session, type Side, sideOf, withConnection } from './state.ts'

export { negotiate } from './negotiate.ts'
export { buildOpen } from './offer.ts'
export { newSession, type Session, stateName } from './state.ts'

/** The session after an event, and what is to be done, in order. */
export type Step = readonly [Session, readonly Action[]]

/**
 * One step. Total: every event is taken in every state, and what does not belong there is ignored or ends the connection as RFC 4271 says.
 * `random` in [0, 1) spreads connect-retry, idle-hold and keepalive over 75-100 % of their time (RFC 4271 §10).
 */
export function step(session: Session, event: Event, settings: SessionSettings, random: number): Step {
  switch (event.is) {
    case 'start':
      return start(session, settings, random)
    case 'stop':
      return stop(session, event.subcode, event.message)
    case 'dialled':
      return dialled(session, event.connection, settings)
    case 'dial-failed':
      return dialFailed(session, event.why, settings, random)
    case 'accepted':
      return accepted(session, event.connection, settings)
    case 'expired':
      return event.connection === PEER
        ? peerTimerExpired(session, event.timer, settings, random)
        : onConnection(session, event.connection, event, settings, random)
    default:
      return onConnection(session, event.connection, event, settings, random)
  }
}

/** ManualStart. While held it cuts the waiting short. */
function start(session: Session, settings: SessionSettings, random: number): Step {
  if (session.effort !== 'stopped' && session.effort !== 'held') return [session, NOTHING]
  const [next, actions] = tryToConnect(session, settings, random)
  return [next, session.effort === 'held' ? [DISARM_IDLE_HOLD, ...actions] : actions]
}

/** ManualStop and AutomaticStop. Forgets the failures and what the peer refused. */
function stop(session: Session, subcode: number, message: string): Step {
  const actions: Action[] = []
  const notification = cease(subcode, message)
  const ending: Ending = { notification, why: `stopped here: ${formatNotification(notification)}` }
  if (established(session) !== null || session.effort === 'held') actions.push(DISARM_IDLE_HOLD)
  if (session.outgoing !== null) close(session.outgoing, ending, actions)
  if (session.incoming !== null) close(session.incoming, ending, actions)
  if (session.effort === 'dialling') actions.push(CANCEL_DIAL)
  if (session.effort === 'dialling' || session.effort === 'waiting') actions.push(DISARM_RETRY)
  return [newSession(), actions]
}

/** TcpConnection_Acked. A dial that was called off but got through all the same is dropped without a word. */
function dialled(session: Session, id: ConnectionId, settings: SessionSettings): Step {
  if (sideOf(session, id) !== null) return [session, NOTHING]
  if (session.effort !== 'dialling') return [session, [{ do: 'close', connection: id }]]
  return [{ ...session, effort: 'resting', outgoing: { at: 'OpenSent', id } }, [DISARM_RETRY, ...greet(session, id, settings)]]
}

/** TcpConnectionFails in Connect: the next dial is a connect-retry time away, unless the peer has come in meanwhile. */
function dialFailed(session: Session, why: string, settings: SessionSettings, random: number): Step {
  if (session.effort !== 'dialling') return [session, NOTHING]
  if (session.incoming !== null) return [{ ...session, effort: 'resting' }, [DISARM_RETRY, note(why)]]
  return [{ ...session, effort: 'waiting' }, [armRetry(settings, random), note(why)]]
}

/** TcpConnectionConfirmed: the peer has come in. */
function accepted(session: Session, id: ConnectionId, settings: SessionSettings): Step {
  if (sideOf(session, id) !== null) return [session, NOTHING]
  if (session.effort === 'stopped') return [session, [{ do: 'close', connection: id }]]
  // RFC 4271 §6.8: a connection that stands wins against any new one.
  if (established(session) !== null)
    return [
      session,
      [
        { do: 'send-notification', connection: id, notification: COLLISION },
        { do: 'close', connection: id },
      ],
    ]

  const actions: Action[] = []
  // A peer dials once at a time: if it comes again it has given up the connection it made before.
  if (session.incoming !== null) close(session.incoming, { notification: COLLISION, why: 'peer has connected anew' }, actions)
  if (session.effort === 'held') actions.push(DISARM_IDLE_HOLD)
  if (session.effort === 'waiting' && !settings.passive) actions.push(DISARM_RETRY)
  actions.push(...greet(session, id, settings))
  const effort = session.effort === 'dialling' ? 'dialling' : 'resting'
  return [{ ...session, effort, incoming: { at: 'OpenSent', id } }, actions]
}

function peerTimerExpired(session: Session, timer: Timer, settings: SessionSettings, random: number): Step {
  if (timer === 'idle-hold') {
    if (session.effort === 'held') return tryToConnect(session, settings, random)
    return [established(session) !== null && session.failures > 0 ? { ...session, failures: 0 } : session, NOTHING]
  }
  if (timer !== 'connect-retry') return [session, NOTHING]
  if (session.effort === 'waiting' && !settings.passive) return tryToConnect(session, settings, random)
  if (session.effort !== 'dialling') return [session, NOTHING]
  const why = note('no answer within the connect-retry time')
  if (session.incoming !== null) return [{ ...session, effort: 'resting' }, [CANCEL_DIAL, why]]
  return [session, [CANCEL_DIAL, why, DIAL, armRetry(settings, random)]]
}

/** The events of one connection. Those of a connection that has been closed, or never was, are ignored. */
type ConnectionEvent = Exclude<Event, { is: 'start' | 'stop' | 'dialled' | 'dial-failed' | 'accepted' }>

function onConnection(session: Session, id: ConnectionId, event: ConnectionEvent, settings: SessionSettings, random: number): Step {
  const side = sideOf(session, id)
  if (side === null) return [session, NOTHING]
  const connection = session[side]!
  const end = (ending: Ending): Step => endConnection(session, side, ending, random)
  const refuse = (type: MessageType): Step => end(unexpected(type, connection.at))

  switch (event.is) {
    case 'keepalive':
      if (connection.at === 'OpenSent') return refuse(MessageType.keepalive)
      if (connection.at === 'OpenConfirm') return establish(session, side, connection)
      return [session, connection.alive]
    case 'update':
      return connection.at === 'Established' ? [session, connection.alive] : refuse(MessageType.update)
    case 'route-refresh':
      return connection.at === 'Established' ? [session, NOTHING] : refuse(MessageType.routeRefresh)
    case 'open':
      return connection.at === 'OpenSent' ? opened(session, side, connection.id, event.open, settings, random) : refuse(MessageType.open)
    case 'notification': {
      const ending = { notification: null, why: `peer sent ${formatNotification(event.notification)}${hint(event.notification, settings)}` }
      const offer = connection.at !== 'Established' && refusesOffer(event.notification) ? 'plain' : session.offer
      return endConnection({ ...session, offer }, side, ending, random)
    }
    case 'fault':
      return end({ notification: notificationOf(event.fault), why: event.fault.why })
    case 'closed':
      return lost(session, side, event.why, random)
    case 'expired':
      return connectionTimerExpired(session, connection, event.timer, end, random)
  }
}

/** Which setting it is about, where the words of the code alone do not say whose. */
function hint({ code, subcode }: Notification, { localAs }: SessionSettings): string {
  return code === NotificationCode.open && subcode === OpenSubcode.badPeerAs ? `: over there we are not expected with AS ${localAs}` : ''
}

/** A peer that cannot live with our capabilities is tried again with those that matter (RFC 5492 §3). */
function refusesOffer({ code, subcode }: Notification): boolean {
  return code === NotificationCode.open && (subcode === OpenSubcode.unsupportedParameter || subcode === OpenSubcode.unsupportedCapability)
}

function connectionTimerExpired(
  session: Session,
  connection: Connection,
  timer: Timer,
  end: (ending: Ending) => Step,
  random: number,
): Step {
  switch (timer) {
    case 'hold': {
      const seconds = connection.at === 'OpenSent' ? OPEN_SENT_HOLD_MS / 1000 : connection.agreed.holdTimeSeconds
      return end({ notification: HOLD_TIMER_EXPIRED, why: `nothing heard from the peer within the hold time of ${seconds} s` })
    }
    case 'send-hold':
      return end({ notification: SEND_HOLD_TIMER_EXPIRED, why: 'peer has taken nothing within the send hold time' })
    case 'keepalive':
      // With a hold time of 0 there is none to expire (RFC 4271 §4.4).
      if (connection.at === 'OpenSent' || connection.agreed.keepaliveSeconds === 0) return [session, NOTHING]
      return [session, [{ do: 'send-keepalive', connection: connection.id }, armKeepalive(connection, random)]]
    default:
      return [session, NOTHING]
  }
}

/** BGPOpen in OpenSent: judge it, settle a collision with the other connection, and confirm. */
function opened(session: Session, side: Side, id: ConnectionId, open: Open, settings: SessionSettings, random: number): Step {
  const agreed = negotiate(settings, session.offer, open)
  if (isFault(agreed)) return endConnection(session, side, { notification: notificationOf(agreed), why: agreed.why }, random)

  const actions: Action[] = []
  let next = session
  const otherSide: Side = side === 'outgoing' ? 'incoming' : 'outgoing'
  const other = session[otherSide]
  // As long as the other connection has not shown an OPEN it may yet come to nothing, and is let be (RFC 4271 §6.8).
  if (other !== null && other.at !== 'OpenSent') {
    const collision: Ending = { notification: COLLISION, why: `collision: the ${survivor(settings, open)} connection is kept` }
    if (survivor(settings, open) !== side) return endConnection(session, side, collision, random)
    close(other, collision, actions)
    next = withConnection(next, otherSide, null)
  }
  // The peer is there and speaks: a dial under way could only collide.
  if (session.effort === 'dialling') actions.push(CANCEL_DIAL, DISARM_RETRY)

  const silent = agreed.holdTimeSeconds === 0
  const armHold: Action = { do: 'arm', timer: 'hold', connection: id, ms: agreed.holdTimeSeconds * 1000 }
  const connection: Agreeing = { at: 'OpenConfirm', id, agreed, open, alive: silent ? NOTHING : [armHold] }
  actions.push({ do: 'send-keepalive', connection: id })
  if (silent) actions.push({ do: 'disarm', timer: 'hold', connection: id })
  else actions.push(armHold, armKeepalive(connection, random))
  return [withConnection({ ...next, effort: 'resting' }, side, connection), actions]
}

/**
 * RFC 4271 §6.8: of two connections the one made by the speaker with the higher BGP identifier is kept; when the identifiers are equal, by
 * the one with the higher AS number (RFC 6286 §2.3).
 */
function survivor(settings: SessionSettings, open: Open): Side {
  if (settings.routerId !== open.routerId) return settings.routerId > open.routerId ? 'outgoing' : 'incoming'
  return settings.localAs > settings.peerAs ? 'outgoing' : 'incoming'
}

/** KeepAliveMsg in OpenConfirm. From here on this connection is the only one. */
function establish(session: Session, side: Side, connection: Agreeing): Step {
  const actions: Action[] = []
  const other = side === 'outgoing' ? session.incoming : session.outgoing
  if (other !== null) close(other, { notification: COLLISION, why: 'collision: the other connection is established' }, actions)
  actions.push(...connection.alive, ARM_STABLE, {
    do: 'up',
    connection: connection.id,
    negotiated: connection.agreed,
    open: connection.open,
  })
  const alone: Session = { ...session, outgoing: null, incoming: null }
  return [withConnection(alone, side, { ...connection, at: 'Established' }), actions]
}

/** Ends a connection from here. */
function endConnection(session: Session, side: Side, ending: Ending, random: number): Step {
  const actions: Action[] = []
  close(session[side]!, ending, actions)
  return without(session, side, actions, random)
}

/** TcpConnectionFails: the connection has ended from there. */
function lost(session: Session, side: Side, why: string, random: number): Step {
  const actions: Action[] = []
  const connection = session[side]!
  // Who does not know an address takes the connection and closes it.
  const asStranger =
    side === 'outgoing' && connection.at === 'OpenSent' ? ' before its OPEN: over there our address may not be that of a peer' : ''
  disarm(connection, actions)
  farewell(connection, why + asStranger, actions)
  return without(session, side, actions, random)
}

/** What is left when a connection has gone: the other one, a dial under way, or a pause before the next attempt. */
function without(session: Session, side: Side, actions: Action[], random: number): Step {
  const next = withConnection(session, side, null)
  if (next.outgoing !== null || next.incoming !== null || next.effort === 'dialling') return [next, actions]
  actions.push(armIdleHold(next.failures, random))
  return [{ ...next, effort: 'held', failures: next.failures + 1 }, actions]
}

/** Leaves Idle: to Connect with a dial, or, passive, to Active. */
function tryToConnect(session: Session, settings: SessionSettings, random: number): Step {
  if (settings.passive) return [{ ...session, effort: 'waiting' }, NOTHING]
  return [{ ...session, effort: 'dialling' }, [DIAL, armRetry(settings, random)]]
}
