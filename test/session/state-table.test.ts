/**
 * Every state and every event, to be read beside RFC 4271 §8.2.2. A cell is `next state: actions`; `-` is "nothing happens": the very same
 * session comes back and nothing is to be done. Connection 1 is the one that is there, 9 a new one, 5 one that is long gone.
 */
import { describe, expect, test } from 'vitest'
import type { Event, SessionSettings } from '../../src/session/door.ts'
import { newSession, type Session, stateName, step } from '../../src/session/session.ts'
import { sessionFault } from '../../src/wire/fault.ts'
import {
  accepted,
  after,
  closed,
  dialled,
  expired,
  keepalive,
  notification,
  open,
  peerOpen,
  SETTINGS,
  said,
  start,
  stop,
} from './spoken.ts'

const EVENTS: Readonly<Record<string, Event>> = {
  start,
  stop,
  dialled: dialled(9),
  'dial failed': { is: 'dial-failed', why: 'refused' },
  accepted: accepted(9),
  'accepted again': accepted(1),
  closed: closed(1),
  'closed, gone': closed(5),
  open: open(1),
  'bad open': open(1, { ...peerOpen(), version: 3 }),
  keepalive: keepalive(1),
  'keepalive, gone': keepalive(5),
  update: { is: 'update', connection: 1 },
  refresh: { is: 'route-refresh', connection: 1 },
  notification: notification(1, 6, 4),
  fault: { is: 'fault', connection: 1, fault: sessionFault(1, 2, 'bad length', Uint8Array.of(0, 7)) },
  'connect-retry': expired('connect-retry'),
  'idle-hold': expired('idle-hold'),
  hold: expired('hold', 1),
  'send-hold': expired('send-hold', 1),
  'keepalive due': expired('keepalive', 1),
  'timer, gone': expired('hold', 5),
  'hold of no connection': expired('hold', 0),
}

interface State {
  readonly settings?: SessionSettings
  readonly by: readonly Event[]
  readonly cells: Readonly<Record<string, string>>
}

const HELD = 'arm idle-hold 0 750'
const TRY = 'dial, arm connect-retry 0 6000'
const GREET_9 = 'send-open 9, arm hold 9 240000'
const CLOSE_SENT = 'close 1, disarm hold 1, disarm send-hold 1, note'
const CLOSE_CONFIRM = 'close 1, disarm hold 1, disarm keepalive 1, disarm send-hold 1, note'
const CLOSE_UP = 'close 1, disarm hold 1, disarm keepalive 1, disarm send-hold 1, down'
const BYE = '6/2 [3 98 121 101]'

/** The cells of every state without a connection; the events of a connection mean nothing there. */
const NO_CONNECTION = {
  'accepted again': 'as accepted',
  closed: '-',
  'closed, gone': '-',
  open: '-',
  'bad open': '-',
  keepalive: '-',
  'keepalive, gone': '-',
  update: '-',
  refresh: '-',
  notification: '-',
  fault: '-',
  hold: '-',
  'send-hold': '-',
  'keepalive due': '-',
  'timer, gone': '-',
  'hold of no connection': '-',
} as const

