/** A module of the operator's own as terms ask it: what it wants changed, what becomes of its failures, and when it is switched off. */
import { expect, test } from 'vitest'
import type { Draft } from '../../../src/policy/modules/module.ts'
import { SETS } from '../../../src/policy/modules/table.ts'
import { CHANGES, CHANGES_MOST, recorder, type Wanted } from '../../../src/policy/own/changes.ts'
import { EditsOf } from '../../../src/policy/own/edits.ts'
import { OVERRUN_WINDOW, OVERRUNS_MOST, OwnModule } from '../../../src/policy/own/own-module.ts'
import { seen } from '../../../src/policy/own/route.ts'
import type { Failure, Runner } from '../../../src/policy/own/runner.ts'
import { RouteDraft } from '../../../src/policy/route-draft.ts'
import { captured, environment, LEAF } from '../modules/route.ts'

const ROUTE = captured('gobgpd-ibgp-macadv-2labels-rmac-1')
const OVERRUN: Failure = { failed: 'overrun', why: 'took 11 ms' }
const ERROR: Failure = { failed: 'error', why: 'Error: no' }

/** A module that answers what it is told to. */
function moduleThat(answers: { match?: boolean | Failure; set?: string | Failure }): OwnModule {
  const runner: Runner = {
    nature: { looksAt: 'route', match: true, set: true },
    take: () => 0,
    match: () => answers.match ?? true,
    set: () => answers.set ?? '',
    ...{ note: () => false, noted: 0, answers: () => [], forget: () => {} },
  }
  return new OwnModule({ name: 'mine', file: 'mine.ts', onError: 'reject', budgetMs: 10 }, runner)
}

const wanting = (...wanted: Wanted[]) => moduleThat({ set: JSON.stringify(wanted) })
const edits = new EditsOf('route', environment())

test('its changes are those of the set modules, each of which there is', () => {
  expect([...CHANGES.route].sort()).toEqual(SETS.map(({ name }) => name).sort())
  const hangOnRoute = SETS.filter(({ looksAt }) => looksAt === 'route').map(({ name }) => name)
  expect(CHANGES.attributes).toEqual(CHANGES.route.filter((name) => !hangOnRoute.includes(name)))
})

test('what it wants is done as a term does it', () => {
  const draft = new RouteDraft()
  draft.begin(ROUTE, LEAF)
  draft.beginRoute(ROUTE.nlri, ROUTE.nlriAt, ROUTE.nlriLength, 0, false)
  const made = wanting(['localPref', 250], ['communities', { replace: ['65000:1', 'no-export'] }], ['nextHop', 'self']).propose(
    0,
    draft,
    edits,
  )
  for (const edit of made ?? []) edit(draft as Draft)
  const { localPref, communities, nextHop } = seen(draft, 'route')
  expect({ localPref, communities, nextHop }).toEqual({ localPref: 250, communities: ['65000:1', '65535:65281'], nextHop: '192.0.2.1' })
})

test.each([
  [['localPref', -5], 'found changes.localPref(-5), expected a local preference from 0 to 4294967295, or a change such as "+50" or "-50"'],
  [['communities', { add: 'abc' }], 'found changes.communities({"add":"abc"}), expected add: '],
  [['nextHop', '300.1.1.1'], 'found changes.nextHop("300.1.1.1"), expected unchanged, self, or an IPv4 or IPv6 address'],
  [['routerMac', 7], 'found changes.routerMac(7), expected the MAC address of a router'],
  [['strip', 'asPath'], 'found changes.strip("asPath"), expected '],
  [['localPref'], 'found changes.localPref(undefined), expected a local preference'],
  [['notOne', 1], 'found changes.notOne, expected one of the changes there are'],
] as [Wanted, string][])('what cannot be done is an error of the module, and nothing of it is done: %j', (wanted, why) => {
  const module = wanting(['med', 1], wanted)
  expect(module.propose(0, ROUTE, edits)).toBe(null)
  expect(module).toMatchObject({ calls: 1, errors: 1, overruns: 0, lastFailure: expect.stringContaining(why) })
})

test('what hangs on the route is nothing for a module that looks at attributes', () => {
  const module = wanting(['vniRouteTargets', { add: '65001:{vni}' }])
  expect(module.propose(0, ROUTE, new EditsOf('attributes', environment()))).toBe(null)
  expect(module.propose(0, ROUTE, edits)).toHaveLength(1)
})

test('a call that asks for too much throws there', () => {
  const wanted: Wanted[] = []
  const changes = recorder(CHANGES.route, wanted)
  expect(() => {
    for (;;) changes.med(1)
  }).toThrow(`more than ${CHANGES_MOST} changes of one route`)
  expect(() => Object.assign(changes, { med: () => {} })).toThrow(TypeError)
})

test('errors are counted and told, and never switch it off', () => {
  const module = moduleThat({ match: ERROR })
  const told: string[] = []
  module.onFailure = (_, why) => told.push(why)
  for (let i = 0; i < 100; i++) expect(module.match(0, ROUTE)).toBe(null)
  expect(module).toMatchObject({ calls: 100, errors: 100, overruns: 0, off: false, hasFailed: true, lastFailure: 'Error: no' })
  expect(told).toHaveLength(100)
})

