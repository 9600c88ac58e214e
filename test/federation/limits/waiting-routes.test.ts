import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Breaker } from '../../../src/federation/limits/breaker.ts'
import { WaitingRoutes } from '../../../src/federation/limits/waiting-routes.ts'

const breakerOf = (name: string) => new Breaker(name, 'out', { routes: 1, changesPerSecond: null, burst: 0, onExcess: 'hold' }, 0)

test('whose turn has come is taken in the order of having come to wait, whatever the ids', () => {
  const [waiting, full] = [new WaitingRoutes(), breakerOf('all routes')]
  const list = waiting.of(full, false)
  for (const dest of [70_000, 3, 5, 4]) waiting.hold(dest, list)
  // Asked about once more it keeps its place.
  waiting.hold(70_000, list)
  waiting.call(list, 2)
  expect([full.held, waiting.called, waiting.take(), waiting.take(), waiting.take()]).toEqual([4, 2, 70_000, 3, -1])
  expect([full.held, waiting.called]).toEqual([2, 0])
})

test('one that came and went stands in nobody’s way, and stands behind when it comes again', () => {
  const [waiting, full] = [new WaitingRoutes(), breakerOf('all routes')]
  const list = waiting.of(full, false)
  for (const dest of [1, 2, 3]) waiting.hold(dest, list)
  waiting.call(list, 3)
  waiting.release(1)
  waiting.hold(1, list)
  expect([waiting.called, waiting.take(), waiting.take(), waiting.take()]).toEqual([2, 2, 3, -1])
})

const BREAKERS = ['all routes', 'VN web', 'type 2'].map(breakerOf)
const list = fc.record({ breaker: fc.nat(BREAKERS.length - 1), anew: fc.boolean() })
const dest = fc.nat(40)
const step = fc.oneof(
  fc.record({ what: fc.constant('hold' as const), dest, list }),
  fc.record({ what: fc.constant('release' as const), dest }),
  fc.record({ what: fc.constant('call' as const), list, count: fc.integer({ min: -3, max: 20 }) }),
  fc.record({ what: fc.constant('take' as const), most: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ what: fc.constant('retain' as const), kept: fc.nat(7) }),
)

test('lists are what arrays would be', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const waiting = new WaitingRoutes()
      for (const breaker of BREAKERS) breaker.held = 0
      const model = new Map(BREAKERS.flatMap((_, i) => [false, true].map((anew) => [`${i} ${anew}`, { dests: [] as number[], called: 0 }])))
      const at = ({ breaker, anew }: { breaker: number; anew: boolean }) => model.get(`${breaker} ${anew}`)!
      const leave = (dest: number) => {
        for (const one of model.values()) {
          one.dests = one.dests.filter((other) => other !== dest)
          one.called = Math.min(one.called, one.dests.length)
        }
      }
      for (const one of steps) {
        if (one.what === 'hold') {
          const to = at(one.list)
          if (!to.dests.includes(one.dest)) {
            leave(one.dest)
            to.dests.push(one.dest)
          }
          waiting.hold(one.dest, waiting.of(BREAKERS[one.list.breaker]!, one.list.anew))
        } else if (one.what === 'release') {
          leave(one.dest)
          waiting.release(one.dest)
        } else if (one.what === 'call') {
          const to = at(one.list)
          to.called = Math.max(0, Math.min(one.count, to.dests.length))
          waiting.call(waiting.of(BREAKERS[one.list.breaker]!, one.list.anew), one.count)
        } else if (one.what === 'retain') waiting.retain(new Set(BREAKERS.filter((_, i) => (one.kept >> i) & 1)))
        else {
          for (let i = 0; i < one.most; i++) {
            const taken = waiting.take()
            const from = [...model.values()].find(({ dests, called }) => called > 0 && dests[0] === taken)
            if (taken < 0) expect([...model.values()].every(({ called }) => called === 0)).toBe(true)
            else expect(from).toBeDefined()
            if (from === undefined) break
            from.dests.shift()
            from.called--
          }
        }
        for (const [i, breaker] of BREAKERS.entries()) {
          expect(breaker.held).toBe(model.get(`${i} false`)!.dests.length + model.get(`${i} true`)!.dests.length)
        }
        expect(waiting.called).toBe([...model.values()].reduce((sum, { called }) => sum + called, 0))
        for (let dest = 0; dest <= 40; dest++) {
          const found = waiting.listOf(dest)
          const expected = [...model.entries()].find(([, { dests }]) => dests.includes(dest))?.[0]
          expect(found === undefined ? undefined : `${BREAKERS.indexOf(found.breaker)} ${found.anew}`).toBe(expected)
        }
      }
    }),
  )
})
