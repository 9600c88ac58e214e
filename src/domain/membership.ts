/**
 * Which VNs a route belongs to: those whose route targets it carries (import or export). Asked per attribute set and remembered, as routes of one VN
 * share sets. Lists of VN indices are interned: nearly every set has none or one.
 */
import { isRouteTarget } from '../address/route-target.ts'
import { TargetMap } from '../address/target-map.ts'
import { capacityFor, grownInt32 } from '../bytes/columns.ts'
import { findAttribute, valueEnd, valueStart } from '../policy/rewrite/attribute-rewrite.ts'
import type { AttributeSets } from '../rib/attribute-sets.ts'
import type { SetId } from '../rib/verdict.ts'
import { AttributeCode } from '../wire/attribute/attribute.ts'
import type { VnSettings } from './settings.ts'

const UNKNOWN = 0
const NO_LIST = -1

export class Membership {
  readonly vns: readonly VnSettings[]
  private readonly sets: AttributeSets
  private readonly byTarget = new TargetMap<readonly number[]>()
  /** By set: 0 not asked yet, else one more than an index into `lists`. */
  private cache = new Int32Array(1024)
  private readonly lists: (readonly number[])[] = [[]]
  private readonly listIds = new Map<string, number>([['', 0]])
  /** By VN: the list of it alone, an index into `lists`. */
  private readonly alone: Int32Array
  /** VNs of the set at hand. */
  private readonly found: Uint16Array
  private count = 0
  private readonly forget = (set: SetId): void => {
    if (set < this.cache.length) this.cache[set] = UNKNOWN
  }

  constructor(vns: readonly VnSettings[], sets: AttributeSets) {
    this.vns = vns
    this.sets = sets
    this.found = new Uint16Array(vns.length)
    this.alone = new Int32Array(vns.length).fill(NO_LIST)
    for (const [index, vn] of vns.entries()) {
      for (const target of [...vn.importTargets, ...vn.exportTargets]) {
        const vns = this.byTarget.get(target) ?? []
        if (!vns.includes(index)) this.byTarget.set([...vns, index], target)
      }
    }
    sets.onMade.push(this.forget)
  }

  /** Ends it: it is told of no more sets. */
  close(): void {
    const at = this.sets.onMade.indexOf(this.forget)
    if (at >= 0) this.sets.onMade.splice(at, 1)
  }

  /** Indices into `vns`, ascending; empty for a route of no configured VN. */
  vnsOf(set: SetId): readonly number[] {
    if (set >= this.cache.length) this.cache = grownInt32(this.cache, capacityFor(set, this.cache.length))
    if (this.cache[set] === UNKNOWN) this.cache[set] = 1 + this.listOf(set)
    return this.lists[this.cache[set]! - 1]!
  }

  private listOf(set: SetId): number {
    this.count = 0
    const bytes = this.sets.octets(set)
    const at = findAttribute(bytes, this.sets.attributesAt(set), this.sets.attributesEnd(set), AttributeCode.extCommunities)
    if (at < 0) return 0
    const end = valueEnd(bytes, at)
    for (let community = valueStart(bytes, at); community < end; community += 8)
      if (isRouteTarget(bytes, community)) this.find(bytes, community)
    if (this.count === 0) return 0
    if (this.count > 1) return this.intern([...this.found.subarray(0, this.count)].sort((a, b) => a - b))
    const only = this.found[0]!
    if (this.alone[only] === NO_LIST) this.alone[only] = this.intern([only])
    return this.alone[only]!
  }

  private find(bytes: Uint8Array, target: number): void {
    const vns = this.byTarget.get(bytes, target)
    if (vns === undefined) return
    for (const vn of vns) if (!this.isFound(vn)) this.found[this.count++] = vn
  }

  private isFound(vn: number): boolean {
    for (let i = 0; i < this.count; i++) if (this.found[i] === vn) return true
    return false
  }

  private intern(list: readonly number[]): number {
    const key = list.join(',')
    const known = this.listIds.get(key)
    if (known !== undefined) return known
    this.listIds.set(key, this.lists.length)
    return this.lists.push(list) - 1
  }
}
