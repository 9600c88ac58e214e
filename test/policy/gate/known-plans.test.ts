/** Plans are found again by what they hang on; that they are right whatever the chains is shown in `gate.test.ts`. */
import { expect, test } from 'vitest'
import { copy } from '../../../src/bytes/octets.ts'
import { Chain, type EditStep, Policy, type Term, type TestStep } from '../../../src/policy/chain.ts'
import { Gate } from '../../../src/policy/gate/gate.ts'
import { plansHangOn } from '../../../src/policy/gate/known-plans.ts'
import { always } from '../../../src/policy/gate/plan.ts'
import { LONGEST } from '../../../src/policy/gate/recent-values.ts'
import type { Origin, RouteView } from '../../../src/policy/modules/module.ts'
import { NOBODY, RouteDraft } from '../../../src/policy/route-draft.ts'
import { AttributeCode, WELL_KNOWN } from '../../../src/wire/attribute/attribute.ts'

/** MED and LOCAL_PREF, 4 octets each, and communities; then the next hop. */
function octets(med: number, localPref: number, communities = 4): Parameters<RouteDraft['begin']>[0] {
  const head = [0x80, 4, 4, 0, 0, 0, med, 0x40, 5, 4, 0, 0, 0, localPref, 0xd0, 8, communities >>> 8, communities & 255]
  const bytes = Uint8Array.from([...head, ...new Array(communities).fill(7), 10, 0, 0, 1])
  return { bytes, from: 0, to: bytes.length - 4, nextHopAt: bytes.length - 4, nextHopLength: 4 }
}

const LOCAL_PREF_AT = 13
let asked = 0
const prefers = (value: number): TestStep => ({
  ...{ module: 'localPref', looksAt: 'attributes', reads: AttributeCode.localPref, own: null },
  run: ({ bytes, from }) => {
    asked++
    return bytes[from + LOCAL_PREF_AT] === value
  },
})
/** LOCAL_PREF becomes what the MED is. */
const medToLocalPref: EditStep = {
  ...{ module: 'mine', looksAt: 'attributes', touches: [AttributeCode.med, AttributeCode.localPref] },
  run: (draft) => {
    const from = draft.from + 3
    const value = (bytes: Uint8Array, out: Uint8Array, at: number) => copy(bytes, from, from + 4, out, at)
    draft.rewrite([
      { code: AttributeCode.localPref, flags: WELL_KNOWN, add: true, value: (bytes, _from, _to, out, at) => value(bytes, out, at) },
    ])
  },
}

function term(name: string, rest: Partial<Term>): Term {
  return { policy: 'p', name, tests: [], edits: [], proposals: [], decides: 'next', hits: { sets: 0, routes: 0 }, ...rest }
}

const chainOf = (...terms: Term[]) => new Chain([new Policy('p', terms)], 'accept')

/** The judgement on the set. */
function judged(gate: Gate, draft: RouteDraft, ...set: Parameters<typeof octets>): string | undefined {
  draft.begin(octets(...set), NOBODY)
  return gate.decisionOf(gate.plan(draft))?.judgement
}

test('sets that differ in what nobody looks at are asked about once; terms count each of them, and their edits are made', () => {
  const refuse = term('refuse', { tests: [prefers(7)], decides: 'reject' })
  const marks = term('mark', { edits: [{ ...medToLocalPref, touches: [AttributeCode.med, AttributeCode.communities] }] })
  const gate = new Gate([always([chainOf(refuse, marks)])])
  const draft = new RouteDraft()
  asked = 0
  for (const med of [1, 2, 3]) {
    expect(judged(gate, draft, med, 5)).toBe('accept')
    expect(draft.bytes[draft.from + LOCAL_PREF_AT]).toBe(med)
  }
  expect(asked).toBe(1)
  expect(marks.hits.sets).toBe(3)
  expect(judged(gate, draft, 1, 7)).toBe('reject')
  expect([asked, refuse.hits.sets]).toEqual([2, 1])
})

test('plans hang on what edits make of one thing from another, where a test looks at the first', () => {
  const gate = new Gate([
    always([chainOf(term('copy', { edits: [medToLocalPref] }), term('refuse', { tests: [prefers(7)], decides: 'reject' }))]),
  ])
  const draft = new RouteDraft()
  expect([judged(gate, draft, 1, 5), judged(gate, draft, 7, 5), judged(gate, draft, 1, 5)]).toEqual(['accept', 'reject', 'accept'])
})

test('plans hang on whom routes are from, where a test looks at that', () => {
  const from = (name: string): TestStep => ({
    ...{ module: 'peer', looksAt: 'attributes', reads: 'origin', own: null },
    run: ({ origin }: RouteView) => origin.name === name,
  })
  const gate = new Gate([always([chainOf(term('refuse', { tests: [from('b')], decides: 'reject' }))])])
  const draft = new RouteDraft()
  const of = (origin: Origin) => {
    draft.begin(octets(1, 1), origin)
    return gate.decisionOf(gate.plan(draft))?.judgement
  }
  const a = { ...NOBODY, name: 'a' }
  const b = { ...NOBODY, name: 'b' }
  expect([a, b, a, b].map(of)).toEqual(['accept', 'reject', 'accept', 'reject'])
})

test('what is longer than is remembered is asked about every time', () => {
  const communities: TestStep = {
    ...{ module: 'community', looksAt: 'attributes', reads: AttributeCode.communities, own: null },
    run: () => {
      asked++
      return false
    },
  }
  const gate = new Gate([always([chainOf(term('refuse', { tests: [communities], decides: 'reject' }))])])
  const draft = new RouteDraft()
  asked = 0
  for (let i = 0; i < 3; i++) expect(judged(gate, draft, 1, 1, LONGEST)).toBe('accept')
  expect(asked).toBe(3)
  for (let i = 0; i < 3; i++) expect(judged(gate, draft, 1, 1, 8)).toBe('accept')
  expect(asked).toBe(4)
})

test('of modules of the operator, and of tests that look at more than one thing, nothing can be told', () => {
  const hangOn = (...terms: Term[]) => plansHangOn([always([chainOf(...terms)])])
  const own = { onError: 'reject', lastFailure: () => '' } as const
  expect(hangOn(term('a', { tests: [{ module: 'own.mine', looksAt: 'attributes', run: () => true, own }] }))).toBe(null)
  expect(hangOn(term('a', { proposals: [{ module: 'own.mine', looksAt: 'attributes', propose: () => [], own }] }))).toBe(null)
  expect(hangOn(term('a', { edits: [{ module: 'strip', looksAt: 'attributes', touches: null, run: () => {} }] }))).toBe(null)
  // Asked per route alone: until then nothing hangs on it.
  const byRoute = [{ module: 'own.mine', looksAt: 'route', run: () => true, own }] as const
  expect(hangOn(term('a', { tests: byRoute, edits: [{ module: 'strip', looksAt: 'attributes', touches: null, run: () => {} }] }))).toEqual(
    new Set(),
  )
})
