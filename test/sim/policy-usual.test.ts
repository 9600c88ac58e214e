/** Routes of one UPDATE, most of which are as their attributes make one suppose, and some not: each gets what it would get alone. */
import { expect, test } from 'vitest'
import { LEAF_1, LEAF_2, PolicyStage } from './policy-stage.ts'
import { macRoute } from './scripted-peer.ts'

const TARGET = '65001:10100'
const NUMBERS = Array.from({ length: 40 }, (_, n) => n)
const mac = (n: number) => `02:00:00:00:00:${n.toString(16).padStart(2, '0')}`

const POLICY = `
policies:
  p:
    - { name: refused, match: { mac: ["${mac(0)}", "${mac(7)}", "${mac(8)}", "${mac(39)}"] }, then: reject }
    - { name: marked, match: { mac: ["${mac(3)}", "${mac(8)}"] }, set: { localPref: 300 } }
    - { name: all, match: { routeTarget: "${TARGET}" }, set: { localPref: 200 } }
    - { name: seen, match: { mac: "${mac(5)}" } , then: accept }
    - { name: rest, then: accept }
peers: { leaf1: { address: ${LEAF_1}, import: p }, leaf2: { address: ${LEAF_2} } }
`

/** What leaf2 is told of each route, and how often each term has matched. */
function outcome(perUpdate: number): { told: Record<string, number | undefined>; hits: Record<string, number> } {
  const stage = new PolicyStage(POLICY)
  const leaf1 = stage.join(LEAF_1)
  const leaf2 = stage.join(LEAF_2)
  for (let n = 0; n < NUMBERS.length; n += perUpdate)
    leaf1.announce(
      NUMBERS.slice(n, n + perUpdate).map((one) => macRoute(LEAF_1, mac(one))),
      [TARGET],
    )
  stage.settle()
  const told = Object.fromEntries(NUMBERS.map((n) => [n, leaf2.announced(mac(n))?.localPref]))
  return { told, hits: stage.hits('p') }
}

test('routes that come together are told, and counted, as those that come one by one', () => {
  const together = outcome(NUMBERS.length)
  expect(together.told).toEqual(Object.fromEntries(NUMBERS.map((n) => [n, [0, 7, 8, 39].includes(n) ? undefined : 200])))
  expect(together.hits).toEqual({ refused: 4, marked: 1, all: 36, seen: 1, rest: 35 })
  expect(outcome(1)).toEqual(together)
  expect(outcome(7)).toEqual(together)
})
