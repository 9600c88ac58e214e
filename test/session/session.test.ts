/** What takes more than one step to see. */
import { describe, expect, test } from 'vitest'
import type { Action, Event } from '../../src/session/door.ts'
import { type Session, stateName, step } from '../../src/session/session.ts'
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

const UP: readonly Event[] = [start, dialled(1), open(1), keepalive(1)]

function whyOf(actions: readonly Action[]): string | undefined {
  return actions.flatMap((action) => (action.do === 'down' || action.do === 'note' ? [action.why] : []))[0]
}

function offeredCodes(actions: readonly Action[]): number[] {
  return actions.flatMap((action) => (action.do === 'send-open' ? action.open.capabilities.map(({ code }) => code) : []))
}

/** The idle hold times of `count` attempts in a row that fail, with random 0. */
function holds(session: Session, count: number): number[] {
  const times: number[] = []
  let now = session
  for (let attempt = 0; attempt < count; attempt++) {
    const [next, actions] = after([expired('idle-hold'), dialled(10 + attempt), closed(10 + attempt)], SETTINGS, now)
    now = next
    for (const action of actions) if (action.do === 'arm') times.push(action.ms)
  }
  return times
}

describe('the idle hold time (RFC 4271 §8.1.1, DampPeerOscillations)', () => {
  test('doubles from 1 s to 60 s with each attempt that fails', () => {
    const [held] = after([start, dialled(1), closed(1)])
    expect(holds(held, 8)).toEqual([1500, 3000, 6000, 12000, 24000, 45000, 45000, 45000])
  })

  test('goes on growing while sessions come up and fall at once', () => {
    const [held] = after([...UP, closed(1), expired('idle-hold'), dialled(2), open(2), keepalive(2)])
    expect(after([closed(2)], SETTINGS, held)[1].map(said)).toContain('arm idle-hold 0 1500')
  })

  test('starts again after a session that has stood for a minute', () => {
    const [session] = after([start, dialled(1), closed(1), expired('idle-hold'), dialled(2), open(2), keepalive(2), expired('idle-hold')])
    expect(after([closed(2)], SETTINGS, session)[1].map(said)).toContain('arm idle-hold 0 750')
  })

  test('starts again after a stop', () => {
    const [session] = after([start, dialled(1), closed(1), stop, start, dialled(2)])
    expect(after([closed(2)], SETTINGS, session)[1].map(said)).toContain('arm idle-hold 0 750')
  })

  test('does not keep out a peer that comes back', () => {
    const [session] = after([...UP, closed(1), accepted(2), open(2), keepalive(2)])
    expect(stateName(session)).toBe('Established')
  })
})

describe('jitter (RFC 4271 §10)', () => {
  test('takes up to a quarter off connect-retry', () => {
    const [session] = after([])
    expect(step(session, start, SETTINGS, 0)[1].map(said)).toContain('arm connect-retry 0 6000')
    expect(step(session, start, SETTINGS, 0.999999)[1].map(said)).toContain('arm connect-retry 0 8000')
  })

  test('takes up to a quarter off keepalive and nothing off hold', () => {
    const [session] = after([start, dialled(1)])
    expect(step(session, open(1), SETTINGS, 0.5)[1].map(said)).toEqual(['send-keepalive 1', 'arm hold 1 12000', 'arm keepalive 1 3500'])
  })
})

describe('a hold time of zero (RFC 4271 §4.4)', () => {
  const silent: readonly Event[] = [start, dialled(1), open(1, { ...peerOpen(), holdTimeSeconds: 0 })]

  test('stops the hold timer and sends one KEEPALIVE only, the answer to the OPEN', () => {
    expect(after(silent)[1].map(said)).toEqual(['send-keepalive 1', 'disarm hold 1'])
  })

  test('a keepalive timer that expires all the same arms none', () => {
    expect(after([...silent, expired('keepalive', 1)])[1]).toEqual([])
    expect(after([...silent, keepalive(1), expired('keepalive', 1)])[1]).toEqual([])
  })

  test('arms nothing for a sign of life', () => {
    expect(after([...silent, keepalive(1), keepalive(1)])[1]).toEqual([])
  })
})

describe('a peer that refuses our capabilities (RFC 5492 §3)', () => {
  test.each([4, 7])('with 2/%i is asked again for the plain ones', (subcode) => {
    const [, actions] = after([start, dialled(1), notification(1, 2, subcode), expired('idle-hold'), dialled(2)])
    expect(offeredCodes(actions)).toEqual([1, 2, 65])
  })

  test('is agreed with on what was offered to it', () => {
    const [, actions] = after([start, dialled(1), notification(1, 2, 7), expired('idle-hold'), dialled(2), open(2), keepalive(2)])
    expect(actions.at(-1)).toMatchObject({ do: 'up', negotiated: { maxMessage: 4096, enhancedRouteRefresh: false } })
  })

  test('gets the whole offer again after a stop and a start', () => {
    const [, actions] = after([start, dialled(1), notification(1, 2, 7), stop, start, dialled(2)])
    expect(offeredCodes(actions)).toEqual([1, 2, 6, 65, 70, 73])
  })

  test('gets the whole offer when it refused something else', () => {
    const [, actions] = after([start, dialled(1), notification(1, 2, 2), expired('idle-hold'), dialled(2)])
    expect(offeredCodes(actions)).toEqual([1, 2, 6, 65, 70, 73])
  })
})

