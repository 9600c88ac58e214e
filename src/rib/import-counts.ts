import { capacityFor, grownInt32 } from '../bytes/columns.ts'
import { reasonOf, type Verdict } from './verdict.ts'

/** Most refusal reasons counted apart. */
export const MAX_REASONS = 32

/** Few, so that V8 sees the columns grow before it compiles for them. */
const FIRST = 4

/** How many paths the Adj-RIB-In of each peer holds, and how many of them import refused, by reason. Columns by peer id. */
export class ImportCounts {
  private received = new Int32Array(FIRST)
  private refused = new Int32Array(FIRST * MAX_REASONS)

  /** Makes room for a peer id. */
  admit(peer: number): void {
    if (peer < this.received.length) return
    const capacity = capacityFor(peer, this.received.length)
    this.received = grownInt32(this.received, capacity)
    this.refused = grownInt32(this.refused, capacity * MAX_REASONS)
  }

  /** One path more or less with this verdict. Hot. */
  count(peer: number, verdict: Verdict, by: 1 | -1): void {
    this.received[peer]! += by
    if (verdict < 0) this.refused[peer * MAX_REASONS + reasonOf(verdict)]! += by
  }

  receivedFrom(peer: number): number {
    return this.received[peer] ?? 0
  }

  refusedFrom(peer: number, reason: number): number {
    return this.refused[peer * MAX_REASONS + reason] ?? 0
  }

  get memory(): number {
    return this.received.byteLength + this.refused.byteLength
  }
}
