import { expect, test } from 'vitest'
import { LoopWatch } from '../../src/telemetry/loop-watch.ts'
import { realWorld } from '../../src/transport/world.ts'
import { ScriptedWorld } from '../speaker/scripted.ts'

/** Work that takes `ms`: nothing else happens meanwhile. */
function work(world: ScriptedWorld, watch: LoopWatch, ms: number): void {
  watch.working()
  world.time += ms
  world.pass(0)
}

test('tells the longest block of the last second, the last minute and ever', () => {
  const world = new ScriptedWorld()
  const watch = new LoopWatch(world)
  work(world, watch, 41)
  world.pass(30_000)
  work(world, watch, 8.26)
  expect(watch.read()).toEqual({ lastSecond: 7.3, lastMinute: 40, ever: 40 })
  world.pass(2000)
  expect(watch.read()).toEqual({ lastSecond: 0, lastMinute: 40, ever: 40 })
  world.pass(30_000)
  expect(watch.read()).toEqual({ lastSecond: 0, lastMinute: 7.3, ever: 40 })
  world.pass(60_000)
  expect(watch.read()).toEqual({ lastSecond: 0, lastMinute: 0, ever: 40 })
})

test('time that is merely waited for is no block', () => {
  const world = new ScriptedWorld()
  const watch = new LoopWatch(world)
  for (let turn = 0; turn < 10; turn++) {
    watch.working()
    world.pass(500)
  }
  expect(watch.read()).toEqual({ lastSecond: 0, lastMinute: 0, ever: 0 })
})

test('sets one timer while there is work, and none without', () => {
  let timers = 0
  const world = new ScriptedWorld()
  const watch = new LoopWatch({
    now: () => world.now(),
    after: (ms, then) => {
      timers++
      return world.after(ms, then)
    },
  })
  for (let turn = 0; turn < 5; turn++) watch.working()
  expect(timers).toBe(1)
  world.pass(1000)
  expect(timers).toBe(2)
})

test('finds what blocks the real event loop', async () => {
  const watch = new LoopWatch(realWorld())
  watch.working()
  const start = performance.now()
  while (performance.now() - start < 30);
  await new Promise((resolve) => setTimeout(resolve, 3))
  expect(watch.read().ever).toBeGreaterThan(25)
})
