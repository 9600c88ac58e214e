/**
 * The walk over the whole RIB that members share when they have joined or asked for everything. It goes round by destination id, and each member stays on it from
 * where it came in until it is there again. However many walk, each slice is written once.
 */
import { Bitmap } from '../../bytes/bitmap.ts'
import type { Rib } from '../../rib/rib.ts'
import type { UpdateWriter } from '../packing/update-writer.ts'
import type { Member, WalkEnd } from './member.ts'
import type { PresentState } from './present-state.ts'

/** The walk waits while the fullest of its members has more than this pending. */
const WALK_OCTETS = 2 * 1024 * 1024
const NONE = -1

export class SharedWalk {
  private readonly rib: Rib
  private readonly state: PresentState
  private readonly writer: UpdateWriter
  private readonly sayEnd: (member: Member, end: WalkEnd) => void
  /** Next destination; -1: nobody walks. */
  private position = NONE
  /** Destinations that batches have told all members while somebody walked, wherever the walk was. */
  private told = new Bitmap()

  constructor(rib: Rib, state: PresentState, writer: UpdateWriter, sayEnd: (member: Member, end: WalkEnd) => void) {
    this.rib = rib
    this.state = state
    this.writer = writer
    this.sayEnd = sayEnd
  }

  /** Whether anybody walks. */
  get busy(): boolean {
    return this.position !== NONE
  }

  join(member: Member, end: WalkEnd): void {
    if (this.position === NONE) this.position = 0
    // Asked twice before the next step: one walk answers both.
    if (member.walks.some((other) => other.start === this.position && other.end === end)) return
    member.walks.push({ start: this.position, wrapped: this.position === 0, end })
  }

  /** After members have left the walk: ends it if nobody walks any more. */
  left(members: readonly Member[]): void {
    if (!members.some((member) => member.walks.length > 0)) this.end()
  }

  /** Notes that a batch tells all members of a destination while somebody walks. */
  note(dest: number): void {
    this.told.add(dest)
  }

  /** Whether a member may have been told a destination. On its first walk (`end-of-rib`) that depends on how far it has come; later it may have been told any. */
  mayHaveHeard(member: Member, dest: number): boolean {
    const walk = member.walks.find(({ end }) => end === 'end-of-rib')
    if (walk === undefined || this.told.has(dest)) return true
    const { start, wrapped } = walk
    // A walk that begins at 0 counts as wrapped from the start.
    if (start > 0 && wrapped) return dest >= start || dest < this.position
    return dest >= start && dest < this.position
  }

  private end(): void {
    this.position = NONE
    this.told = new Bitmap()
  }

  /** Whether the walk may go on: all its members have room, or some have nothing pending at all and must not wait for the others. */
  ready(members: readonly Member[]): boolean {
    if (this.position === NONE) return false
    let full = false
    let empty = false
    for (const member of members) {
      if (member.walks.length === 0) continue
      if (member.link.pending > WALK_OCTETS) full = true
      else if (member.link.pending === 0) empty = true
    }
    return empty || !full
  }

  /** Tells up to `limit` destinations. Everything must be settled. */
  advance(members: readonly Member[], limit: number): void {
    const next = this.rib.snapshot(this.state.batch, this.position, limit)
    const pieces = this.state.write(this.writer, true)
    let walking = false
    for (const member of members) {
      if (member.walks.length === 0) continue
      for (const piece of pieces) member.send(piece)
      this.finish(member, next)
      if (member.walks.length > 0) walking = true
    }
    if (walking) this.position = next === NONE ? 0 : next
    else this.end()
  }

  /** Ends the walks of a member that are complete when the slice before `next` has been told. */
  private finish(member: Member, next: number): void {
    const left = []
    for (const walk of member.walks) {
      if (walk.wrapped && (next === NONE || (walk.start > 0 && next >= walk.start))) this.sayEnd(member, walk.end)
      else {
        if (next === NONE) walk.wrapped = true
        left.push(walk)
      }
    }
    member.walks = left
  }
}
