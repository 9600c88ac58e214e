/**
 * Paths to one destination used otherwise than they are, for a moment: what the decision process would then say can be asked of it itself. Nothing is settled or
 * counted meanwhile, and when the moment is over all is as it was. The moment lies within one turn.
 */
import type { Rib } from './rib.ts'
import type { Verdict } from './verdict.ts'

const NONE = -1

interface Supposed {
  readonly row: number
  /** What is not in the columns just now: that which is supposed or, while it holds, that which is. */
  used: Verdict
  rest: number
  otherRest: number
  /** A rest that is held for this; -1: none. */
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
   * The path in `row` is used with another verdict (a set that is held meanwhile) and, if not null, with other path data, the NLRI in `made`; null: that which it came
   * with. Returns whether anything is another then. Must not hold just now.
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

  /** Whether the path in `row` is another one, or used with another set. */
  concerns(row: number): boolean {
    return this.all.some((one) => one.row === row)
  }

  /** From what is to what is supposed, and back. */
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

  /** Nothing is supposed any more. Must not hold just now. */
  clear(): void {
    for (const { held } of this.all) if (held !== NONE) this.rib.rests.release(held)
    this.all.length = 0
  }
}
