/**
 * Takes the input of all sockets in slices, so that a peer that sends a million routes delays nobody. Once a turn of the event loop has read for `SLICE_MS`,
 * sockets that still bring a lot are paused, and what they brought is taken one socket after the other in the turns that follow; timers, other sockets and the
 * API run in between. A read of a few octets (a KEEPALIVE, a change now and then) never waits.
 *
 * Sockets that give way to others get a smaller share: see `way-giving-input.ts`.
 *
 * All sockets read into one buffer, so octets must be taken before the next read. What has to wait is copied, at most one buffer for each socket.
 */
import type { Reader } from './reader.ts'
import { WayGivingInput } from './way-giving-input.ts'

/** Octets of one read at most. */
const READ_OCTETS = 64 * 1024
/** About 100 routes: less than a millisecond of work. */
const SHORT_OCTETS = 4096
/** A KEEPALIVE, which says nothing new. */
const KEEPALIVE_OCTETS = 19
/** Time for long reads in one turn. */
const SLICE_MS = 5

interface Waiting {
  readonly reader: Reader
  readonly octets: Uint8Array
}

export class InputSlices {
  /** Where octets land. */
  readonly buffer: Buffer = Buffer.allocUnsafeSlow(READ_OCTETS)
  private readonly now: () => number
  private readonly soon: (then: () => void) => void
  private readonly wayGiving: WayGivingInput
  private waiting: Waiting[] = []
  /** When this turn has read enough, in ms; null: it has read nothing yet. */
  private until: number | null = null

  /**
   * `now`: ms on a clock that never goes back. `soon`: calls back once input and timers that are due have run. `later`: calls back after so many ms.
   */
  constructor(
    now: () => number = () => performance.now(),
    soon: (then: () => void) => void = setImmediate,
    later: (then: () => void, ms: number) => void = setTimeout,
  ) {
    this.now = now
    this.soon = soon
    this.wayGiving = new WayGivingInput(now, soon, later, READ_OCTETS)
  }

  /** The first `length` octets of `buffer` have come for `reader`. */
  arrived(reader: Reader, length: number): void {
    const octets = length === READ_OCTETS ? this.buffer : this.buffer.subarray(0, length)
    if (!reader.givesWay && length > KEEPALIVE_OCTETS) this.wayGiving.localChange()
    if (length <= SHORT_OCTETS) {
      reader.take(octets)
      return
    }
    if (reader.givesWay) {
      this.wayGiving.arrived(reader, octets)
      return
    }
    if (this.until === null) {
      this.until = this.now() + SLICE_MS
      this.soon(this.turn)
    }
    if (this.waiting.length === 0 && this.now() < this.until) {
      reader.take(octets)
      return
    }
    reader.stopReading()
    this.waiting.push({ reader, octets: Uint8Array.prototype.slice.call(octets) })
  }

  /** Hands a reader all its waiting octets at once: its socket is about to close. */
  deliver(reader: Reader): void {
    this.wayGiving.deliver(reader)
    const at = this.waiting.findIndex((one) => one.reader === reader)
    if (at >= 0) for (const { octets } of this.waiting.splice(at, 1)) reader.take(octets)
  }

  private readonly turn = (): void => {
    this.until = null
    if (this.waiting.length === 0) return
    this.until = this.now() + SLICE_MS
    this.soon(this.turn)
    let done = 0
    const { waiting } = this
    // Taking octets may end a link, and what waits for that one is then delivered out of turn: look at the list anew each time.
    while (done === 0 || (waiting.length > 0 && this.now() < this.until)) {
      const next = waiting.shift()
      if (next === undefined) return
      next.reader.take(next.octets)
      next.reader.resumeReading()
      done++
    }
  }
}
