/** Routes of another domain that wait because of a breaker: which is on whose list, in the order in which they came. */
import { DirtyQueue } from '../rib/dirty-queue.ts'
import type { Breaker } from './breaker.ts'

/** Peer ids are 16 bits. */
const PEERS = 65536

export class HeldRoutes {
  private readonly by = new Map<number, Breaker>()
  private readonly queues = new Map<Breaker, { readonly dests: DirtyQueue; readonly peers: DirtyQueue }>()

  get size(): number {
    return this.by.size
  }

  /** Puts the path of a peer to a destination on the list of a breaker; where it stands on that list already it keeps its place. */
  hold(dest: number, peer: number, breaker: Breaker): void {
    const key = dest * PEERS + peer
    const before = this.by.get(key)
    if (before === breaker) return
    if (before !== undefined) before.held--
    this.by.set(key, breaker)
    breaker.held++
    const queue = this.queues.get(breaker) ?? { dests: new DirtyQueue(), peers: new DirtyQueue() }
    this.queues.set(breaker, queue)
    queue.dests.push(dest)
    queue.peers.push(peer)
  }

  /** It waits no more. */
  release(dest: number, peer: number): void {
    const key = dest * PEERS + peer
    const breaker = this.by.get(key)
    if (breaker === undefined) return
    this.by.delete(key)
    breaker.held--
  }

  /** Calls `ask` for those that have waited longest for a breaker, `limit` at most, while `more` says so. */
  each(breaker: Breaker, limit: number, more: () => boolean, ask: (dest: number, peer: number) => void): void {
    const queue = this.queues.get(breaker)
    if (queue === undefined) return
    for (let i = 0; i < limit && queue.dests.size > 0 && more(); i++) {
      const dest = queue.dests.take()
      const peer = queue.peers.take()
      const key = dest * PEERS + peer
      if (this.by.get(key) !== breaker) continue
      // Asked anew it may be put on a list again, and then at the end of it.
      this.by.delete(key)
      breaker.held--
      ask(dest, peer)
    }
  }
}
