/** A walk over all destinations, some at a time, whenever something has happened for which all must be looked at. */
const NONE = -1

export class Sweep {
  private next = NONE

  /** All are to be looked at, from the first one on. */
  start(): void {
    this.next = 0
  }

  stop(): void {
    this.next = NONE
  }

  /** Whether some are still to be looked at. */
  get pending(): boolean {
    return this.next !== NONE
  }

  /** Goes on with up to `limit` of the destinations below `end`, but not beyond one for which `look` says that it is enough for now. */
  advance(limit: number, end: number, look: (dest: number) => boolean): void {
    if (this.next === NONE) return
    const to = Math.min(this.next + limit, end)
    let dest = this.next
    while (dest < to && look(dest++));
    this.next = dest < end ? dest : NONE
  }
}
