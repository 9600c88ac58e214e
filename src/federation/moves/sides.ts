/** The sides between which MACs move, by number, and which of them a route is on: asked of every route that carries MAC mobility, and so remembered by attribute set. */
import type { SourceOf } from '../../advertise/exporter/exporters.ts'
import { capacityFor, grownInt32 } from '../../bytes/columns.ts'
import type { AttributeSets } from '../../rib/attribute-sets.ts'
import type { SetId } from '../../rib/verdict.ts'
import type { Provenance } from '../agreement/provenance.ts'

/** The own domain. */
export const OWN = 0
/** A route that was made here says nothing of where its MAC is. */
export const NO_SIDE = -1
/** Most sides that are told apart. Domains that nobody has configured are named in D-PATHs, so there is no end to them. */
const MOST_NAMES = 1024
const ALL_OTHERS = 'other domains'

const UNKNOWN = 0

export class Sides {
  private readonly sets: AttributeSets
  private readonly sourceOf: SourceOf
  private readonly provenance: Provenance
  private readonly names = ['']
  private readonly numbers = new Map([['', OWN]])
  /** By set: 0 not asked yet, else two more than the side. */
  private cache = new Int32Array(1024)
  private readonly forget = (set: SetId): void => {
    if (set < this.cache.length) this.cache[set] = UNKNOWN
  }

  constructor(sets: AttributeSets, sourceOf: SourceOf, provenance: Provenance) {
    this.sets = sets
    this.sourceOf = sourceOf
    this.provenance = provenance
    sets.onMade.push(this.forget)
  }

  /** Ends it: it is told of no more sets. */
  close(): void {
    const at = this.sets.onMade.indexOf(this.forget)
    if (at >= 0) this.sets.onMade.splice(at, 1)
  }

  /** The side that routes with a set are on; `NO_SIDE`: made here. Hot. */
  of(set: SetId): number {
    if (set >= this.cache.length) this.cache = grownInt32(this.cache, capacityFor(set, this.cache.length))
    if (this.cache[set] === UNKNOWN) this.cache[set] = 2 + this.sideOf(set)
    return this.cache[set]! - 2
  }

  /** The name of the domain, empty for our own; several where nothing tells them apart. */
  nameOf(side: number): string {
    return this.names[side] ?? ALL_OTHERS
  }

  private sideOf(set: SetId): number {
    if (this.sourceOf(this.sets.peer[set]!)?.madeFor !== undefined) return NO_SIDE
    const name = this.provenance.of(this.sets, set, this.sourceOf).join(' ')
    const known = this.numbers.get(name)
    if (known !== undefined) return known
    if (this.names.length === MOST_NAMES) return MOST_NAMES
    this.numbers.set(name, this.names.length)
    return this.names.push(name) - 1
  }
}
