/**
 * Takes the input of all sockets in slices, so that a peer that sends a million routes delays nobody. Once a turn of the event loop has read for `SLICE_MS`,
 * sockets that still bring a lot are paused, and what they brought is taken one socket after the other in every second turn; in the turns between it is passed
 * on to others. Timers, other sockets and the API run between turns. A read of a few octets (a KEEPALIVE, a change now and then) never waits.
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
/** Time for long reads in one turn; what follows from them takes about as long again. */
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
  /** When long reads have had their share of this turn, in ms. */
  private until = 0
  private asked = false
  /** Long reads have had a turn, and the next one is not theirs. */
  private resting = false

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
    if (!this.asked) this.begin()
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

  private begin(): void {
    this.until = this.now() + SLICE_MS
    this.resting = true
    this.ask()
  }

  private ask(): void {
    this.asked = true
    this.soon(this.turn)
  }

  private readonly turn = (): void => {
    this.asked = false
    if (this.waiting.length === 0) return
    if (this.resting) {
      // What comes meanwhile waits as well, being behind what waits already.
      this.resting = false
      this.ask()
      return
    }
    this.begin()
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
