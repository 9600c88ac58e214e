/**
 * Which domain a route came from last, whoever of our NVAs it came in through: by the session if that speaks for a domain, else by what a route carries:
 * its D-PATH, and where a speaker between has dropped that, the AS that stands first in its AS_PATH.
 */
import type { SourceOf } from '../../advertise/exporter/exporters.ts'
import { targetKey } from '../../policy/rewrite/steps.ts'
import type { AttributeSets } from '../../rib/attribute-sets.ts'
import type { SetId } from '../../rib/verdict.ts'
import type { FederatedDomain, FederationSettings } from '../settings.ts'
import { lastDomainAt } from './domain-path.ts'

export class Provenance {
  private readonly ownId: string
  private readonly byId: ReadonlyMap<string, string>
  private readonly byAs = new Map<number, string[]>()
  private readonly allowed = new Set<string>()

  constructor({ domainId, domains, transit }: FederationSettings) {
    this.ownId = idKey(domainId)
    this.byId = new Map(domains.map(({ domainId, name }) => [idKey(domainId), name]))
    for (const { asn, name } of domains) this.byAs.set(asn, [...(this.byAs.get(asn) ?? []), name])
    for (const [a, b] of transit) this.allowed.add(pair(a, b)).add(pair(b, a))
  }

  /** Names of the domains it may have come from: none for the own domain; several where domains have one AS number and nothing else tells. */
  of(sets: AttributeSets, set: SetId, sourceOf: SourceOf): readonly string[] {
    const domain = sourceOf(sets.peer[set]!)?.domain ?? null
    if (domain !== null) return [domain]
    const at = lastDomainAt(sets, set)
    if (at >= 0) {
      const id = idKey(sets.octets(set), at)
      // A domain we know nothing of is no domain that transit could name.
      if (id !== this.ownId) return [this.byId.get(id) ?? id]
    }
    return this.byAs.get(sets.neighborAs[set]!) ?? []
  }

  /** Whether what came from `from` may go on to `to`: only where the operator names the two. */
  mayPass(from: string, to: string): boolean {
    return this.allowed.has(pair(from, to))
  }

  /** What decides about routes of and to `domain`, to be compared as text. */
  terms({ name }: FederatedDomain): unknown {
    return [[...this.byId].sort(), [...this.byAs].sort(), [...this.allowed].filter((one) => one.split(' ').includes(name)).sort()]
  }
}

function pair(a: string, b: string): string {
  return `${a} ${b}`
}

function idKey(bytes: Uint8Array, at = 0): string {
  return targetKey(Uint8Array.of(...bytes.subarray(at, at + 6), 0, 0))
}
