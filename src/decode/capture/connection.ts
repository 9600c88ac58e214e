/** One TCP connection that carries BGP: two directions, each in order, cut into messages, with the context that the OPENs of both make. */
import { type Announced, announcedBy, contextOf, type DecodeContext, type Forced } from '../decode-context.ts'
import { MessageStream } from '../message-stream.ts'
import { TcpDirection } from './tcp-direction.ts'
import type { TcpSegment } from './tcp-segment.ts'

/** Hears what a connection says. `side` 0 is the one whose segment was seen first. */
export interface ConnectionTaker {
  message(connection: Connection, side: 0 | 1, octets: Uint8Array, streamOffset: number, cut: boolean): void
  skipped(connection: Connection, side: 0 | 1, length: number, why: string): void
}

export class Connection {
  /** `192.0.2.1:179` of both sides. */
  readonly ends: readonly [string, string]
  /** When it was last heard of, in packets. */
  lastPacket = 0
  /** A message of it was found. Kept by the owner. */
  counted = false
  readonly contexts: [DecodeContext, DecodeContext]
  private readonly announced: [Announced | null, Announced | null] = [null, null]
  private readonly directions: readonly [TcpDirection, TcpDirection]
  private readonly streams: [MessageStream | null, MessageStream | null] = [null, null]
  private readonly taker: ConnectionTaker
  private readonly forced: Forced
  private readonly certain: boolean

  /** `certain`: it is BGP for sure, so that what follows the SYN is shown whatever it is. */
  constructor(ends: readonly [string, string], certain: boolean, forced: Forced, taker: ConnectionTaker) {
    this.ends = ends
    this.certain = certain
    this.forced = forced
    this.taker = taker
    const context = contextOf(null, null, forced)
    this.contexts = [context, context]
    this.directions = [this.direction(0), this.direction(1)]
  }

  /** Octets that wait for others. */
  get waiting(): number {
    return this.directions[0].waiting + this.directions[1].waiting
  }

  /** Whether this SYN begins another connection between the same ports. */
  begunElsewhere(side: 0 | 1, sequence: number): boolean {
    return this.directions[side].begunElsewhere(sequence)
  }

  /** Takes a segment that `side` sent. */
  segment(side: 0 | 1, segment: TcpSegment, bytes: Uint8Array): void {
    const direction = this.directions[side]
    const { sequence, payloadFrom, payloadTo, payloadLength } = segment
    if (segment.syn) {
      direction.begin(sequence)
      this.streams[side] ??= this.stream(side, this.certain)
    }
    if (payloadLength > 0) {
      direction.segment(segment.syn ? (sequence + 1) >>> 0 : sequence, bytes, payloadFrom, payloadTo, payloadLength)
    }
    if (segment.acknowledges) this.directions[side === 0 ? 1 : 0].acknowledgedTo(segment.acknowledgment)
    if (segment.fin || segment.rst) direction.end()
  }

  /** Gives up waiting for what was not captured. */
  giveUp(): void {
    for (const direction of this.directions) direction.end()
  }

  /** Nothing more comes. */
  end(): void {
    this.giveUp()
    for (const stream of this.streams) stream?.end()
  }

  private direction(side: 0 | 1): TcpDirection {
    const stream = (): MessageStream => {
      const there = this.streams[side] ?? this.stream(side, false)
      this.streams[side] = there
      return there
    }
    return new TcpDirection({
      octets: (bytes, from, to) => stream().push(bytes, from, to),
      gap: (length) => stream().gap(length),
    })
  }

  private stream(side: 0 | 1, inStep: boolean): MessageStream {
    return new MessageStream(
      {
        message: (octets, streamOffset, cut) => {
          this.taker.message(this, side, octets, streamOffset, cut)
          if (!cut) this.learn(side, octets)
        },
        skipped: (length, _streamOffset, why) => this.taker.skipped(this, side, length, why),
      },
      inStep,
    )
  }

  private learn(side: 0 | 1, octets: Uint8Array): void {
    const announced = announcedBy(octets)
    if (announced === null) return
    this.announced[side] = announced
    const [first, second] = this.announced
    this.contexts[0] = contextOf(first, second, this.forced)
    this.contexts[1] = contextOf(second, first, this.forced)
  }
}
