/** Input slices under a clock that stands still unless it is moved, in turns that come when they are called. */
import { InputSlices } from '../../src/transport/input-slices.ts'

export class Turns<Who> {
  clock = 0
  /** Who has taken octets, in order. */
  readonly order: Who[] = []
  private due: (() => void)[] = []
  readonly input = new InputSlices(
    () => this.clock,
    (then) => this.due.push(then),
  )

  turn(): void {
    const { due } = this
    this.due = []
    for (const then of due) then()
  }

  /** Whether nobody has asked for a turn. */
  get quiet(): boolean {
    return this.due.length === 0
  }
}
