/**
 * Peer ids in the RIB: given to a session or a source, and given out again only when its last path and its last attribute set are gone, because caches and
 * sources go by them.
 */
import type { Rib } from '../../rib/rib.ts'
import { MAX_PEERS } from '../../rib/rib-peer.ts'

export class PeerIds {
  private readonly rib: Rib
  private readonly freed: (id: number) => void
  /** Whose paths are being taken out. */
  private readonly leaving: number[] = []
  /** Without paths; a set may still be advertised. */
  private retired: number[] = []
  private readonly free: number[] = []
  private next = 1

  /** `freed`: an id means nobody any more. */
  constructor(rib: Rib, freed: (id: number) => void) {
    this.rib = rib
    this.freed = freed
  }

  /** An id nobody has. */
  take(): number {
    const id = this.free.pop() ?? this.next++
    if (id > MAX_PEERS) throw new Error('more than 65535 sessions at once')
    return id
  }

  /** The paths of an id go, and then the id is free. */
  leave(id: number): void {
    this.leaving.push(id)
  }

  /** Whether paths are still to be taken out. */
  get busy(): boolean {
    return this.leaving.length > 0
  }

  /** Takes up to `budget` paths out. */
  advance(budget: number): void {
    const id = this.leaving[0]
    if (id === undefined || !this.rib.forget(id, budget)) return
    this.leaving.shift()
    this.retired.push(id)
  }

  /** Gives ids back whose sets are all gone. Everything must be settled. */
  reclaim(): void {
    if (this.retired.length === 0) return
    this.retired = this.retired.filter((id) => {
      if (this.rib.sets.firstSetOf(id) >= 0) return true
      this.freed(id)
      this.free.push(id)
      return false
    })
  }
}
