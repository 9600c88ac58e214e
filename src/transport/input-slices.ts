/**
 * Input of all sockets in slices, so that a peer that sends a million routes delays nobody: when a turn of the event loop has read for `SLICE_MS`, sockets
 * that still bring much are paused with what they brought, and go on one after the other in the turns that follow. Between turns timers, other sockets
 * and the API have their share. A read of a few octets (a KEEPALIVE, a change now and then) is never kept waiting.
 *
 * Sockets that give way to others have a smaller share: see `way-giving-input.ts`.
 *
 * Octets of all sockets land in one buffer: whoever takes them lets go before the next read. What has to wait is copied, one buffer for a socket at most.
 */
import { WayGivingInput } from './way-giving-input.ts'

export interface Reader {
  /** Whether what it has to say may wait for that of others. */
  readonly givesWay: boolean
  /** Takes octets; borrowed until return. */
  take(octets: Uint8Array): void
  /** Stops and resumes reading from the socket. */
  stopReading(): void
  resumeReading(): void
}

/** Octets of one read at most. */
const READ_OCTETS = 64 * 1024
/** About 100 routes: less than a millisecond of work. */
const SHORT_OCTETS = 4096
/** A KEEPALIVE, which says nothing new. */
const KEEPALIVE_OCTETS = 19
/** Time that long reads have in one turn. */
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
  /** When this turn has read enough, in ms; null: nothing has been read in it. */
  private until: number | null = null

  /**
   * `now`: ms on a clock that never goes back. `soon`: calls back once input and timers that are due have had their share. `later`: calls back when so
   * many ms have gone by.
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
    if (!reader.givesWay && length > KEEPALIVE_OCTETS) this.wayGiving.give()
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

  /** Gives what waits of one reader to it at once: its socket is about to be gone. */
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
    // Whoever takes octets may end links, and what waits of those is delivered out of turn: look at the list anew each time.
    while (done === 0 || (waiting.length > 0 && this.now() < this.until)) {
      const next = waiting.shift()
      if (next === undefined) return
      next.reader.take(next.octets)
      next.reader.resumeReading()
      done++
    }
  }
}
