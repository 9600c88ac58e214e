/** Two connections at once, RFC 4271 §6.8. Connection 1 is ours (outgoing), 2 the peer's (incoming). We are 192.0.2.10. */
import { describe, expect, test } from 'vitest'
import type { Event, SessionSettings } from '../../src/session/door.ts'
import { buildOpen, stateName } from '../../src/session/session.ts'
import { accepted, after, dialled, HIGHER_ID, keepalive, LOWER_ID, mirrored, open, SETTINGS, said, start } from './spoken.ts'

const OURS = 1
const THEIRS = 2

interface Outcome {
  readonly who: string
  readonly settings: SessionSettings
  readonly peerId: number
  readonly kept: number
  readonly gone: number
}

const LOW_AS: SessionSettings = { ...SETTINGS, localAs: 65002, peerAs: 65001 }
const OUTCOMES: readonly Outcome[] = [
  { who: 'ours when our identifier is higher', settings: SETTINGS, peerId: LOWER_ID, kept: OURS, gone: THEIRS },
  { who: "the peer's when its identifier is higher", settings: SETTINGS, peerId: HIGHER_ID, kept: THEIRS, gone: OURS },
  {
    who: 'ours when identifiers are equal and our AS is higher (RFC 6286 §2.3)',
    settings: LOW_AS,
    peerId: SETTINGS.routerId,
    kept: OURS,
    gone: THEIRS,
  },
  {
    who: "the peer's when identifiers are equal and its AS is higher (RFC 6286 §2.3)",
    settings: SETTINGS,
    peerId: SETTINGS.routerId,
    kept: THEIRS,
    gone: OURS,
  },
]

const MEETINGS: readonly (readonly [string, readonly Event[]])[] = [
  ['our dial gets through first', [start, dialled(OURS), accepted(THEIRS)]],
  ['the peer comes in first', [start, accepted(THEIRS), dialled(OURS)]],
]

describe.each(OUTCOMES)('the connection kept is $who', ({ settings, peerId, kept, gone }) => {
  const hello = (connection: number): Event => open(connection, buildOpen(mirrored(settings, peerId)))

  test.each(MEETINGS)('when %s and its OPEN comes last', (_, meeting) => {
    const [session, actions] = after([...meeting, hello(gone), hello(kept)], settings)
    expect(actions.map(said)).toEqual([
      `notify ${gone} 6/7`,
      `close ${gone}`,
      `disarm hold ${gone}`,
      `disarm keepalive ${gone}`,
      `disarm send-hold ${gone}`,
      'note',
      `send-keepalive ${kept}`,
      `arm hold ${kept} 12000`,
      `arm keepalive ${kept} 3000`,
    ])
    expect(stateName(session)).toBe('OpenConfirm')
  })

  test.each(MEETINGS)('when %s and its OPEN comes first', (_, meeting) => {
    const [session, actions] = after([...meeting, hello(kept), hello(gone)], settings)
    expect(actions.map(said)).toEqual([`notify ${gone} 6/7`, `close ${gone}`, `disarm hold ${gone}`, `disarm send-hold ${gone}`, 'note'])
    expect(stateName(session)).toBe('OpenConfirm')
    expect(stateName(after([keepalive(kept)], settings, session)[0])).toBe('Established')
  })
})

test.each([
  [OURS, THEIRS],
  [THEIRS, OURS],
])(
  'connection %i, once established, wins against one that has not shown an OPEN, whatever the identifiers (RFC 4271 §6.8)',
  (up, other) => {
    for (const peerId of [LOWER_ID, HIGHER_ID]) {
      const message = buildOpen(mirrored(SETTINGS, peerId))
      const [session, actions] = after([start, dialled(OURS), accepted(THEIRS), open(up, message), keepalive(up)])
      expect(actions.map(said).slice(0, 2)).toEqual([`notify ${other} 6/7`, `close ${other}`])
      expect(actions.at(-1)).toMatchObject({ do: 'up', connection: up })
      expect(after([open(other, message)], SETTINGS, session)[1]).toEqual([])
    }
  },
)

test('a connection that fails leaves the other one alone', () => {
  const [session] = after([start, dialled(OURS), accepted(THEIRS), open(OURS), { is: 'closed', connection: THEIRS, why: 'reset' }])
  expect(stateName(session)).toBe('OpenConfirm')
  expect(session.failures).toBe(0)
})

test('a bad OPEN on one connection costs only that one', () => {
  const bad = { ...buildOpen(mirrored(SETTINGS, HIGHER_ID)), version: 5 }
  const [session, actions] = after([start, dialled(OURS), accepted(THEIRS), open(OURS), open(THEIRS, bad)])
  expect(actions.map(said).slice(0, 2)).toEqual(['notify 2 2/1 [0 4]', 'close 2'])
  expect(stateName(session)).toBe('OpenConfirm')
})

test('a peer that comes in again has given up the connection it had, even one that was confirmed', () => {
  const [session, actions] = after([start, accepted(THEIRS), open(THEIRS), accepted(3)])
  expect(actions.map(said)).toEqual([
    'notify 2 6/7',
    'close 2',
    'disarm hold 2',
    'disarm keepalive 2',
    'disarm send-hold 2',
    'note',
    'send-open 3',
    'arm hold 3 240000',
  ])
  expect(stateName(after([open(3), keepalive(3)], SETTINGS, session)[0])).toBe('Established')
})
