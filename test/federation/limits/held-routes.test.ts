import { expect, test } from 'vitest'
import { Breaker } from '../../../src/federation/limits/breaker.ts'
import { HeldRoutes } from '../../../src/federation/limits/held-routes.ts'

const breaker = () => new Breaker('all routes', 'in', { routes: 1, changesPerSecond: null, burst: 0, onExcess: 'hold' }, 0)
const always = () => true

function asked(held: HeldRoutes, of: Breaker, limit: number): [number, number][] {
  const seen: [number, number][] = []
  held.each(of, limit, always, (dest, peer) => seen.push([dest, peer]))
  return seen
}

test('those that have waited longest come first, and each once', () => {
  const [held, full] = [new HeldRoutes(), breaker()]
  for (const dest of [5, 3, 70_000]) held.hold(dest, 65_535, full)
  held.hold(5, 65_535, full)
  expect([full.held, asked(held, full, 2)]).toEqual([
    3,
    [
      [5, 65_535],
      [3, 65_535],
    ],
  ])
  expect([full.held, asked(held, full, 9), held.size]).toEqual([1, [[70_000, 65_535]], 0])
})

test('one that came and went a thousand times stands in nobody’s way', () => {
  const [held, full] = [new HeldRoutes(), breaker()]
  for (let round = 0; round < 1000; round++) {
    held.hold(1, 1, full)
    held.release(1, 1)
  }
  held.hold(2, 1, full)
  expect(asked(held, full, 1)).toEqual([[2, 1]])
})

test('one that must wait again when it is asked has one turn at a time', () => {
  const [held, full] = [new HeldRoutes(), breaker()]
  for (const dest of [1, 2]) held.hold(dest, 1, full)
  const seen: number[] = []
  held.each(full, 100, always, (dest, peer) => {
    seen.push(dest)
    held.hold(dest, peer, full)
  })
  expect([seen, full.held]).toEqual([[1, 2], 2])
})

test('one that waits for another breaker leaves the list of the first', () => {
  const [held, first, second] = [new HeldRoutes(), breaker(), breaker()]
  held.hold(1, 1, first)
  held.hold(1, 1, second)
  expect([first.held, second.held, asked(held, first, 9), asked(held, second, 9)]).toEqual([0, 1, [], [[1, 1]]])
})
