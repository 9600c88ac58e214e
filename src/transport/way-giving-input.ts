/**
 * Takes the input of sockets that give way to all others: sessions with other domains, which may send without end. It is taken in pieces, for a fraction of a
 * millisecond in each turn of the event loop, so a local NVE waits for one such share and not for all that was read.
 *
 * While local NVEs have changes, only one piece a millisecond is taken. TCP then slows a flooding domain down, and neither the event loop nor the NVEs, which
 * have to apply what the flood changes, are busy with it when the next local change comes.
 */
import type { Reader } from './reader.ts'

/** About 50 routes. The reader joins a message that spans two pieces. */
const PIECE_OCTETS = 2048
/** Time for all of them together in one turn, in which at least one piece is taken. */
const SHARE_MS = 0.2
/** Between two turns, then of one piece each, while local NVEs have changes. */
const PAUSE_MS = 1
/** For how long after a change local NVEs count as having changes. */
const LOCAL_MS = 50

interface Waiting {
  readonly reader: Reader
  /** From the pool; filled up to `end`, taken up to `at`. */
  readonly octets: Buffer
  readonly end: number
  at: number
}

export class WayGivingInput {
  private readonly now: () => number
  private readonly soon: (then: () => void) => void
  private readonly later: (then: () => void, ms: number) => void
  private readonly readOctets: number
  private readonly waiting: Waiting[] = []
  private readonly pool: Buffer[] = []
  private asked = false
  private localUntil = Number.NEGATIVE_INFINITY

  /** `now`, `soon` and `later` are those of `InputSlices`; `readOctets`: the most that one read brings. */
  constructor(now: () => number, soon: (then: () => void) => void, later: (then: () => void, ms: number) => void, readOctets: number) {
    this.now = now
    this.soon = soon
    this.later = later
    this.readOctets = readOctets
  }

  /** At most `readOctets` octets have come for `reader`; borrowed until this returns. Nothing more is read for it until it has taken them. */
  arrived(reader: Reader, octets: Uint8Array): void {
    reader.stopReading()
    const kept = this.pool.pop() ?? Buffer.allocUnsafeSlow(this.readOctets)
    kept.set(octets)
    this.waiting.push({ reader, octets: kept, end: octets.length, at: 0 })
    this.ask()
  }

  /** A socket that gives way to nobody has brought something. */
  localChange(): void {
    this.localUntil = this.now() + LOCAL_MS
  }

  /** Hands a reader all its waiting octets at once. */
  deliver(reader: Reader): void {
    const at = this.waiting.findIndex((one) => one.reader === reader)
    if (at < 0) return
    for (const one of this.waiting.splice(at, 1)) {
      reader.take(one.octets.subarray(one.at, one.end))
      this.pool.push(one.octets)
    }
  }

  private ask(): void {
    if (this.asked) return
    this.asked = true
    if (this.now() < this.localUntil) this.later(this.turn, PAUSE_MS)
    else this.soon(this.turn)
  }

  private readonly turn = (): void => {
    this.asked = false
    const now = this.now()
    const until = now < this.localUntil ? now : now + SHARE_MS
    do {
      const next = this.waiting.shift()
      if (next === undefined) return
      this.takePiece(next)
    } while (this.now() < until)
    if (this.waiting.length > 0) this.ask()
  }

  private takePiece(one: Waiting): void {
    const { reader, octets, at, end } = one
    one.at = Math.min(end, at + PIECE_OCTETS)
    // Put back before it is taken: taking may end the link, and what is left is then delivered out of turn.
    if (one.at < end) this.waiting.push(one)
    reader.take(octets.subarray(at, one.at))
    if (one.at < end) return
    this.pool.push(octets)
    reader.resumeReading()
  }
}
