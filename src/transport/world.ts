/**
 * The real world: this machine's clock, dice, timers and sockets.
 */
import type { World } from '../speaker/world.ts'
import { dial } from './dial.ts'

export interface RealWorldSettings {
  /** A dial that has no answer by then has failed. */
  readonly dialTimeoutMs: number
}

const SETTINGS: RealWorldSettings = { dialTimeoutMs: 30_000 }

export function realWorld({ dialTimeoutMs }: RealWorldSettings = SETTINGS): World {
  return {
    now: () => performance.now(),
    random: () => Math.random(),
    after(ms, then) {
      const timer = setTimeout(then, ms)
      return { cancel: () => clearTimeout(timer) }
    },
    soon(then) {
      setImmediate(then)
    },
    dial: (target, up, failed) => dial(target, dialTimeoutMs, up, failed),
  }
}