const STATES: Readonly<Record<string, State>> = {
  'Idle, stopped': {
    by: [start, stop],
    cells: {
      ...NO_CONNECTION,
      start: `Connect: ${TRY}`,
      stop: '-',
      dialled: 'Idle: close 9',
      'dial failed': '-',
      accepted: 'Idle: close 9',
      'connect-retry': '-',
      'idle-hold': '-',
    },
  },
  'Idle, held': {
    by: [start, dialled(2), closed(2)],
    cells: {
      ...NO_CONNECTION,
      start: `Connect: disarm idle-hold 0, ${TRY}`,
      stop: 'Idle: disarm idle-hold 0',
      dialled: 'Idle: close 9',
      'dial failed': '-',
      accepted: `OpenSent: disarm idle-hold 0, ${GREET_9}`,
      'connect-retry': '-',
      'idle-hold': `Connect: ${TRY}`,
    },
  },
  Connect: {
    by: [start],
    cells: {
      ...NO_CONNECTION,
      start: '-',
      stop: 'Idle: cancel-dial, disarm connect-retry 0',
      dialled: `OpenSent: disarm connect-retry 0, ${GREET_9}`,
      'dial failed': 'Active: arm connect-retry 0 6000, note',
      accepted: `OpenSent: ${GREET_9}`,
      'connect-retry': `Connect: cancel-dial, note, ${TRY}`,
      'idle-hold': '-',
    },
  },
  Active: {
    by: [start, { is: 'dial-failed', why: 'refused' }],
    cells: {
      ...NO_CONNECTION,
      start: '-',
      stop: 'Idle: disarm connect-retry 0',
      dialled: 'Active: close 9',
      'dial failed': '-',
      accepted: `OpenSent: disarm connect-retry 0, ${GREET_9}`,
      'connect-retry': `Connect: ${TRY}`,
      'idle-hold': '-',
    },
  },
  'Active, passive': {
    settings: { ...SETTINGS, passive: true },
    by: [start],
    cells: {
      ...NO_CONNECTION,
      start: '-',
      stop: 'Idle: disarm connect-retry 0',
      dialled: 'Active: close 9',
      'dial failed': '-',
      accepted: `OpenSent: ${GREET_9}`,
      'connect-retry': '-',
      'idle-hold': '-',
    },
  },
  OpenSent: {
    by: [start, dialled(1)],
    cells: {
      start: '-',
      stop: `Idle: notify 1 ${BYE}, ${CLOSE_SENT}`,
      dialled: 'OpenSent: close 9',
      'dial failed': '-',
      accepted: `OpenSent: ${GREET_9}`,
      'accepted again': '-',
      closed: `Idle: disarm hold 1, disarm send-hold 1, note, ${HELD}`,
      'closed, gone': '-',
      open: 'OpenConfirm: send-keepalive 1, arm hold 1 12000, arm keepalive 1 3000',
      'bad open': `Idle: notify 1 2/1 [0 4], ${CLOSE_SENT}, ${HELD}`,
      keepalive: `Idle: notify 1 5/1 [4], ${CLOSE_SENT}, ${HELD}`,
      'keepalive, gone': '-',
      update: `Idle: notify 1 5/1 [2], ${CLOSE_SENT}, ${HELD}`,
      refresh: `Idle: notify 1 5/1 [5], ${CLOSE_SENT}, ${HELD}`,
      notification: `Idle: ${CLOSE_SENT}, ${HELD}`,
      fault: `Idle: notify 1 1/2 [0 7], ${CLOSE_SENT}, ${HELD}`,
      'connect-retry': '-',
      'idle-hold': '-',
      hold: `Idle: notify 1 4/0, ${CLOSE_SENT}, ${HELD}`,
      'send-hold': `Idle: notify 1 8/0, ${CLOSE_SENT}, ${HELD}`,
      'keepalive due': '-',
      'timer, gone': '-',
      'hold of no connection': '-',
    },
  },
  'OpenSent, dialling too': {
    by: [start, accepted(1)],
    cells: {
      start: '-',
      stop: `Idle: notify 1 ${BYE}, ${CLOSE_SENT}, cancel-dial, disarm connect-retry 0`,
      dialled: `OpenSent: disarm connect-retry 0, ${GREET_9}`,
      'dial failed': 'OpenSent: disarm connect-retry 0, note',
      accepted: `OpenSent: notify 1 6/7, ${CLOSE_SENT}, ${GREET_9}`,
      'accepted again': '-',
      closed: 'Connect: disarm hold 1, disarm send-hold 1, note',
      'closed, gone': '-',
      open: 'OpenConfirm: cancel-dial, disarm connect-retry 0, send-keepalive 1, arm hold 1 12000, arm keepalive 1 3000',
      'bad open': `Connect: notify 1 2/1 [0 4], ${CLOSE_SENT}`,
      keepalive: `Connect: notify 1 5/1 [4], ${CLOSE_SENT}`,
      'keepalive, gone': '-',
      update: `Connect: notify 1 5/1 [2], ${CLOSE_SENT}`,
      refresh: `Connect: notify 1 5/1 [5], ${CLOSE_SENT}`,
      notification: `Connect: ${CLOSE_SENT}`,
      fault: `Connect: notify 1 1/2 [0 7], ${CLOSE_SENT}`,
      'connect-retry': 'OpenSent: cancel-dial, note',
      'idle-hold': '-',
      hold: `Connect: notify 1 4/0, ${CLOSE_SENT}`,
      'send-hold': `Connect: notify 1 8/0, ${CLOSE_SENT}`,
      'keepalive due': '-',
      'timer, gone': '-',
      'hold of no connection': '-',
    },
  },
  OpenConfirm: {
    by: [start, dialled(1), open(1)],
    cells: {
      start: '-',
      stop: `Idle: notify 1 ${BYE}, ${CLOSE_CONFIRM}`,
      dialled: 'OpenConfirm: close 9',
      'dial failed': '-',
      accepted: `OpenConfirm: ${GREET_9}`,
      'accepted again': '-',
      closed: `Idle: disarm hold 1, disarm keepalive 1, disarm send-hold 1, note, ${HELD}`,
      'closed, gone': '-',
      open: `Idle: notify 1 5/2 [1], ${CLOSE_CONFIRM}, ${HELD}`,
      'bad open': `Idle: notify 1 5/2 [1], ${CLOSE_CONFIRM}, ${HELD}`,
      keepalive: 'Established: arm hold 1 12000, arm idle-hold 0 60000, up 1',
      'keepalive, gone': '-',
      update: `Idle: notify 1 5/2 [2], ${CLOSE_CONFIRM}, ${HELD}`,
      refresh: `Idle: notify 1 5/2 [5], ${CLOSE_CONFIRM}, ${HELD}`,
      notification: `Idle: ${CLOSE_CONFIRM}, ${HELD}`,
      fault: `Idle: notify 1 1/2 [0 7], ${CLOSE_CONFIRM}, ${HELD}`,
      'connect-retry': '-',
      'idle-hold': '-',
      hold: `Idle: notify 1 4/0, ${CLOSE_CONFIRM}, ${HELD}`,
      'send-hold': `Idle: notify 1 8/0, ${CLOSE_CONFIRM}, ${HELD}`,
      'keepalive due': 'OpenConfirm: send-keepalive 1, arm keepalive 1 3000',
      'timer, gone': '-',
      'hold of no connection': '-',
    },
  },
  Established: {
    by: [start, dialled(1), open(1), keepalive(1)],
    cells: {
      start: '-',
      stop: `Idle: disarm idle-hold 0, notify 1 ${BYE}, ${CLOSE_UP}`,
      dialled: 'Established: close 9',
      'dial failed': '-',
      accepted: 'Established: notify 9 6/7, close 9',
      'accepted again': '-',
      closed: `Idle: disarm hold 1, disarm keepalive 1, disarm send-hold 1, down, ${HELD}`,
      'closed, gone': '-',
      open: `Idle: notify 1 5/3 [1], ${CLOSE_UP}, ${HELD}`,
      'bad open': `Idle: notify 1 5/3 [1], ${CLOSE_UP}, ${HELD}`,
      keepalive: 'Established: arm hold 1 12000',
      'keepalive, gone': '-',
      update: 'Established: arm hold 1 12000',
      refresh: '-',
      notification: `Idle: ${CLOSE_UP}, ${HELD}`,
      fault: `Idle: notify 1 1/2 [0 7], ${CLOSE_UP}, ${HELD}`,
      'connect-retry': '-',
      'idle-hold': '-',
      hold: `Idle: notify 1 4/0, ${CLOSE_UP}, ${HELD}`,
      'send-hold': `Idle: notify 1 8/0, ${CLOSE_UP}, ${HELD}`,
      'keepalive due': 'Established: send-keepalive 1, arm keepalive 1 3000',
      'timer, gone': '-',
      'hold of no connection': '-',
    },
  },
}

describe.each(Object.entries(STATES))('in %s (RFC 4271 §8.2.2)', (name, { by, cells, settings = SETTINGS }) => {
  const [session] = after(by, settings)

  test('is the state it is called', () => {
    expect(stateName(session)).toBe(name.split(',')[0])
  })

  test('every event has a cell', () => {
    expect(Object.keys(cells).toSorted()).toEqual(Object.keys(EVENTS).toSorted())
  })

  test.each(Object.entries(EVENTS))('%s', (what, event) => {
    const cell = cells[what]!
    if (cell === 'as accepted') {
      expect(cellOf(session, event, settings)).toBe(cells.accepted!.replaceAll('9', '1'))
      return
    }
    expect(cellOf(session, event, settings)).toBe(cell)
    if (cell === '-') expect(step(session, event, settings, 0)[0]).toBe(session)
  })
})

test('is Idle before its first start', () => {
  expect(stateName(newSession())).toBe('Idle')
})

function cellOf(session: Session, event: Event, settings: SessionSettings): string {
  const [next, actions] = step(session, event, settings, 0)
  if (actions.length === 0 && stateName(next) === stateName(session)) return '-'
  return `${stateName(next)}: ${actions.map(said).join(', ')}`
}
