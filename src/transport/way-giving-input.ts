/**
 * Input of sockets that give way to all others: sessions with other domains, which may send without end. What they bring is taken in pieces, for a fraction of
 * a millisecond in each turn of the event loop; a local NVE that has something to say has its turn after one of these, not after all that was read.
 *
 * While local NVEs have changes they have most of the machine too: input of other domains is then taken one piece a millisecond. A domain that floods is slowed
 * down meanwhile, by TCP, and neither the event loop nor the NVEs, which have to take in what the flood changes, are busy with it when the next local change comes.
 */
import type { Reader } from './input-slices.ts'

/** About 50 routes. A message that spans two pieces is put together by the reader. */
const PIECE_OCTETS = 2048
/** Time that all of them have in one turn; a piece in a turn they have always. */
const SHARE_MS = 0.2
/** Between two turns, of one piece then, while local NVEs have changes. */
const PAUSE_MS = 1
/** For how long after one of their changes. */
const LOCAL_MS = 50

interface Waiting {
  readonly reader: Reader
  /** Of the pool; full up to `end`, taken up to `at`. */
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

  /** As those of `InputSlices`; `readOctets`: of one read at most. */
  constructor(now: () => number, soon: (then: () => void) => void, later: (then: () => void, ms: number) => void, readOctets: number) {
    this.now = now
    this.soon = soon
    this.later = later
    this.readOctets = readOctets
  }

  /** These octets, at most `readOctets`, have come for `reader`; borrowed until return. Nothing more is read from it until it has taken them. */
  arrived(reader: Reader, octets: Uint8Array): void {
    reader.stopReading()
    const kept = this.pool.pop() ?? Buffer.allocUnsafeSlow(this.readOctets)
    kept.set(octets)
    this.waiting.push({ reader, octets: kept, end: octets.length, at: 0 })
    this.ask()
  }

  /** One that gives way to nobody has said something. */
  give(): void {
    this.localUntil = this.now() + LOCAL_MS
  }

  /** Gives what waits of one reader to it at once. */
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
    // Before it is taken: whoever takes it may end the link, and then what is left is delivered out of turn.
    if (one.at < end) this.waiting.push(one)
    reader.take(octets.subarray(at, one.at))
    if (one.at < end) return
    this.pool.push(octets)
    reader.resumeReading()
  }
}
