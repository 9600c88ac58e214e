/**
 * The real world: this machine's clock, dice, timers and sockets.
 */
import type { World } from '../speaker/world.ts'
import { DialQueue } from './dial-queue.ts'

export interface RealWorldSettings {
  /** A dial that has no answer by then has failed. */
  readonly dialTimeoutMs: number
  /** Dials under way at once; further ones wait. */
  readonly dialsAtOnce: number
}

const SETTINGS: RealWorldSettings = { dialTimeoutMs: 30_000, dialsAtOnce: 128 }

export function realWorld(settings: Partial<RealWorldSettings> = {}): World {
  const { dialTimeoutMs, dialsAtOnce } = { ...SETTINGS, ...settings }
  const dials = new DialQueue(dialsAtOnce, dialTimeoutMs)
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
    dial: (target, up, failed) => dials.dial(target, up, failed),
  }
}
