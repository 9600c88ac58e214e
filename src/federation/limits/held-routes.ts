/** Routes of another domain that wait because of a breaker: which is on whose list, in the order in which they came. Whoever waits no more leaves nothing behind. */
import type { Breaker } from './breaker.ts'

/** Peer ids are 16 bits. */
const PEERS = 65536

export class HeldRoutes {
  private readonly by = new Map<number, Breaker>()
  private readonly lists = new Map<Breaker, Set<number>>()

  get size(): number {
    return this.by.size
  }

  /** Puts the path of a peer to a destination on the list of a breaker; where it stands on that list already it keeps its place. */
  hold(dest: number, peer: number, breaker: Breaker): void {
    const key = dest * PEERS + peer
    if (this.by.get(key) === breaker) return
    this.take(key)
    this.by.set(key, breaker)
    breaker.held++
    const list = this.lists.get(breaker) ?? new Set()
    this.lists.set(breaker, list)
    list.add(key)
  }

  /** It waits no more. */
  release(dest: number, peer: number): void {
    this.take(dest * PEERS + peer)
  }

  /** Calls `ask` for those that have waited longest for a breaker, `limit` at most, while `more` says so. */
  each(breaker: Breaker, limit: number, more: () => boolean, ask: (dest: number, peer: number) => void): void {
    const list = this.lists.get(breaker)
    if (list === undefined) return
    // Asked anew it may be put on a list again, and then at the end of it: each that waits now has one turn.
    let left = Math.min(limit, list.size)
    for (const key of list) {
      if (left-- <= 0 || !more()) break
      this.take(key)
      ask(Math.floor(key / PEERS), key % PEERS)
    }
    if (list.size === 0) this.lists.delete(breaker)
  }

  private take(key: number): void {
    const breaker = this.by.get(key)
    if (breaker === undefined) return
    this.by.delete(key)
    this.lists.get(breaker)?.delete(key)
    breaker.held--
  }
}
