/** The breakers of one other domain: on all its routes, on those of a VN, of a type, of a rate class; and which of them a route has to pass. */
import type { VnSettings } from '../../domain/settings.ts'
import type { FederatedDomain } from '../settings.ts'
import { Breaker, type Way } from './breaker.ts'
import type { LimitSettings } from './limits.ts'

const EVERYTHING = 'all routes'

export class Breakers {
  private readonly vns: readonly VnSettings[]
  private readonly way: Way
  private readonly byName = new Map<string, Breaker>()
  /** By the list of VNs of a route, its rate class and its type. */
  private passages = new Map<readonly number[], (readonly Breaker[])[][]>()

  /** `vns`: by the numbers that `of` is given. */
  constructor(way: Way, vns: readonly VnSettings[]) {
    this.way = way
    this.vns = vns
  }

  get all(): Iterable<Breaker> {
    return this.byName.values()
  }

  get none(): boolean {
    return this.byName.size === 0
  }

  /** These limits from now on. Returns the breakers that are no more. */
  limit(wanted: ReadonlyMap<string, LimitSettings>, now: number): readonly Breaker[] {
    const gone = [...this.byName].filter(([name]) => !wanted.has(name))
    for (const [name] of gone) this.byName.delete(name)
    for (const [name, settings] of wanted) {
      const breaker = this.byName.get(name)
      if (breaker === undefined) this.byName.set(name, new Breaker(name, this.way, settings, now))
      else breaker.adopt(settings, now)
    }
    this.passages = new Map()
    return gone.map(([, breaker]) => breaker)
  }

  /** Those that a route of these VNs, this type and this rate class (0: none) has to pass. The list of VNs is known by its identity, and so is what is returned. */
  of(members: readonly number[], type: number, rateClass: number): readonly Breaker[] {
    let byClass = this.passages.get(members)
    if (byClass === undefined) {
      byClass = []
      this.passages.set(members, byClass)
    }
    // Without holes: they are few, and looked up for every route.
    while (byClass.length <= rateClass) byClass.push([])
    const byType = byClass[rateClass]!
    const known = byType[type]
    if (known !== undefined) return known
    const passage = this.passage(members, type, rateClass)
    byType[type] = passage
    return passage
  }

  // By itself, or each look would make what its functions need.
  private passage(members: readonly number[], type: number, rateClass: number): readonly Breaker[] {
    const names = [EVERYTHING, typeName(type), className(rateClass), ...members.map((index) => vnName(this.vns[index]!.name))]
    return names.flatMap((name) => this.byName.get(name) ?? [])
  }
}

/** On what a domain sends, by name of the breaker. */
export function limitsOnSent({ limits, share }: FederatedDomain): Map<string, LimitSettings> {
  const wanted = new Map<string, LimitSettings>()
  if (limits.domain !== null) wanted.set(EVERYTHING, limits.domain)
  for (const [type, settings] of limits.types) wanted.set(typeName(type), settings)
  for (const [rateClass, settings] of limits.classes) wanted.set(className(rateClass), settings)
  for (const one of share) if (one.limits !== null) wanted.set(vnName(one.vn), one.limits)
  return wanted
}

/** On what a domain is told, by name of the breaker. */
export function limitsOnTold({ limits: { told }, share }: FederatedDomain): Map<string, LimitSettings> {
  const wanted = new Map<string, LimitSettings>()
  if (told.domain !== null) wanted.set(EVERYTHING, told.domain)
  for (const [type, settings] of told.types) wanted.set(typeName(type), settings)
  for (const { vn, toldLimits = null } of share) if (toldLimits !== null) wanted.set(vnName(vn), toldLimits)
  return wanted
}

function typeName(type: number): string {
  return `type ${type}`
}

function className(rateClass: number): string {
  return `class ${rateClass}`
}

function vnName(name: string): string {
  return `VN ${name}`
}
