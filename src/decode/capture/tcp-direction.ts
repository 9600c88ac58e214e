/**
 * One direction of a TCP connection as it was captured, put into order (RFC 9293 §3.4): what comes twice is dropped, what comes early waits, what never
 * comes is told as a gap. Sequence numbers wrap.
 *
 * A gap is given up when the other side has acknowledged what lies behind it (the capture missed it, the receiver did not), when too much waits, or
 * when the capture ends.
 */
import { copyOf } from '../../bytes/octets.ts'

/** Where the octets of a direction go, in order. */
export interface OctetTaker {
  /** Octets `from`..`to` of `bytes`, borrowed until return. */
  octets(bytes: Uint8Array, from: number, to: number): void
  /** `length` octets of the stream were not captured. */
  gap(length: number): void
}

interface Early {
  readonly sequence: number
  readonly octets: Uint8Array
  /** On the wire; the octets may be fewer. */
  readonly length: number
}

/** Octets that may wait in one direction. */
const MOST_WAITING = 1 << 18
const MOST_SEGMENTS_WAITING = 256
/** Segments of the connection seen since an acknowledged gap: captures mix up the order of the two directions a little. */
const PATIENCE = 8
/** A jump further than this is no gap: another connection on the same ports of which the beginning is missing. */
const FARTHEST = 1 << 26

export class TcpDirection {
  private next = 0
  private started = false
  private early: Early[] = []
  private earlyOctets = 0
  private seenSinceGap = 0
  private readonly taker: OctetTaker

  constructor(taker: OctetTaker) {
    this.taker = taker
  }

  /** Octets held. */
  get waiting(): number {
    return this.earlyOctets
  }

  /** The SYN, whose sequence number stands before that of the first octet. */
  begin(sequence: number): void {
    this.next = (sequence + 1) >>> 0
    this.started = true
  }

  /** Whether a SYN with this number is another one than that of this direction. */
  begunElsewhere(sequence: number): boolean {
    return this.started && distance((sequence + 1) >>> 0, this.next) > 0
  }

  /** A segment with payload: captured in `from`..`to`, `length` octets on the wire. */
  segment(sequence: number, bytes: Uint8Array, from: number, to: number, length: number): void {
    if (!this.started) {
      this.started = true
      this.next = sequence
    }
    const ahead = distance(sequence, this.next)
    if (ahead > 0) {
      if (ahead > FARTHEST) this.restart(sequence, bytes, from, to, length)
      else this.wait(sequence, bytes, from, to, length)
      return
    }
    this.deliver(-ahead, bytes, from, to, length)
    if (this.early.length > 0) this.catchUp()
  }

  /** The other side says it has everything before `acknowledged`. Called for every segment of the connection. */
  acknowledgedTo(acknowledged: number): void {
    const first = this.early[0]
    if (first === undefined || distance(acknowledged, first.sequence) < 0) return
    if (++this.seenSinceGap >= PATIENCE) this.giveUp()
  }

  /** Nothing more comes: what waits is delivered with its gaps. */
  end(): void {
    while (this.early.length > 0) this.giveUp()
  }

  /** Gives up the first gap and delivers what waits behind it. */
  giveUp(): void {
    const first = this.early[0]
    if (first === undefined) return
    this.taker.gap(distance(first.sequence, this.next))
    this.next = first.sequence
    this.seenSinceGap = 0
    this.catchUp()
  }

  private restart(sequence: number, bytes: Uint8Array, from: number, to: number, length: number): void {
    this.end()
    this.taker.gap(0)
    this.next = sequence
    this.deliver(0, bytes, from, to, length)
  }

  /** Delivers a segment of which the first `known` octets came before. */
  private deliver(known: number, bytes: Uint8Array, from: number, to: number, length: number): void {
    if (known >= length) return
    this.next = (this.next + length - known) >>> 0
    const captured = Math.min(to - from, length)
    if (known < captured) this.taker.octets(bytes, from + known, from + captured)
    if (captured < length) this.taker.gap(length - Math.max(known, captured))
  }

  private wait(sequence: number, bytes: Uint8Array, from: number, to: number, length: number): void {
    const place = this.early.findIndex((other) => distance(other.sequence, sequence) >= 0)
    const at = place < 0 ? this.early.length : place
    const there = this.early[at]
    if (there !== undefined && there.sequence === sequence && there.length >= length) return
    this.early.splice(at, 0, { sequence, octets: copyOf(bytes, from, to), length })
    this.earlyOctets += to - from
    if (this.earlyOctets > MOST_WAITING || this.early.length > MOST_SEGMENTS_WAITING) this.giveUp()
  }

  private catchUp(): void {
    for (let first = this.early[0]; first !== undefined; first = this.early[0]) {
      const ahead = distance(first.sequence, this.next)
      if (ahead > 0) return
      this.early.shift()
      this.earlyOctets -= first.octets.length
      this.deliver(-ahead, first.octets, 0, first.octets.length, first.length)
    }
    this.seenSinceGap = 0
  }
}

/** How far `a` is ahead of `b`, negative when behind; numbers wrap at 2^32. */
function distance(a: number, b: number): number {
  return (a - b) | 0
}
