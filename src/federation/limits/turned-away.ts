/** Routes of one other domain that stand unused by the last word, counted by VN and reason. */
import type { Verdict } from '../../rib/verdict.ts'

/** Peer ids are 16 bits. */
const PEERS = 65536

/** In which VNs and why: shared by all routes that are turned away alike. */
interface Kind {
  readonly members: readonly number[]
  readonly verdict: Verdict
}

/** A path in the RIB. */
export interface PathOf {
  readonly dest: number
  readonly peer: number
}

export class TurnedAway {
  private readonly routes = new Map<number, Kind>()
  /** By the list of VNs, which is known by its identity. */
  private readonly kinds = new WeakMap<readonly number[], Kind[]>()
  /** By VN, then by verdict. */
  private readonly counts = new Map<number, Map<Verdict, number>>()

  /** The path of a peer to a destination stands with this refusal, in place of what was before. */
  add(dest: number, peer: number, members: readonly number[], verdict: Verdict): void {
    const key = dest * PEERS + peer
    const before = this.routes.get(key)
    if (before?.members === members && before.verdict === verdict) return
    this.remove(dest, peer)
    this.routes.set(key, this.kindOf(members, verdict))
    this.count(members, verdict, 1)
  }

  /** It does so no more, if it did. */
  remove(dest: number, peer: number): void {
    const key = dest * PEERS + peer
    const before = this.routes.get(key)
    if (before === undefined) return
    this.routes.delete(key)
    this.count(before.members, before.verdict, -1)
  }

  /** Of a VN, by verdict. */
  of(vn: number): ReadonlyMap<Verdict, number> {
    return this.counts.get(vn) ?? new Map()
  }

  /** One of those of a VN with this verdict; null: there is none. For people: it may look at all routes that are turned away. */
  exampleOf(vn: number, verdict: Verdict): PathOf | null {
    if (!this.of(vn).has(verdict)) return null
    for (const [key, kind] of this.routes) {
      if (kind.verdict !== verdict || !kind.members.includes(vn)) continue
      return { dest: Math.floor(key / PEERS), peer: key % PEERS }
    }
    return null
  }

  private kindOf(members: readonly number[], verdict: Verdict): Kind {
    const known = this.kinds.get(members) ?? []
    const found = known.find((kind) => kind.verdict === verdict)
    if (found !== undefined) return found
    const kind = { members, verdict }
    this.kinds.set(members, [...known, kind])
    return kind
  }

  private count(members: readonly number[], verdict: Verdict, by: 1 | -1): void {
    for (const vn of members) {
      const counts = this.counts.get(vn) ?? new Map<Verdict, number>()
      const count = (counts.get(verdict) ?? 0) + by
      if (count === 0) counts.delete(verdict)
      else counts.set(verdict, count)
      this.counts.set(vn, counts)
    }
  }
}
