/** What policy had refused, of routes that are no longer there: bounded in number, the oldest go first, and no more than some in one turn. */
import type { Direction, Passed } from './explain.ts'

export interface GoneRefusal {
  /** When the route went, on the world's clock, ms. */
  readonly at: number
  readonly direction: Direction
  /** Peer it came from, and for export the peers it was not sent to; by name. */
  readonly source: string
  readonly peers: readonly string[]
  readonly passed: Passed
}

const MOST_RECORDS = 1024
const MOST_A_TURN = 64

export class RefusalRecord {
  private readonly records: GoneRefusal[] = []
  private left = MOST_A_TURN
  private unrecorded = 0

  /** Whether there is room in this turn. */
  get open(): boolean {
    return this.left > 0
  }

  /** Refusals that went without a record, because there were too many at once, or have made room. */
  get forgotten(): number {
    return this.unrecorded
  }

  add(refusal: GoneRefusal): void {
    this.left--
    this.records.push(refusal)
    if (this.records.length <= MOST_RECORDS) return
    this.records.shift()
    this.unrecorded++
  }

  skip(): void {
    this.unrecorded++
  }

  newTurn(): void {
    this.left = MOST_A_TURN
  }

  /** Oldest first. */
  all(): readonly GoneRefusal[] {
    return this.records
  }
}
