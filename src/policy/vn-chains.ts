/** The chains of VNs, by the route targets that make a route one of theirs. */
import { isRouteTarget } from '../address/route-target.ts'
import { u32 } from '../bytes/octets.ts'
import { AttributeCode } from '../wire/attribute/attribute.ts'
import type { Chain } from './chain.ts'
import type { Stage } from './gate/plan.ts'
import type { RouteView } from './modules/module.ts'
import { findAttribute, valueEnd, valueStart } from './rewrite/attribute-rewrite.ts'

/** A VN with something attached; targets are 8 octets each. */
export interface VnChain {
  readonly name: string
  readonly targets: readonly Uint8Array[]
  readonly chain: Chain
}

const NONE: readonly Chain[] = []

export class VnChains implements Stage {
  readonly vns: readonly VnChain[]
  readonly chains: readonly Chain[]
  readonly reads = [AttributeCode.extCommunities]
  /** Places in `vns` by the first and the last four octets of a target. */
  private readonly byTarget = new Map<number, Map<number, number[]>>()

  constructor(vns: readonly VnChain[]) {
    this.vns = vns
    this.chains = vns.map(({ chain }) => chain)
    for (const [place, { targets }] of vns.entries()) {
      for (const target of targets) {
        const upper = this.byTarget.get(u32(target, 0)) ?? new Map<number, number[]>()
        this.byTarget.set(u32(target, 0), upper)
        const places = upper.get(u32(target, 4)) ?? []
        if (!places.includes(place)) upper.set(u32(target, 4), [...places, place])
      }
    }
  }

  /** Of the VNs a route belongs to, in the order of the configuration. */
  of({ bytes, from, to }: RouteView): readonly Chain[] {
    const at = findAttribute(bytes, from, to, AttributeCode.extCommunities)
    if (at < 0) return NONE
    let found: number[] | null = null
    const end = valueEnd(bytes, at)
    for (let community = valueStart(bytes, at); community < end; community += 8) {
      if (!isRouteTarget(bytes, community)) continue
      const places = this.byTarget.get(u32(bytes, community))?.get(u32(bytes, community + 4))
      if (places !== undefined) found = found === null ? places : [...new Set([...found, ...places])]
    }
    if (found === null) return NONE
    return found.length === 1 ? [this.vns[found[0]!]!.chain] : [...found].sort((a, b) => a - b).map((place) => this.vns[place]!.chain)
  }

  /** Whether the same holds for the same routes. */
  same(other: VnChains): boolean {
    return (
      this.vns.length === other.vns.length &&
      this.vns.every(({ targets, chain }, i) => {
        const { targets: theirs, chain: their } = other.vns[i]!
        return chain === their && targets.length === theirs.length && targets.every((one, t) => equal(one, theirs[t]!))
      })
    )
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return u32(a, 0) === u32(b, 0) && u32(a, 4) === u32(b, 4)
}
