/** Shorthand of the session tests: settings, OPENs, and steps said in a few words. */
import type { Action, Event, SessionSettings } from '../../src/session/door.ts'
import { buildOpen, newSession, type Session, step } from '../../src/session/session.ts'
import { L2VPN_EVPN } from '../../src/wire/negotiated.ts'
import type { Open } from '../../src/wire/open.ts'

/** We: 192.0.2.10 in AS 65001, hold time 12 s. With `random` 0 every jittered timer has 75 % of its time. */
export const SETTINGS: SessionSettings = {
  localAs: 65001,
  peerAs: 65002,
  routerId: 0xc000020a,
  hostname: 'here',
  families: [L2VPN_EVPN],
  holdTimeSeconds: 12,
  connectRetrySeconds: 8,
  sendHoldSeconds: 0,
  passive: false,
}

export const LOWER_ID = 0xc0000201
export const HIGHER_ID = 0xc00002ff

/** The settings of the other end. */
export function mirrored(settings: SessionSettings, routerId: number): SessionSettings {
  return { ...settings, localAs: settings.peerAs, peerAs: settings.localAs, routerId, hostname: 'there' }
}

/** A good OPEN of the peer, with a lower BGP identifier than ours unless said otherwise. */
export function peerOpen(routerId = LOWER_ID): Open {
  return buildOpen(mirrored(SETTINGS, routerId))
}

/** An action in a few words. The text of `down` and `note` is for people and left out. */
export function said(action: Action): string {
  switch (action.do) {
    case 'arm':
      return `arm ${action.timer} ${action.connection} ${action.ms}`
    case 'disarm':
      return `disarm ${action.timer} ${action.connection}`
    case 'send-notification': {
      const { code, subcode, data } = action.notification
      return `notify ${action.connection} ${[code, subcode].join('/')}${data.length === 0 ? '' : ` [${[...data].join(' ')}]`}`
    }
    case 'dial':
    case 'cancel-dial':
    case 'down':
    case 'note':
      return action.do
    default:
      return `${action.do} ${action.connection}`
  }
}

/** The session after `events`, and what the last of them asked for. */
export function after(
  events: readonly Event[],
  settings: SessionSettings = SETTINGS,
  from: Session = newSession(),
): [Session, readonly Action[]] {
  let session = from
  let actions: readonly Action[] = []
  for (const event of events) [session, actions] = step(session, event, settings, 0)
  return [session, actions]
}

export const start: Event = { is: 'start' }
export const dialled = (connection: number): Event => ({ is: 'dialled', connection })
export const accepted = (connection: number): Event => ({ is: 'accepted', connection })
export const open = (connection: number, message: Open = peerOpen()): Event => ({ is: 'open', connection, open: message })
export const keepalive = (connection: number): Event => ({ is: 'keepalive', connection })
export const closed = (connection: number): Event => ({ is: 'closed', connection, why: 'reset' })
export const stop: Event = { is: 'stop', subcode: 2, message: 'bye' }
export const expired = (timer: 'connect-retry' | 'idle-hold' | 'hold' | 'keepalive' | 'send-hold', connection = 0): Event => ({
  is: 'expired',
  timer,
  connection,
})
export const notification = (connection: number, code: number, subcode: number, data = new Uint8Array(0)): Event => ({
  is: 'notification',
  connection,
  notification: { code, subcode, data },
})
