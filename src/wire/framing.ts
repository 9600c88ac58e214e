/**
 * Cutting a TCP stream into BGP messages, RFC 4271 §4.1:
 *
 *     +----------------------------+
 *     | Marker (16), all ones      |
 *     | Length (2), header included|
 *     | Type   (1)                 |
 *     +----------------------------+
 *
 * Header faults are those of RFC 4271 §6.1; messages may be up to 65535 octets where RFC 8654 was agreed (never OPEN and KEEPALIVE).
 */

import { copyOf, u8, u16 } from '../bytes/octets.ts'
import { type SessionFault, sessionFault } from './fault.ts'
import { HeaderSubcode, NotificationCode } from './notification-codes.ts'

export const HEADER_LENGTH = 19
export const MAX_MESSAGE = 4096
export const MAX_EXTENDED_MESSAGE = 65535

export const MessageType = { open: 1, update: 2, notification: 3, keepalive: 4, routeRefresh: 5 } as const
export type MessageType = (typeof MessageType)[keyof typeof MessageType]

/** Shortest message by type, RFC 4271 §6.1. Route refresh has one length, judged where it is read (RFC 7313 §5). */
const SHORTEST = [0, 29, 23, 21, 19, 19]

/**
 * Takes one message: octets `from`..`to` of `bytes`, header included, borrowed until return. Returns false to hear no more
 * (the session has ended).
 */
export type MessageTaker = (bytes: Uint8Array, from: number, to: number, type: MessageType) => boolean

export class MessageCutter {
  /** Longest message accepted, in octets. */
  maxReceive: number = MAX_MESSAGE
  private held = new Uint8Array(0)
  private heldLength = 0

  /**
   * Hands every whole message of the stream so far to `take`, in order. What is left over is kept. Returns the fault that ends the session,
   * or null. Hot: copies only the one message that spans two reads.
   */
  push(octets: Uint8Array, take: MessageTaker): SessionFault | null {
    let at = 0
    if (this.heldLength > 0) {
      while (at < octets.length) {
        const want = this.heldLength < HEADER_LENGTH ? HEADER_LENGTH : u16(this.held, 16)
        const more = Math.min(want - this.heldLength, octets.length - at)
        this.hold(octets, at, at + more)
        at += more
        if (this.heldLength < HEADER_LENGTH) return null
        const fault = this.headerFault(this.held, 0)
        if (fault) return fault
        if (this.heldLength < u16(this.held, 16)) continue
        const length = this.heldLength
        this.heldLength = 0
        if (!take(this.held, 0, length, u8(this.held, 18) as MessageType)) return null
        break
      }
      if (this.heldLength > 0) return null
    }
    while (octets.length - at >= HEADER_LENGTH) {
      const fault = this.headerFault(octets, at)
      if (fault) return fault
      const end = at + u16(octets, at + 16)
      if (end > octets.length) break
      if (!take(octets, at, end, u8(octets, at + 18) as MessageType)) return null
      at = end
    }
    if (at < octets.length) this.hold(octets, at, octets.length)
    return null
  }

  private hold(octets: Uint8Array, from: number, to: number): void {
    const need = this.heldLength + to - from
    if (need > this.held.length) {
      const larger = new Uint8Array(need <= MAX_MESSAGE ? MAX_MESSAGE : MAX_EXTENDED_MESSAGE)
      larger.set(this.held.subarray(0, this.heldLength))
      this.held = larger
    }
    this.held.set(octets.subarray(from, to), this.heldLength)
    this.heldLength = need
  }

  private headerFault(bytes: Uint8Array, at: number): SessionFault | null {
    for (let i = 0; i < 16; i++) {
      if (bytes[at + i] !== 0xff)
        return sessionFault(
          NotificationCode.messageHeader,
          HeaderSubcode.notSynchronized,
          `octet ${i} of the marker is ${u8(bytes, at + i)}, not 255`,
        )
    }
    const length = u16(bytes, at + 16)
    const type = u8(bytes, at + 18)
    const shortest = SHORTEST[type]
    if (type === 0 || shortest === undefined) {
      return sessionFault(
        NotificationCode.messageHeader,
        HeaderSubcode.badType,
        `message type ${type} is unknown`,
        copyOf(bytes, at + 18, at + 19),
      )
    }
    const longest = type === MessageType.open || type === MessageType.keepalive ? MAX_MESSAGE : this.maxReceive
    if (length < shortest || length > longest || (type === MessageType.keepalive && length !== HEADER_LENGTH)) {
      return sessionFault(
        NotificationCode.messageHeader,
        HeaderSubcode.badLength,
        `length ${length} of a message of type ${type}`,
        copyOf(bytes, at + 16, at + 18),
      )
    }
    return null
  }
}

/** Writes a message header at `at`; returns the offset behind it. */
export function writeHeader(out: Uint8Array, at: number, length: number, type: MessageType): number {
  for (let i = 0; i < 16; i++) out[at + i] = 0xff
  out[at + 16] = length >>> 8
  out[at + 17] = length
  out[at + 18] = type
  return at + HEADER_LENGTH
}
