/**
 * What is to be done about a message, in the words of the vectors: `ok`, `attribute-discard`, `treat-as-withdraw`, `session-reset`,
 * `notification:C/S` (RFC 7606 §2, RFC 4271 §6). Two questions: can the octets be read, and what does a session do that they arrive in.
 */

import { u8 } from '../../bytes/octets.ts'
import type { Agreed, ConnectionId, Event, SessionSettings } from '../../session/door.ts'
import { newSession, step } from '../../session/session.ts'
import type { Session } from '../../session/state.ts'
import { AttributeCode } from '../../wire/attribute/attribute.ts'
import { fourOctetAs } from '../../wire/capability/four-octet-as.ts'
import { multiprotocol } from '../../wire/capability/multiprotocol.ts'
import { type Fault, routeFault, sessionFault, wider } from '../../wire/fault.ts'
import { HEADER_LENGTH, MessageType } from '../../wire/framing.ts'
import type { ReadMessage } from '../../wire/message.ts'
import { type AddressFamily, IPV4_UNICAST } from '../../wire/negotiated.ts'
import { readNotification } from '../../wire/notification.ts'
import { NotificationCode, UpdateSubcode } from '../../wire/notification-codes.ts'
import { type Open, readOpen } from '../../wire/open.ts'
import type { StateName, VectorContext } from './vector-context.ts'

/** The verdict on faults: the widest reach, and of equals the first. */
export function verdictOf(faults: readonly Fault[]): string {
  const worst = faults.reduce<Fault | null>(wider, null)
  if (worst === null) return 'ok'
  switch (worst.reach) {
    case 'attribute':
      return 'attribute-discard'
    case 'route':
      return 'treat-as-withdraw'
    case 'session':
      return `notification:${worst.code}/${worst.subcode}`
  }
}

/** Faults that are none of the octets: what is missing for a session, and what only a session minds (RFC 7606 §3 d, RFC 4271 §6.3). */
export function isForSession(fault: Fault): boolean {
  if (fault.reach === 'route') return fault.why.endsWith('is missing')
  return fault.reach === 'session' && fault.code === NotificationCode.update && fault.subcode === UpdateSubcode.unrecognizedWellKnown
}

/** All faults of a message that arrives in a session as `context` tells, those of the octets included. */
export function sessionFaults(octets: Uint8Array, { message, faults }: ReadMessage, context: VectorContext): readonly Fault[] {
  const header = faults.find((fault) => fault.reach === 'session' && fault.code === NotificationCode.messageHeader)
  if (header !== undefined || octets.length < HEADER_LENGTH) return faults
  const type = u8(octets, 18)
  const state = context.state ?? (type === MessageType.open ? 'OpenSent' : 'Established')
  const refused = refusal(octets, type, state, context)
  if (refused !== null) return [refused]
  if (type === MessageType.routeRefresh && context.enhancedRouteRefresh === false && faults.length > 0) {
    // Nobody has agreed on RFC 7313 and its error code: a bad length is one of the header.
    return [sessionFault(NotificationCode.messageHeader, 2, 'ROUTE-REFRESH of another length than 23')]
  }
  if (message?.type !== 'UPDATE') return faults
  return [...faults, ...pathFaults(message.attributes.asPath ?? [], context)]
}

/** A confederation segment from outside (RFC 5065 §5), and a first AS that is not the peer's (RFC 4271 §6.3): a malformed AS_PATH (RFC 7606 §7.2). */
function pathFaults(segments: readonly { readonly type: string; readonly asns: readonly number[] }[], context: VectorContext): Fault[] {
  const found: Fault[] = []
  if (!context.confederation && segments.some(({ type }) => type.startsWith('confed-'))) {
    found.push(routeFault(AttributeCode.asPath, 'AS_PATH with confederation segments from a peer outside (RFC 5065 5)'))
  }
  const foreign = !context.ibgp && context.enforceFirstAs && context.peerAs !== null
  if (foreign && segments[0]?.asns[0] !== context.peerAs) {
    found.push(routeFault(AttributeCode.asPath, `AS_PATH does not begin with AS ${context.peerAs} (RFC 4271 6.3)`))
  }
  return found
}

