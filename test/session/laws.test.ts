/** What holds for every sequence of events, and for two machines that talk to each other. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Action, Event, SessionSettings, Timer } from '../../src/session/door.ts'
import { buildOpen, newSession, type Session, stateName, step } from '../../src/session/session.ts'
import { sessionFault } from '../../src/wire/fault.ts'
import { HIGHER_ID, LOWER_ID, mirrored, SETTINGS } from './spoken.ts'

const TIMERS: readonly Timer[] = ['connect-retry', 'idle-hold', 'hold', 'keepalive', 'send-hold']
const OPENS = [LOWER_ID, HIGHER_ID, 0].map((routerId) => buildOpen(mirrored(SETTINGS, routerId)))
const NO_HOLD = { ...OPENS[0]!, holdTimeSeconds: 0 }

/** An event with `connection` still to be chosen: a new number for those that make one, else one of the numbers given out, or none. */
const draft = fc.record({
  is: fc.constantFrom<Event['is']>(
    ...([
      'start',
      'stop',
      'dialled',
      'dial-failed',
      'accepted',
      'closed',
      'update',
      'route-refresh',
      'notification',
      'fault',
      'expired',
    ] as const),
    ...(['open', 'open', 'open', 'keepalive', 'keepalive', 'accepted', 'dialled', 'start'] as const),
  ),
  pick: fc.nat(5),
  timer: fc.constantFrom(...TIMERS),
  open: fc.constantFrom(...OPENS, ...OPENS.slice(0, 2), NO_HOLD),
  subcode: fc.nat(9),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
})
type Draft = typeof draft extends fc.Arbitrary<infer T> ? T : never

function eventOf({ is, pick, timer, open, subcode }: Draft, given: number): Event {
  const connection = Math.max(0, given - pick)
  switch (is) {
    case 'start':
      return { is }
    case 'stop':
      return { is, subcode, message: 'bye' }
    case 'dial-failed':
      return { is, why: 'refused' }
    case 'dialled':
    case 'accepted':
      return { is, connection: given + 1 }
    case 'closed':
      return { is, connection, why: 'reset' }
    case 'open':
      return { is, connection, open }
    case 'notification':
      return { is, connection, notification: { code: 2 + (subcode % 5), subcode, data: new Uint8Array(subcode) } }
    case 'fault':
      return { is, connection, fault: sessionFault(3, subcode, 'bad') }
    case 'expired':
      return { is, timer, connection: timer === 'connect-retry' || timer === 'idle-hold' ? 0 : connection }
    default:
      return { is, connection }
  }
}

/** A carrier that only watches: which connections are open, which timers run, and how often the session was up. */
class Watcher {
  open = new Set<number>()
  timers = new Set<string>()
  dialling = false
  up: number | null = null

  before(event: Event): void {
    if (event.is === 'dialled' || event.is === 'accepted') this.open.add(event.connection)
    if (event.is === 'dialled' || event.is === 'dial-failed') this.dialling = false
    if (event.is === 'closed') this.open.delete(event.connection)
    if (event.is === 'expired') this.timers.delete(`${event.timer} ${event.connection}`)
  }

  take(action: Action): void {
    switch (action.do) {
      case 'dial':
        expect(this.dialling, 'one dial at a time').toBe(false)
        this.dialling = true
        return
      case 'cancel-dial':
        expect(this.dialling, 'a dial to cancel').toBe(true)
        this.dialling = false
        return
      case 'send-open':
      case 'send-keepalive':
      case 'send-notification':
        expect(this.open, 'sends on an open connection').toContain(action.connection)
        return
      case 'close':
        expect(this.open, 'closes an open connection').toContain(action.connection)
        this.open.delete(action.connection)
        return
      case 'arm':
        expect(action.ms).toBeGreaterThan(0)
        this.timers.add(`${action.timer} ${action.connection}`)
        return
      case 'disarm':
        this.timers.delete(`${action.timer} ${action.connection}`)
        return
      case 'up':
        expect(this.up, 'up once').toBeNull()
        expect(this.open).toContain(action.connection)
        this.up = action.connection
        return
      case 'down':
        expect(this.up, 'down after up').not.toBeNull()
        this.up = null
        return
      case 'note':
        return
    }
  }

  agreesWith(session: Session): void {
    const name = stateName(session)
    expect(this.up !== null, 'up is Established').toBe(name === 'Established')
    if (this.up !== null) expect([...this.open], 'an established connection is alone').toEqual([this.up])
    if (name === 'Idle' || name === 'Active' || name === 'Connect') expect(this.open.size).toBe(0)
    const owners = [...this.timers].map((timer) => Number(timer.split(' ')[1])).filter((owner) => owner !== 0)
    for (const owner of owners) expect(this.open, 'timers of open connections only').toContain(owner)
  }
}

