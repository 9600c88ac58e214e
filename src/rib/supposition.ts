/**
 * Supposes for a moment, within one turn, that paths to one destination are used otherwise than they are, so that the decision process itself can be asked what it
 * would say then. Nothing is settled or counted meanwhile, and afterwards everything is as it was.
 */
import type { Rib } from './rib.ts'
import type { Verdict } from './verdict.ts'

const NONE = -1

interface Supposed {
  readonly row: number
  /** What is not in the columns at present: the supposed values or, while those are swapped in, the real ones. */
  used: Verdict
  rest: number
  otherRest: number
  /** The rest that is held for this supposition; -1: none. */
  readonly held: number
  /** The NLRI is another one. */
  readonly otherNlri: boolean
}

export class Supposition {
  private readonly rib: Rib
  private readonly all: Supposed[] = []
  private readonly nlri = new Uint8Array(512)

  constructor(rib: Rib) {
    this.rib = rib
  }

  get size(): number {
    return this.all.length
  }

  /**
   * Supposes that the path in `row` is used with verdict `used` (a set that the caller holds meanwhile) and with the path data of the NLRI in `made`; null: its own.
   * Returns whether that differs from what is. Not while swapped in.
   */
  add(row: number, used: Verdict, made: Uint8Array | null): boolean {
    const { rows, rests, family } = this.rib
    const received = rows.receivedRest(row)
    const held = made === null ? NONE : rests.hold(family, made, 0, this.rib.writeReceived(row, this.nlri, 0))
    const rest = made === null ? received : held
    const otherNlri = rest !== rows.rest[row]
    if (rows.used[row] === used && !otherNlri) {
      if (held !== NONE) rests.release(held)
      return false
    }
    this.all.push({ row, used, rest, otherRest: made === null ? NONE : received, held, otherNlri })
    return true
  }

  /** Whether anything is supposed about the path in `row`. */
  concerns(row: number): boolean {
    return this.all.some((one) => one.row === row)
  }

  /** Swaps the supposed values in, or out again. */
  swap(): void {
    const { rows } = this.rib
    for (const one of this.all) {
      const { row, used, rest, otherRest } = one
      one.used = rows.used[row]!
      one.rest = rows.rest[row]!
      one.otherRest = rows.otherRest(row)
      rows.used[row] = used
      rows.rest[row] = rest
      rows.setOtherRest(row, otherRest)
    }
  }

  /** Ends all suppositions. Not while swapped in. */
  clear(): void {
    for (const { held } of this.all) if (held !== NONE) this.rib.rests.release(held)
    this.all.length = 0
  }
}