test(`${OVERRUNS_MOST} overruns close together switch it off, and it is asked no more`, () => {
  const answers: { match: boolean | Failure } = { match: OVERRUN }
  const module = moduleThat(answers)
  const told: string[] = []
  module.onFailure = (_, why) => told.push(why)
  for (let i = 0; i < OVERRUNS_MOST - 1; i++) module.match(0, ROUTE)
  answers.match = true
  expect([module.off, module.match(0, ROUTE)]).toEqual([false, true])
  answers.match = OVERRUN
  module.match(0, ROUTE)
  expect(told.at(-1)).toBe(
    `took 11 ms; switched off: ${OVERRUNS_MOST} of its calls took too long, until a reload reject stands for its answer`,
  )
  answers.match = true
  expect([module.match(0, ROUTE), module.match(0, ROUTE)]).toEqual([null, null])
  expect(module).toMatchObject({ off: true, calls: OVERRUNS_MOST + 1, overruns: OVERRUNS_MOST, spared: 2 })
  expect(module.lastFailure).toContain('switched off')
})

test('overruns far apart do not', () => {
  const answers: { match: boolean | Failure } = { match: true }
  const module = moduleThat(answers)
  for (let round = 0; round < 3 * OVERRUNS_MOST; round++) {
    answers.match = OVERRUN
    module.match(0, ROUTE)
    answers.match = true
    for (let i = 0; i < OVERRUN_WINDOW / (OVERRUNS_MOST - 2); i++) module.match(0, ROUTE)
  }
  expect(module).toMatchObject({ off: false, overruns: 3 * OVERRUNS_MOST })
})

/** A module asked about many routes in one go: it answers by their age, and notes how often it was asked. */
function inOneGo(answerOf: (ageSeconds: number) => boolean | Failure) {
  const rounds: number[] = []
  let noted: number[] = []
  const runner: Runner = {
    nature: { looksAt: 'route', match: true, set: true },
    take: () => 0,
    match: (_, route) => {
      rounds.push(-1)
      return answerOf(route.ageSeconds)
    },
    set: () => '',
    note: ({ ageSeconds }) => noted.push(ageSeconds) > 0,
    get noted() {
      return noted.length
    },
    answers(_part, _argument, first) {
      const all = noted.slice(first).map(answerOf)
      const failed = all.findIndex((one) => typeof one === 'object')
      const answers = failed < 0 ? all : all.slice(0, failed + 1)
      rounds.push(answers.length)
      return answers
    },
    forget: () => {
      noted = []
    },
  }
  const module = new OwnModule({ name: 'mine', file: 'mine.ts', onError: 'reject', budgetMs: 10 }, runner)
  const ahead = module.ahead<boolean>('match', 0)
  const routes = (count: number) => Array.from({ length: count }, (_, i) => ({ ...ROUTE, nlriAt: i, ageSeconds: i }))
  /** Fetches the answers about so many routes, then asks about each. */
  const asked = (count: number) => {
    for (const route of routes(count)) ahead.note(route)
    ahead.ask()
    return routes(count).map((route) => module.match(0, route, ahead.answer(route)))
  }
  return { module, ahead, rounds, routes, asked }
}

test('answers fetched in one go count when they are used, and are gone when they are forgotten', () => {
  const { module, ahead, rounds, routes, asked } = inOneGo((age) => age % 2 === 0)
  for (const route of routes(3)) ahead.note(route)
  ahead.ask()
  expect([rounds, module.calls]).toEqual([[3], 0])
  ahead.forget()
  expect(routes(3).map((route) => ahead.answer(route))).toEqual([undefined, undefined, undefined])
  expect(asked(4)).toEqual([true, false, true, false])
  expect([rounds, module.calls]).toEqual([[3, 4], 4])
  // Other octets at the same place are another route.
  expect(ahead.answer({ ...ROUTE, nlriAt: 1, bytes: Uint8Array.from(ROUTE.bytes) })).toBe(undefined)
  expect(ahead.answer({ ...ROUTE, nlriAt: 1, nlri: Uint8Array.from(ROUTE.nlri) })).toBe(undefined)
})

test('each failure among answers fetched in one go is that of its route', () => {
  const { module, rounds, asked } = inOneGo((age) => (age % 3 === 1 ? ERROR : true))
  expect(asked(6)).toEqual([true, null, true, true, null, true])
  expect(rounds).toEqual([2, 3, 1])
  expect(module).toMatchObject({ calls: 6, errors: 2 })
})

test('when it is to be switched off nobody waits for more than would have been asked one by one', () => {
  const { module, rounds, asked } = inOneGo((age) => (age < 3 ? true : OVERRUN))
  expect(asked(30)).toEqual([true, true, true, ...new Array<null>(27).fill(null)])
  expect(rounds).toEqual([4, ...new Array<number>(OVERRUNS_MOST - 1).fill(1)])
  expect(module).toMatchObject({ off: true, calls: 3 + OVERRUNS_MOST, overruns: OVERRUNS_MOST, spared: 17 })
  // Nor does it hear of any more.
  expect(asked(2)).toEqual([null, null])
  expect(rounds).toHaveLength(OVERRUNS_MOST)
})