const CONNECTION: ConnectionId = 1

/** The NOTIFICATION with which the state machine answers the message, as the fault that it is; null when the message may come. */
function refusal(octets: Uint8Array, type: number, state: StateName, context: VectorContext): Fault | null {
  if (state !== 'OpenSent' && state !== 'OpenConfirm' && state !== 'Established') {
    return sessionFault(NotificationCode.stateMachine, 0, `a message in state ${state}`)
  }
  const open = type === MessageType.open ? readOpen(octets, HEADER_LENGTH, octets.length) : null
  const sound = open !== null && !('reach' in open) ? open : null
  // An OPEN out of place is that first, whatever stands in it.
  if (open !== null && sound === null && state === 'OpenSent') return null
  const settings = settingsFor(sound, context)
  const [, actions] = step(sessionIn(state, context), eventOf(octets, type, sound), settings, 0)
  for (const action of actions) {
    if (action.do !== 'send-notification') continue
    const { code, subcode, data } = action.notification
    return sessionFault(code, subcode, `refused in state ${state}`, data)
  }
  return null
}

const SOME_OPEN: Open = { version: 4, myAs: 1, holdTimeSeconds: 90, routerId: 1, capabilities: [] }

function eventOf(octets: Uint8Array, type: number, open: Open | null): Event {
  const connection = CONNECTION
  switch (type) {
    case MessageType.open:
      return { is: 'open', connection, open: open ?? SOME_OPEN }
    case MessageType.update:
      return { is: 'update', connection }
    case MessageType.routeRefresh:
      return { is: 'route-refresh', connection }
    case MessageType.notification: {
      const notification = readNotification(octets, HEADER_LENGTH, octets.length)
      if ('reach' in notification) return { is: 'fault', connection, fault: notification }
      return { is: 'notification', connection, notification }
    }
    default:
      return { is: 'keepalive', connection }
  }
}

function sessionIn(state: 'OpenSent' | 'OpenConfirm' | 'Established', context: VectorContext): Session {
  const outgoing =
    state === 'OpenSent'
      ? { at: state, id: CONNECTION }
      : { at: state, id: CONNECTION, agreed: agreedIn(context), open: SOME_OPEN, alive: [] }
  return { ...newSession(), effort: 'resting', outgoing }
}

function agreedIn(context: VectorContext): Agreed {
  return {
    fourOctetAs: context.as4,
    internal: context.ibgp,
    maxMessage: 4096,
    maxReceive: 4096,
    routeRefresh: true,
    enhancedRouteRefresh: context.enhancedRouteRefresh ?? true,
    families: context.families ?? [],
    holdTimeSeconds: 90,
    keepaliveSeconds: 30,
    peerRouterId: 1,
  }
}

const SOME_AS = 1

/** Settings under which nothing is wrong with an OPEN but what the context says. */
function settingsFor(open: Open | null, context: VectorContext): SessionSettings {
  const peerAs = context.peerAs ?? (context.ibgp ? context.localAs : null) ?? asOf(open)
  const other = peerAs === SOME_AS ? SOME_AS + 1 : SOME_AS
  return {
    localAs: context.localAs ?? (context.ibgp ? peerAs : other),
    peerAs,
    routerId: context.localId ?? 0,
    hostname: '',
    families: context.families ?? familiesOf(open),
    holdTimeSeconds: 90,
    connectRetrySeconds: 120,
    sendHoldSeconds: 0,
    passive: false,
  }
}

function asOf(open: Open | null): number {
  const capability = open?.capabilities.find(({ code }) => code === fourOctetAs.code)
  return capability === undefined ? (open?.myAs ?? SOME_AS) : fourOctetAs.read(capability.value).as
}

function familiesOf(open: Open | null): readonly AddressFamily[] {
  const announced = open?.capabilities.filter(({ code }) => code === multiprotocol.code) ?? []
  return announced.length === 0 ? [IPV4_UNICAST] : announced.map(({ value }) => multiprotocol.read(value))
}
