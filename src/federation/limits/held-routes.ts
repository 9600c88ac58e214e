/** Routes of another domain that wait because of a breaker: which is on whose list, in the order in which they came. Whoever waits no more leaves nothing behind. */
import { Chains } from '../../bytes/chains.ts'
import type { Breaker } from './breaker.ts'
import { PathIds } from './path-ids.ts'

export class HeldRoutes {
  private readonly paths = new PathIds()
  /** By path, on the list of their breaker. */
  private readonly chains = new Chains()
  /** By list; those whose list is empty make room for others. */
  private readonly breakers: Breaker[] = []

  get size(): number {
    return this.paths.size
  }

  /** Puts the path of a peer to a destination on the list of a breaker; where it stands on that list already it keeps its place. Hot. */
  hold(dest: number, peer: number, breaker: Breaker): void {
    const { chains, breakers, paths } = this
    const known = paths.find(dest, peer)
    if (known >= 0) {
      if (breakers[chains.listOf(known)] === breaker) return
      this.take(known)
    }
    chains.append(paths.add(dest, peer), this.listOf(breaker))
    breaker.held++
  }

  /** It waits no more. Hot. */
  release(dest: number, peer: number): void {
    const path = this.paths.find(dest, peer)
    if (path >= 0) this.take(path)
  }

  /** Calls `ask` for those that have waited longest for a breaker, `limit` at most, while `more` says so. */
  each(breaker: Breaker, limit: number, more: () => boolean, ask: (dest: number, peer: number) => void): void {
    const { breakers, chains, paths } = this
    const list = breakers.indexOf(breaker)
    // Asked anew it may be put on a list again, and then at the end of it: each that waits now has one turn.
    for (let left = Math.min(limit, chains.sizeOf(list)); left > 0 && breakers[list] === breaker && more(); left--) {
      const path = chains.firstOf(list)
      if (path < 0) return
      const dest = paths.destOf(path)
      const peer = paths.peerOf(path)
      this.take(path)
      ask(dest, peer)
    }
  }

  private take(path: number): void {
    const breaker = this.breakers[this.chains.listOf(path)]
    this.chains.remove(path)
    this.paths.remove(path)
    if (breaker !== undefined) breaker.held--
  }

  private listOf(breaker: Breaker): number {
    const { breakers, chains } = this
    const known = breakers.indexOf(breaker)
    if (known >= 0) return known
    for (let list = 0; list < breakers.length; list++) {
      if (chains.sizeOf(list) > 0) continue
      breakers[list] = breaker
      return list
    }
    return breakers.push(breaker) - 1
  }
}
