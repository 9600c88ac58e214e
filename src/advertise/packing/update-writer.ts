/**
 * Packs UPDATE messages into chunks, RFC 4271 §4.3 and RFC 4760. MP_REACH_NLRI or MP_UNREACH_NLRI stands first (RFC 7606 §5.1):
 *
 *     header (19) | withdrawn length 0 (2) | attributes length (2) | MP_REACH_NLRI: 0x90 14 length (2), AFI (2) SAFI (1) next hop length (1),
 *     next hop, reserved (1), NLRI ... | the other path attributes
 *
 * Octets once written never change: a chunk is only appended to, so what was handed out may still be in somebody's queue. Each message carries
 * routes of one source, and a run of messages of one source is a segment, so that the source itself can be left out.
 */
import { copy, put8, put16 } from '../../bytes/octets.ts'
import { mapNlri, type VniMap } from '../../policy/route-draft.ts'
import type { AttributeSets } from '../../rib/attribute-sets.ts'
import type { Rib } from '../../rib/rib.ts'
import type { SetId } from '../../rib/verdict.ts'
import { HEADER_LENGTH, MessageType, writeHeader } from '../../wire/framing.ts'
import { LONGEST_NLRI } from '../../wire/nlri/family.ts'

/**
 * Octets of a chunk: small for a change now and then (every group has a writer or two), twice as many for each further chunk of one batch: the more
 * there is to write, the more a call or an allocation costs.
 */
const LEAST_CHUNK = 16 * 1024
const MOST_CHUNK = 256 * 1024
/** Octets of an UPDATE beside NLRI, next hop and the other attributes. */
export const UPDATE_OVERHEAD = HEADER_LENGTH + 2 + 2 + 4 + 5

/** Octets ready to be sent, in segments by source peer id. */
export interface Piece {
  readonly octets: Uint8Array
  /** Source of each segment. */
  readonly sources: readonly number[]
  /** Where each segment ends within `octets`; the first starts at 0. */
  readonly ends: readonly number[]
  /** Messages in each segment. */
  readonly messages: readonly number[]
}

export class UpdateWriter {
  private readonly maxMessage: number
  private readonly rib: Rib
  private readonly sets: AttributeSets
  private chunk: Uint8Array = new Uint8Array(0)
  private at = 0
  /** Octets of the next chunk. */
  private chunkOctets = LEAST_CHUNK
  private pieceFrom = 0
  private pieces: Piece[] = []
  private sources: number[] = []
  private ends: number[] = []
  private counts: number[] = []
  /** Messages of the open segment. */
  private messages = 0
  private source = -1
  /** Attributes of the open bucket. */
  private readonly attributes: Uint8Array
  private attributesLength = 0
  private nextHopSet: SetId = -1
  /** First octet of the open message; -1: none. */
  private messageAt = -1
  private announcing = false
  private limit = 0

  constructor(rib: Rib, maxMessage: number) {
    this.rib = rib
    this.sets = rib.sets
    this.maxMessage = maxMessage
    this.attributes = new Uint8Array(maxMessage)
  }

  /** Starts a bucket of announcements: `write` puts the attributes into the buffer it is given and returns their length. */
  openAnnouncements(source: number, set: SetId, write: (set: SetId, out: Uint8Array, at: number) => number): void {
    this.switchSource(source)
    this.announcing = true
    this.nextHopSet = set
    this.attributesLength = write(set, this.attributes, 0)
  }

  openWithdrawals(source: number): void {
    this.switchSource(source)
    this.announcing = false
    this.attributesLength = 0
  }

  /** Adds the NLRI of a path to the open bucket of announcements, its VNIs mapped by `vnis`. Hot. */
  announce(row: number, vnis: readonly VniMap[] | null = null): void {
    if (this.messageAt < 0 || this.at + LONGEST_NLRI > this.limit) this.openMessage()
    const from = this.at
    this.at = this.rib.writeNlri(row, this.chunk, from)
    if (vnis !== null) for (const map of vnis) mapNlri(map, this.chunk, from, this.at - from)
  }

  /** Adds a destination to the open bucket of withdrawals. Hot. */
  withdraw(dest: number): void {
    if (this.messageAt < 0 || this.at + LONGEST_NLRI > this.limit) this.openMessage()
    this.at = this.rib.writeWithdrawn(dest, this.chunk, this.at)
  }

  /** Ends the open bucket. */
  close(): void {
    if (this.messageAt >= 0) this.closeMessage()
  }

  /** Everything written since the last call. */
  take(): Piece[] {
    this.cut()
    this.chunkOctets = LEAST_CHUNK
    const pieces = this.pieces
    this.pieces = []
    return pieces
  }

  private switchSource(source: number): void {
    if (source === this.source) return
    this.endSegment()
    this.source = source
  }

  private endSegment(): void {
    const end = this.at - this.pieceFrom
    if (end > (this.ends.at(-1) ?? 0)) {
      this.sources.push(this.source)
      this.ends.push(end)
      this.counts.push(this.messages)
      this.messages = 0
    }
  }

  private cut(): void {
    this.endSegment()
    if (this.ends.length === 0) return
    this.pieces.push({
      octets: this.chunk.subarray(this.pieceFrom, this.at),
      sources: this.sources,
      ends: this.ends,
      messages: this.counts,
    })
    this.pieceFrom = this.at
    this.sources = []
    this.ends = []
    this.counts = []
  }

  private openMessage(): void {
    if (this.messageAt >= 0) this.closeMessage()
    if (this.at + this.maxMessage > this.chunk.length) {
      this.cut()
      this.chunk = Buffer.allocUnsafeSlow(Math.max(this.chunkOctets, 4 * this.maxMessage))
      this.chunkOctets = Math.min(2 * this.chunkOctets, MOST_CHUNK)
      this.at = 0
      this.pieceFrom = 0
    }
    const { chunk } = this
    const start = this.at
    this.messageAt = start
    this.limit = start + this.maxMessage - this.attributesLength
    const { afi, safi } = this.rib.family
    let at = put16(chunk, start + HEADER_LENGTH, 0) + 2
    at = put8(chunk, at, 0x90)
    at = put8(chunk, at, this.announcing ? 14 : 15) + 2
    at = put16(chunk, at, afi)
    at = put8(chunk, at, safi)
    if (this.announcing) {
      const set = this.nextHopSet
      const length = this.sets.nextHopLength(set)
      const from = this.sets.nextHopAt(set)
      at = put8(chunk, at, length)
      at = copy(this.sets.octets(set), from, from + length, chunk, at)
      at = put8(chunk, at, 0)
    }
    this.at = at
  }

  private closeMessage(): void {
    const { chunk } = this
    const start = this.messageAt
    const attributesAt = start + HEADER_LENGTH + 4
    put16(chunk, attributesAt + 2, this.at - attributesAt - 4)
    this.at = copy(this.attributes, 0, this.attributesLength, chunk, this.at)
    put16(chunk, start + HEADER_LENGTH + 2, this.at - attributesAt)
    writeHeader(chunk, start, this.at - start, MessageType.update)
    this.messageAt = -1
    this.messages++
  }
}
