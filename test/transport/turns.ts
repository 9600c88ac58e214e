/** Input slices under a clock that stands still unless it is moved, in turns that come when they are called. */
import { InputSlices } from '../../src/transport/input-slices.ts'

export class Turns<Who> {
  clock = 0
  /** Who has taken octets, in order. */
  readonly order: Who[] = []
  private due: (() => void)[] = []
  private readonly timers: { readonly at: number; readonly then: () => void }[] = []
  readonly input = new InputSlices(
    () => this.clock,
    (then) => this.due.push(then),
    (then, ms) => this.timers.push({ at: this.clock + ms, then }),
  )

  turn(): void {
    const { due, timers } = this
    this.due = []
    for (const then of due) then()
    for (const [index, { at, then }] of [...timers.entries()].reverse()) {
      if (at > this.clock) continue
      timers.splice(index, 1)
      then()
    }
  }

  /** Whether nobody has asked for a turn, now or later. */
  get quiet(): boolean {
    return this.due.length === 0 && this.timers.length === 0
  }
}
