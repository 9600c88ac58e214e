/**
 * Which VNs a route belongs to: those whose route targets it carries (import or export). Asked per attribute set and remembered, as routes of one VN
 * share sets. Lists of VN indices are interned: nearly every set has none or one.
 */
import { isRouteTarget } from '../address/route-target.ts'
import { capacityFor, grownInt32 } from '../bytes/columns.ts'
import { findAttribute, valueEnd, valueStart } from '../policy/rewrite/attribute-rewrite.ts'
import { targetKey } from '../policy/rewrite/steps.ts'
import type { AttributeSets } from '../rib/attribute-sets.ts'
import type { SetId } from '../rib/verdict.ts'
import { AttributeCode } from '../wire/attribute/attribute.ts'
import type { VnSettings } from './settings.ts'

const UNKNOWN = 0

export class Membership {
  readonly vns: readonly VnSettings[]
  private readonly sets: AttributeSets
  private readonly byTarget = new Map<string, number[]>()
  /** By set: 0 not asked yet, else one more than an index into `lists`. */
  private cache = new Int32Array(1024)
  private readonly lists: (readonly number[])[] = [[]]
  private readonly listIds = new Map<string, number>([['', 0]])
  private readonly forget = (set: SetId): void => {
    if (set < this.cache.length) this.cache[set] = UNKNOWN
  }

  constructor(vns: readonly VnSettings[], sets: AttributeSets) {
    this.vns = vns
    this.sets = sets
    for (const [index, vn] of vns.entries()) {
      const keys = new Set([...vn.importTargets, ...vn.exportTargets].map((target) => targetKey(target)))
      for (const key of keys) this.byTarget.set(key, [...(this.byTarget.get(key) ?? []), index])
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
    const found = new Set<number>()
    const bytes = this.sets.octets(set)
    const at = findAttribute(bytes, this.sets.attributesAt(set), this.sets.attributesEnd(set), AttributeCode.extCommunities)
    if (at < 0) return 0
    for (let community = valueStart(bytes, at); community < valueEnd(bytes, at); community += 8) {
      if (!isRouteTarget(bytes, community)) continue
      for (const vn of this.byTarget.get(targetKey(bytes, community)) ?? []) found.add(vn)
    }
    const list = [...found].sort((a, b) => a - b)
    const key = list.join(',')
    const known = this.listIds.get(key)
    if (known !== undefined) return known
    this.listIds.set(key, this.lists.length)
    return this.lists.push(list) - 1
  }
}
