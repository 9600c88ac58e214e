/**
 * Cuts octets in order into BGP messages (RFC 4271 §4.1) and, unlike a session, goes on after a fault: it looks for the next marker.
 *
 * In step, the 19 octets where a header must be are shown as a message whatever they are, so that a bad marker, length or type is seen as the fault it
 * is; then, and at the start of a stream whose beginning is missing, octets are skipped until 16 octets of 255 with a sensible length and type behind.
 */
import { copyOf, u8, u16 } from '../bytes/octets.ts'
import { HEADER_LENGTH } from '../wire/framing.ts'

/** What the stream is made of, in order. */
export interface StreamTaker {
  /** One message, header included, borrowed until return. `streamOffset` is that of its first octet. `cut`: its end is missing. */
  message(octets: Uint8Array, streamOffset: number, cut: boolean): void
  /** Octets that are in no message, or were not captured. */
  skipped(length: number, streamOffset: number, why: string): void
}

const MARKER = 16
const TYPES = 5
const LONGEST = 65535

export class MessageStream {
  private held = new Uint8Array(0)
  private heldLength = 0
  /** Of the first octet that is held or to come. */
  private offset = 0
  private inStep: boolean
  private searched = 0
  private readonly taker: StreamTaker

  /** `inStep`: the first octet is that of a message. */
  constructor(taker: StreamTaker, inStep: boolean) {
    this.taker = taker
    this.inStep = inStep
  }

  /** Octets held. */
  get waiting(): number {
    return this.heldLength
  }

  /** Goes on with octets `from`..`to`; keeps a copy of what makes no whole message yet. */
  push(bytes: Uint8Array, from: number, to: number): void {
    if (this.heldLength === 0) {
      const used = this.cut(bytes, from, to)
      if (used < to) this.hold(bytes, used, to)
      return
    }
    this.hold(bytes, from, to)
    const used = this.cut(this.held, 0, this.heldLength)
    if (used === 0) return
    this.held.copyWithin(0, used, this.heldLength)
    this.heldLength -= used
  }

  /** `length` octets are missing here. */
  gap(length: number): void {
    this.flush()
    this.taker.skipped(length, this.offset, length === 0 ? 'another stream begins' : 'not captured')
    this.offset += length
    this.inStep = false
  }

  /** Nothing more comes: what is held is shown as a message that is cut. */
  end(): void {
    this.flush()
  }

  private flush(): void {
    this.settleSearch()
    if (this.heldLength === 0) return
    const octets = copyOf(this.held, 0, this.heldLength)
    this.heldLength = 0
    if (this.inStep) this.taker.message(octets, this.offset, true)
    else this.taker.skipped(octets.length, this.offset, 'no message begins there')
    this.offset += octets.length
  }

  /** Takes all whole messages of `from`..`to`; returns the offset behind. */
  private cut(bytes: Uint8Array, from: number, to: number): number {
    let at = from
    for (;;) {
      if (!this.inStep) {
        const found = findHeader(bytes, at, to)
        this.searched += found.at - at
        this.offset += found.at - at
        at = found.at
        if (!found.whole) return at
        this.settleSearch()
        this.inStep = true
      }
      if (to - at < HEADER_LENGTH) return at
      const length = u16(bytes, at + MARKER)
      const sound = isMarker(bytes, at) && length >= HEADER_LENGTH
      const end = at + (sound ? length : HEADER_LENGTH)
      if (end > to) return at
      this.taker.message(bytes.subarray(at, end), this.offset, false)
      this.inStep = sound
      this.offset += end - at
      at = end
    }
  }

  private settleSearch(): void {
    if (this.searched === 0) return
    const length = this.searched
    this.searched = 0
    this.taker.skipped(length, this.offset - length, 'no message begins there')
  }

  private hold(bytes: Uint8Array, from: number, to: number): void {
    const need = this.heldLength + to - from
    if (need > this.held.length) {
      const larger = new Uint8Array(Math.max(need, Math.min(2 * this.held.length, LONGEST), 512))
      larger.set(this.held.subarray(0, this.heldLength))
      this.held = larger
    }
    this.held.set(bytes.subarray(from, to), this.heldLength)
    this.heldLength = need
  }
}

function isMarker(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < MARKER; i++) if (bytes[at + i] !== 0xff) return false
  return true
}

/** The first offset where a message may begin, and whether its header is all there. */
function findHeader(bytes: Uint8Array, from: number, to: number): { readonly at: number; readonly whole: boolean } {
  let ones = 0
  for (let at = from; at < to; at++) {
    if (bytes[at] !== 0xff) {
      ones = 0
      continue
    }
    if (++ones < MARKER) continue
    const start = at + 1 - MARKER
    if (start + HEADER_LENGTH > to) return { at: start, whole: false }
    const length = u16(bytes, start + MARKER)
    const type = u8(bytes, start + MARKER + 2)
    if (length >= HEADER_LENGTH && type >= 1 && type <= TYPES && length !== 0xffff) return { at: start, whole: true }
  }
  return { at: to - Math.min(ones, MARKER - 1), whole: false }
}
