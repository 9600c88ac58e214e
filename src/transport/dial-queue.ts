/**
 * Keeps the number of dials under way bounded: an NVA with thousands of peers that starts, or comes back after an outage, does not send all its
 * SYNs at once. A dial gives its place up when it ends, which it does within its timeout or when the session machine calls it off.
 */
import PQueue from 'p-queue'
import type { Alarm, DialFailed, DialTarget, Link, LinkHandlers } from '../speaker/world.ts'
import { type DialSettings, dial } from './dial.ts'

export class DialQueue {
  private readonly queue: PQueue
  private readonly settings: DialSettings

  constructor(atOnce: number, settings: DialSettings) {
    this.queue = new PQueue({ concurrency: atOnce })
    this.settings = settings
  }

  /** As `dial`, when there is a place. */
  dial(target: DialTarget, up: (link: Link) => LinkHandlers, failed: DialFailed): Alarm {
    let calledOff = false
    let dialling: Alarm | null = null
    let leave = (): void => {}
    const turn = (): Promise<void> => {
      if (calledOff) return Promise.resolve()
      return new Promise((resolve) => {
        leave = resolve
        const accept = (link: Link): LinkHandlers => {
          resolve()
          return up(link)
        }
        const fail: DialFailed = (why, ours) => {
          resolve()
          failed(why, ours)
        }
        dialling = dial(target, this.settings, accept, fail)
      })
    }
    void this.queue.add(turn)
    return {
      cancel() {
        calledOff = true
        dialling?.cancel()
        leave()
      },
    }
  }
}
