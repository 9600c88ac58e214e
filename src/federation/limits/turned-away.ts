/** Routes of one other domain that stand unused by the last word, counted by VN and reason. */
import { capacityFor, grownInt32 } from '../../bytes/columns.ts'
import type { Verdict } from '../../rib/verdict.ts'
import { PathIds } from './path-ids.ts'

/** In which VNs and why: shared by all routes that are turned away alike. */
interface Kind {
  /** An index into `kinds`. */
  readonly number: number
  readonly members: readonly number[]
  readonly verdict: Verdict
}

/** A path in the RIB. */
export interface PathOf {
  readonly dest: number
  readonly peer: number
}

export class TurnedAway {
  private readonly paths = new PathIds()
  /** By path: the number of its kind. */
  private kind = new Int32Array(64)
  private readonly kinds: Kind[] = []
  /** By VN, then by verdict. */
  private readonly counts = new Map<number, Map<Verdict, number>>()
  /** By the list of VNs, which is known by its identity. */
  private readonly byMembers = new WeakMap<readonly number[], Kind[]>()

  /** The path of a peer to a destination stands with this refusal, in place of what was before. Hot. */
  add(dest: number, peer: number, members: readonly number[], verdict: Verdict): void {
    const { paths, kinds } = this
    const kind = this.kindOf(members, verdict)
    const size = paths.size
    const path = paths.add(dest, peer)
    if (path >= this.kind.length) this.kind = grownInt32(this.kind, capacityFor(path, this.kind.length))
    if (paths.size === size) this.count(kinds[this.kind[path]!]!, -1)
    this.kind[path] = kind.number
    this.count(kind, 1)
  }

  /** It does so no more, if it did. Hot. */
  remove(dest: number, peer: number): void {
    const path = this.paths.find(dest, peer)
    if (path < 0) return
    this.count(this.kinds[this.kind[path]!]!, -1)
    this.paths.remove(path)
  }

  /** Of a VN, by verdict. */
  of(vn: number): ReadonlyMap<Verdict, number> {
    return this.counts.get(vn) ?? new Map()
  }

  /** One of those of a VN with this verdict; null: there is none. For people: it may look at all routes that are turned away. */
  exampleOf(vn: number, verdict: Verdict): PathOf | null {
    if (!this.of(vn).has(verdict)) return null
    for (const path of this.paths) {
      const kind = this.kinds[this.kind[path]!]
      if (kind?.verdict === verdict && kind.members.includes(vn)) return { dest: this.paths.destOf(path), peer: this.paths.peerOf(path) }
    }
    return null
  }

  private kindOf(members: readonly number[], verdict: Verdict): Kind {
    const known = this.byMembers.get(members)
    if (known !== undefined) for (const kind of known) if (kind.verdict === verdict) return kind
    const kind = { number: this.kinds.length, members, verdict }
    this.kinds.push(kind)
    this.byMembers.set(members, [...(known ?? []), kind])
    return kind
  }

  private count({ members, verdict }: Kind, by: 1 | -1): void {
    for (const vn of members) {
      const counts = this.counts.get(vn) ?? new Map<Verdict, number>()
      const count = (counts.get(verdict) ?? 0) + by
      if (count === 0) counts.delete(verdict)
      else counts.set(verdict, count)
      this.counts.set(vn, counts)
    }
  }
}
