/** Terms are passed over only where one of their tests fails; that it is right whatever the chain is shown in `gate.test.ts`. */
import { expect, test } from 'vitest'
import { Chain, type Fallible, Policy, type Term, type TestStep } from '../../../src/policy/chain.ts'
import { indexOf } from '../../../src/policy/gate/term-index.ts'
import type { Reads } from '../../../src/policy/modules/module.ts'
import { NOBODY, RouteDraft } from '../../../src/policy/route-draft.ts'
import { AttributeCode } from '../../../src/wire/attribute/attribute.ts'

const TERMS = 100

/** LOCAL_PREF of the value, then the next hop. */
function draftOf(localPref: number, nextHop: number): RouteDraft {
  const bytes = Uint8Array.of(0x40, 5, 4, 0, 0, 0, localPref, 10, 0, 0, nextHop)
  const draft = new RouteDraft()
  draft.begin({ bytes, from: 0, to: 7, nextHopAt: 7, nextHopLength: 4 }, NOBODY)
  return draft
}

function chainOf(steps: (place: number) => TestStep[]): Chain {
  const terms = Array.from({ length: TERMS }, (_, place): Term => {
    return { policy: 'p', name: `${place}`, tests: steps(place), edits: [], proposals: [], decides: 'next', hits: { sets: 0, routes: 0 } }
  })
  return new Chain([new Policy('p', terms)], 'accept')
}

function left(chain: Chain, draft: RouteDraft): number[] {
  const index = indexOf(chain)
  index.look(draft)
  const places: number[] = []
  for (let t = index.next(0); t < TERMS; t = index.next(t + 1)) places.push(t)
  return places
}

const LOCAL_PREF = 6
const NEXT_HOP = 10
let asked = 0
const equals = (at: number, number: number, reads: Reads): TestStep => ({
  module: 'm',
  looksAt: 'attributes',
  reads,
  own: null,
  run: ({ bytes }) => {
    asked++
    return bytes[at] === number
  },
})

test('what is left are the terms none of whose tests fails, in order', () => {
  const chain = chainOf((place) => [
    equals(LOCAL_PREF, place % 10, AttributeCode.localPref),
    ...(place % 2 === 0 ? [equals(NEXT_HOP, place % 4, 'nextHop' as const)] : []),
  ])
  expect(left(chain, draftOf(4, 0))).toEqual([4, 24, 44, 64, 84])
  expect(left(chain, draftOf(4, 2))).toEqual([14, 34, 54, 74, 94])
  expect(left(chain, draftOf(3, 2))).toEqual([3, 13, 23, 33, 43, 53, 63, 73, 83, 93])
  expect(left(chain, draftOf(30, 2))).toEqual([])
})

test('a value is asked about once', () => {
  const chain = chainOf((place) => [equals(LOCAL_PREF, place, AttributeCode.localPref)])
  asked = 0
  for (let route = 0; route < 10; route++) expect(left(chain, draftOf(7, route))).toEqual([7])
  expect(asked).toBe(TERMS)
})

test('a test behind a module that may fail is not asked before it', () => {
  const own: Fallible = { onError: 'accept', lastFailure: () => '' }
  const chain = chainOf((place) => [
    { module: 'own', looksAt: 'attributes', run: () => null, own },
    equals(LOCAL_PREF, place, AttributeCode.localPref),
  ])
  expect(left(chain, draftOf(7, 0)).length).toBe(TERMS)
})
