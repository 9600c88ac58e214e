/**
 * The real world: this machine's clock, dice, timers and sockets.
 */
import type { World } from '../speaker/world.ts'
import { DialQueue } from './dial-queue.ts'
import { InputSlices } from './input-slices.ts'

export interface RealWorldSettings {
  /** A dial that has no answer by then has failed. */
  readonly dialTimeoutMs: number
  /** Dials under way at once; further ones wait. */
  readonly dialsAtOnce: number
  /** Shared by all that read in this process; left out: one of its own. */
  readonly input?: InputSlices
}

const SETTINGS = { dialTimeoutMs: 30_000, dialsAtOnce: 128 }

export function realWorld(settings: Partial<RealWorldSettings> = {}): World {
  const { dialTimeoutMs, dialsAtOnce, input = new InputSlices() } = { ...SETTINGS, ...settings }
  const dials = new DialQueue(dialsAtOnce, { timeoutMs: dialTimeoutMs, input })
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
