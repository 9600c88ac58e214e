/**
 * Which domain a route came from last, whoever of our NVAs it came in through: by the session if that speaks for a domain, else by what a route carries:
 * its D-PATH, and where a speaker between has dropped that, the AS that stands first in its AS_PATH.
 */
import type { SourceOf } from '../../advertise/exporter/exporters.ts'
import { same } from '../../bytes/octets.ts'
import { targetKey } from '../../policy/rewrite/steps.ts'
import type { AttributeSets } from '../../rib/attribute-sets.ts'
import type { SetId } from '../../rib/verdict.ts'
import type { FederatedDomain, FederationSettings } from '../settings.ts'
import { ID_OCTETS, lastDomainAt } from './domain-path.ts'

const OWN: readonly string[] = []

export class Provenance {
  private readonly ownId: Uint8Array
  private readonly domains: readonly FederatedDomain[]
  /** By the name of a domain: it alone. */
  private readonly alone: ReadonlyMap<string, readonly string[]>
  private readonly byAs = new Map<number, string[]>()
  /** By the name of a domain: those to and from which its routes may pass. */
  private readonly allowed = new Map<string, Set<string>>()

  constructor({ domainId, domains, transit }: FederationSettings) {
    this.ownId = domainId
    this.domains = domains
    this.alone = new Map(domains.map(({ name }) => [name, [name]]))
    for (const { asn, name } of domains) this.byAs.set(asn, [...(this.byAs.get(asn) ?? []), name])
    for (const [a, b] of transit) {
      this.allow(a, b)
      this.allow(b, a)
    }
  }

  /**
   * Names of the domains it may have come from: none for the own domain; several where domains have one AS number and nothing else tells. Hot: allocates nothing
   * where the domain is one of ours.
   */
  of(sets: AttributeSets, set: SetId, sourceOf: SourceOf): readonly string[] {
    const domain = sourceOf(sets.peer[set]!)?.domain ?? null
    if (domain !== null) return this.alone.get(domain) ?? [domain]
    const at = lastDomainAt(sets, set)
    if (at >= 0) {
      const bytes = sets.octets(set)
      if (!same(bytes, at, this.ownId, 0, ID_OCTETS)) return this.byId(bytes, at)
    }
    return this.byAs.get(sets.neighborAs[set]!) ?? OWN
  }

  /** Whether what may have come from any of these domains may go on to `to`: only where the operator names the two. */
  mayPass(from: readonly string[], to: string): boolean {
    for (const one of from) if (this.allowed.get(one)?.has(to) !== true) return false
    return true
  }

  /** What decides about routes of and to `domain`, to be compared as text. */
  terms({ name }: FederatedDomain): unknown {
    const passing = [...(this.allowed.get(name) ?? [])].sort()
    return [this.domains.map(({ domainId, name }) => [idKey(domainId), name]).sort(), [...this.byAs].sort(), passing]
  }

  private byId(bytes: Uint8Array, at: number): readonly string[] {
    for (const { domainId, name } of this.domains) if (same(bytes, at, domainId, 0, ID_OCTETS)) return this.alone.get(name)!
    // A domain we know nothing of is no domain that transit could name.
    return [idKey(bytes, at)]
  }

  private allow(from: string, to: string): void {
    const allowed = this.allowed.get(from) ?? new Set()
    this.allowed.set(from, allowed.add(to))
  }
}

/** A DOMAIN-ID as text. */
function idKey(bytes: Uint8Array, at = 0): string {
  return targetKey(Uint8Array.of(...bytes.subarray(at, at + ID_OCTETS), 0, 0))
}