describe('a stop (RFC 4486, RFC 9003)', () => {
  const cease = (subcode: number, message: string): Uint8Array => {
    const [, actions] = after([...UP, { is: 'stop', subcode, message }])
    return actions.flatMap((action) => (action.do === 'send-notification' ? [action.notification.data] : []))[0]!
  }

  test.each([2, 4])('with subcode %i carries the text behind its length', (subcode) => {
    expect(cease(subcode, 'añ')).toEqual(Uint8Array.of(3, 0x61, 0xc3, 0xb1))
  })

  test.each([3, 6])('with subcode %i carries no text', (subcode) => {
    expect(cease(subcode, 'bye')).toEqual(new Uint8Array(0))
  })

  test('cuts a text of more than 255 octets between two characters', () => {
    const data = cease(2, 'ñ'.repeat(200))
    expect([data[0], data.length]).toEqual([254, 255])
  })

  test('takes down both connections of an unsettled collision', () => {
    const [session, actions] = after([start, dialled(1), accepted(2), open(1), stop])
    expect(actions.map(said).filter((text) => text.startsWith('close'))).toEqual(['close 1', 'close 2'])
    expect(stateName(session)).toBe('Idle')
  })
})

describe('why a session ended', () => {
  test("is told in the peer's own words (RFC 9003 §2)", () => {
    const text = new TextEncoder().encode('back at noon')
    const [, actions] = after([...UP, notification(1, 6, 2, Uint8Array.of(text.length, ...text))])
    expect(whyOf(actions)).toBe('peer sent Cease/Administrative Shutdown (6/2): "back at noon"')
  })

  test('does without the words when their length lies', () => {
    const [, actions] = after([...UP, notification(1, 6, 2, Uint8Array.of(9, 0x61))])
    expect(whyOf(actions)).toBe('peer sent Cease/Administrative Shutdown (6/2), data 0961')
  })

  test('names our AS where the peer expects another one', () => {
    const [, actions] = after([start, dialled(1), notification(1, 2, 2)])
    expect(whyOf(actions)).toBe(
      `peer sent OPEN Message Error/Bad Peer AS (2/2): over there we are not expected with AS ${SETTINGS.localAs}`,
    )
  })

  test('may be that we are not known, where what we have dialled is closed before a word', () => {
    expect(whyOf(after([start, dialled(1), closed(1)])[1])).toMatch(/ before its OPEN: over there our address may not be that of a peer$/)
    expect(whyOf(after([start, accepted(1), closed(1)])[1])).not.toMatch(/before its OPEN/)
    expect(whyOf(after([start, dialled(1), open(1), closed(1)])[1])).not.toMatch(/before its OPEN/)
  })

  test('is told for codes nobody knows', () => {
    expect(whyOf(after([...UP, notification(1, 99, 3)])[1])).toBe('peer sent code 99/3 (99/3)')
  })

  test.each<[Event, string]>([
    [expired('hold', 1), 'nothing heard from the peer within the hold time of 12 s'],
    [expired('send-hold', 1), 'peer has taken nothing within the send hold time'],
    [open(1), 'peer sent OPEN in state Established'],
    [stop, 'stopped here: Cease/Administrative Shutdown (6/2): "bye"'],
    [closed(1), 'reset'],
  ])('is told after %j', (event, why) => {
    expect(whyOf(after([...UP, event])[1])).toBe(why)
  })
})

test('a sign of life in Established is answered with the same actions every time', () => {
  const [session, first] = after([...UP, keepalive(1)])
  const [same, second] = after([keepalive(1)], SETTINGS, session)
  expect(same).toBe(session)
  expect(second).toBe(first)
})

test('a dial that gets through although it was called off is dropped without a word', () => {
  const [session, actions] = after([start, accepted(2), open(2), dialled(1)])
  expect(actions.map(said)).toEqual(['close 1'])
  expect(stateName(session)).toBe('OpenConfirm')
})

test('a passive peer never dials', () => {
  const settings = { ...SETTINGS, passive: true }
  const [held] = after([start, accepted(1), closed(1)], settings)
  const [active, actions] = after([expired('idle-hold')], settings, held)
  expect([stateName(active), actions]).toEqual(['Active', []])
})