describe('any sequence of events', () => {
  const settings = fc.constantFrom<SessionSettings>(SETTINGS, { ...SETTINGS, passive: true }, { ...SETTINGS, holdTimeSeconds: 0 })

  test('keeps connections, timers, up and down in step with each other, and a stop leaves nothing behind', () => {
    fc.assert(
      fc.property(settings, fc.array(draft, { maxLength: 60 }), (chosen, drafts) => {
        const watcher = new Watcher()
        let session = newSession()
        let given = 0
        const feed = (event: Event, random: number): void => {
          watcher.before(event)
          const [next, actions] = step(session, event, chosen, random)
          session = next
          for (const action of actions) watcher.take(action)
        }
        for (const one of drafts) {
          const event = eventOf(one, given)
          if (event.is === 'dialled' && !watcher.dialling) continue
          if (event.is === 'dial-failed' && !watcher.dialling) continue
          if (event.is === 'dialled' || event.is === 'accepted') given++
          const goneDown = watcher.up
          feed(event, one.random)
          // The carrier tells of a connection's end before the session knows: what is up then is what just fell.
          if (event.is === 'closed' && goneDown === event.connection) expect(watcher.up).toBeNull()
          watcher.agreesWith(session)
        }
        feed({ is: 'stop', subcode: 2, message: '' }, 0)
        expect([stateName(session), watcher.open.size, watcher.timers.size, watcher.dialling, watcher.up]).toEqual([
          'Idle',
          0,
          0,
          false,
          null,
        ])
      }),
      { numRuns: 2000 },
    )
  })
})

/** Two machines joined by streams that keep order within a connection and none between connections; time passes only when nothing else can. */
class Pair {
  readonly ends: { settings: SessionSettings; session: Session; timers: Map<string, { at: number; event: Event }>; dial: number | null }[]
  readonly streams = new Map<string, Event[]>()
  closedAt = new Set<string>()
  now = 0
  next = 1

  constructor(a: SessionSettings, b: SessionSettings) {
    this.ends = [a, b].map((settings) => ({ settings, session: newSession(), timers: new Map(), dial: null }))
    for (const end of [0, 1]) this.feed(end, { is: 'start' })
  }

  feed(index: number, event: Event): void {
    const end = this.ends[index]!
    const [session, actions] = step(end.session, event, end.settings, 0.5)
    end.session = session
    for (const action of actions) this.perform(index, action)
  }

  perform(index: number, action: Action): void {
    const end = this.ends[index]!
    const send = (connection: number, event: Event): void => {
      const key = `${1 - index} ${connection}`
      this.streams.set(key, [...(this.streams.get(key) ?? []), event])
    }
    switch (action.do) {
      case 'dial':
        end.dial = this.next++
        this.streams.set(`${index} dial ${end.dial}`, [{ is: 'dialled', connection: end.dial }])
        return
      case 'cancel-dial':
        this.streams.delete(`${index} dial ${end.dial}`)
        end.dial = null
        return
      case 'send-open':
        send(action.connection, { is: 'open', connection: action.connection, open: action.open })
        return
      case 'send-keepalive':
        send(action.connection, { is: 'keepalive', connection: action.connection })
        return
      case 'send-notification':
        send(action.connection, { is: 'notification', connection: action.connection, notification: action.notification })
        return
      case 'close':
        this.closedAt.add(`${index} ${action.connection}`)
        this.streams.delete(`${index} ${action.connection}`)
        send(action.connection, { is: 'closed', connection: action.connection, why: 'closed' })
        return
      case 'arm': {
        const event: Event = { is: 'expired', timer: action.timer, connection: action.connection }
        end.timers.set(`${action.timer} ${action.connection}`, { at: this.now + action.ms, event })
        return
      }
      case 'disarm':
        end.timers.delete(`${action.timer} ${action.connection}`)
        return
    }
  }

  /** Delivers one waiting event, chosen by `pick`, or lets time pass to the next timer. */
  turn(pick: number): void {
    const waiting = [...this.streams].filter(([, events]) => events.length > 0)
    if (waiting.length === 0) {
      this.wait()
      return
    }
    const [key, [event, ...rest]] = waiting[pick % waiting.length]! as [string, [Event, ...Event[]]]
    this.streams.set(key, rest)
    const index = Number(key[0])
    if (event.is === 'dialled') {
      // The kernel of the other end has taken it; whoever answers there sees it before any octet on it.
      const other = `${1 - index} ${event.connection}`
      this.streams.set(other, [{ is: 'accepted', connection: event.connection }, ...(this.streams.get(other) ?? [])])
      this.feed(index, event)
    } else if (!this.closedAt.has(`${index} ${'connection' in event ? event.connection : 0}`)) {
      this.feed(index, event)
    }
  }

  wait(): void {
    const due = this.ends
      .flatMap((end, index) => [...end.timers].map(([key, timer]) => ({ index, key, ...timer })))
      .sort((a, b) => a.at - b.at)[0]
    if (due === undefined) return
    this.now = due.at
    this.ends[due.index]!.timers.delete(due.key)
    this.feed(due.index, due.event)
  }

  get standing(): boolean {
    return this.ends.every(({ session }) => stateName(session) === 'Established')
  }
}

test('two speakers that dial each other come up on one and the same connection, whatever comes first (RFC 4271 §6.8)', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(7), { minLength: 300, maxLength: 300 }), fc.constantFrom(LOWER_ID, HIGHER_ID), (picks, peerId) => {
      const pair = new Pair(SETTINGS, mirrored(SETTINGS, peerId))
      for (const pick of picks) {
        pair.turn(pick)
        if (pair.standing) break
      }
      expect(pair.standing, 'both are Established').toBe(true)
      const ids = pair.ends.map(({ session }) => (session.outgoing ?? session.incoming)!.id)
      expect(ids[0]).toBe(ids[1])
      expect(pair.now, 'soon').toBeLessThan(10_000)
    }),
    { numRuns: 1000 },
  )
})
