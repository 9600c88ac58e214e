import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TurnedAway } from '../../../src/federation/limits/turned-away.ts'

/** Known by their identity, as those of `Membership`. */
const MEMBERS: readonly (readonly number[])[] = [[0], [1], [0, 1]]
const VERDICTS = [-5, -6]

const step = fc.record({
  dest: fc.oneof(fc.nat(3), fc.constantFrom(70_000, 2 ** 30)),
  peer: fc.constantFrom(1, 65_535),
  members: fc.constantFrom(...MEMBERS),
  verdict: fc.constantFrom(...VERDICTS),
  turnsAway: fc.boolean(),
})

test('counts paths by VN and reason, each once, and knows one of each', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const away = new TurnedAway()
      const model = new Map<string, (typeof steps)[number]>()
      for (const one of steps) {
        const path = `${one.dest} ${one.peer}`
        if (one.turnsAway) {
          away.add(one.dest, one.peer, one.members, one.verdict)
          model.set(path, one)
        } else {
          away.remove(one.dest, one.peer)
          model.delete(path)
        }
      }
      for (const vn of [0, 1])
        for (const verdict of VERDICTS) {
          const alike = [...model.values()].filter((one) => one.verdict === verdict && one.members.includes(vn))
          expect(away.of(vn).get(verdict) ?? 0).toBe(alike.length)
          const example = away.exampleOf(vn, verdict)
          if (alike.length === 0) expect(example).toBeNull()
          else expect(alike.map(({ dest, peer }) => ({ dest, peer }))).toContainEqual(example)
        }
    }),
  )
})

test('however many kinds there are, each is counted for itself', () => {
  const away = new TurnedAway()
  away.add(0, 1, [0], -5)
  const lists = Array.from({ length: 65_536 }, () => [1])
  for (const [dest, members] of lists.entries()) away.add(dest + 1, 1, members, -5)
  expect([away.of(0).get(-5), away.of(1).get(-5)]).toEqual([1, 65_536])
  for (const dest of lists.keys()) away.remove(dest + 1, 1)
  expect([away.of(0).get(-5), away.of(1).size]).toEqual([1, 0])
})
