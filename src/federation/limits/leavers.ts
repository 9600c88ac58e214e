/** What groups would have told that are no more: to be taken back a slice at a time, and before anything of it changes. */
import type { Changes } from '../../rib/changes.ts'

interface Leaver {
  /** By destination: not 0 where the group would have told it, and that is not taken back yet. */
  readonly wanted: Uint8Array
  /** Destinations below are looked at. */
  next: number
}

export class Leavers {
  private all: Leaver[] = []
  private readonly drop: (dest: number) => void

  /** `drop` takes back that one group would tell a destination. */
  constructor(drop: (dest: number) => void) {
    this.drop = drop
  }

  get any(): boolean {
    return this.all.length > 0
  }

  /** `wanted` is handed over, and changed. */
  add(wanted: Uint8Array): void {
    this.all.push({ wanted, next: 0 })
  }

  /** Goes on with up to `limit` destinations of each. */
  advance(limit: number): void {
    for (const leaver of this.all) {
      const end = Math.min(leaver.next + limit, leaver.wanted.length)
      for (; leaver.next < end; leaver.next++) this.take(leaver, leaver.next)
    }
    this.all = this.all.filter(({ wanted, next }) => next < wanted.length)
  }

  /** What a batch is about to change. */
  before({ count, dest }: Changes): void {
    for (const leaver of this.all) for (let i = 0; i < count; i++) this.take(leaver, dest[i]!)
  }

  /** Nobody is told anything any more. */
  forget(): void {
    this.all = []
  }

  private take({ wanted }: Leaver, dest: number): void {
    if ((wanted[dest] ?? 0) === 0) return
    wanted[dest] = 0
    this.drop(dest)
  }
}
