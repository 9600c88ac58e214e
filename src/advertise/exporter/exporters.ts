/**
 * The exporters inside a domain: route reflection (RFC 4456) and plain eBGP. The next hop is left as it came (RFC 4456 §10; for EVPN over eBGP
 * because the next hop is the VTEP, RFC 8365 §5.1.3).
 */

import { refusal } from '../../policy/refusal.ts'
import { type RewriteStep, rewrite } from '../../policy/rewrite/attribute-rewrite.ts'
import {
  drop,
  dropNonTransitiveCommunities,
  ensureLocalPref,
  ensureOriginator,
  prependAs,
  prependCluster,
} from '../../policy/rewrite/steps.ts'
import { keptIn } from '../../policy/rewrite/well-known.ts'
import type { AttributeSets } from '../../rib/attribute-sets.ts'
import type { SetId, Verdict } from '../../rib/verdict.ts'
import { AttributeCode } from '../../wire/attribute/attribute.ts'
import type { Exporter } from './exporter.ts'

/** What the speaker is, as far as the attributes it writes say so. */
export interface Self {
  readonly asn: number
  readonly routerId: number
  readonly clusterId: number
}

/** How a source of routes counts for reflection. */
export interface Source {
  readonly external: boolean
  /** A client of this reflector. */
  readonly client: boolean
  readonly routerId: number
  /** Federated domain it speaks for, or null. */
  readonly domain: string | null
  /** For routes made here at the boundary to `domain`: whether they are for our own domain alone, or for that one alone. Left out: for anybody. */
  readonly madeFor?: 'inside' | 'outside'
}

/** The source of a peer id; undefined for routes of the speaker itself. */
export type SourceOf = (peer: number) => Source | undefined

const DEFAULT_LOCAL_PREF = 100

/** Towards internal peers: clients hear everything, non-clients what did not come from non-clients (RFC 4456 §6). */
export function internalExporter(sets: AttributeSets, self: Self, sourceOf: SourceOf, client: boolean): Exporter {
  const localPref = ensureLocalPref(DEFAULT_LOCAL_PREF)
  const cluster = prependCluster(self.clusterId)
  const plain = [localPref]
  // Goes with the session: router ids come and go, and a group may stand for years.
  const bySource = new WeakMap<Source, RewriteStep[]>()
  const write = (set: SetId, out: Uint8Array, at: number): number => {
    const source = sourceOf(sets.peer[set]!)
    let steps = plain
    if (source !== undefined && !source.external) {
      const known = bySource.get(source)
      steps = known ?? [localPref, ensureOriginator(source.routerId), cluster]
      if (known === undefined) bySource.set(source, steps)
    }
    return writeSet(sets, set, steps, out, at)
  }
  return {
    key: client ? 'internal-client' : 'internal',
    typeVerdicts: null,
    judge(set) {
      const source = sourceOf(sets.peer[set]!)
      if (source?.madeFor === 'outside') return refusal('made-for-a-domain')
      const nonClient = source !== undefined && !source.external && !source.client
      return nonClient && !client ? refusal('not-a-client') : judgeCommunities(sets, set, false)
    },
    beforePolicy: [],
    write,
    writeEdited: write,
  }
}

/** What every route loses before export policy towards another AS sees it: a MED is for one neighbour AS, and no other (RFC 4271 §5.1.4). */
export const WITHOUT_MED: readonly RewriteStep[] = [drop(AttributeCode.med)]

/** What every route loses and gains on its way to another AS. `edited`: policy has seen it, and a MED is what policy says. */
export function externalSteps(self: Self, edited = false): RewriteStep[] {
  return [
    prependAs(self.asn),
    ...(edited ? [] : WITHOUT_MED),
    drop(AttributeCode.localPref),
    drop(AttributeCode.originatorId),
    drop(AttributeCode.clusterList),
    dropNonTransitiveCommunities,
    drop(AttributeCode.aigp),
  ]
}

/** Towards a peer of another AS inside the domain (a leaf with an AS of its own). */
export function externalExporter(sets: AttributeSets, self: Self, sourceOf: SourceOf): Exporter {
  const steps = externalSteps(self)
  const edited = externalSteps(self, true)
  return {
    key: 'external',
    typeVerdicts: null,
    judge(set) {
      if (sourceOf(sets.peer[set]!)?.madeFor === 'outside') return refusal('made-for-a-domain')
      return judgeCommunities(sets, set, true)
    },
    beforePolicy: WITHOUT_MED,
    write: (set, out, at) => writeSet(sets, set, steps, out, at),
    writeEdited: (set, out, at) => writeSet(sets, set, edited, out, at),
  }
}

/** 0, or the refusal that the route's own communities ask for (RFC 1997). */
export function judgeCommunities(sets: AttributeSets, set: SetId, external: boolean): Verdict {
  const reason = keptIn(sets.octets(set), sets.attributesAt(set), sets.attributesEnd(set), external)
  return reason === null ? 0 : refusal(reason)
}

/** Writes the attributes of a set through `steps`. */
export function writeSet(sets: AttributeSets, set: SetId, steps: readonly RewriteStep[], out: Uint8Array, at: number): number {
  return rewrite(sets.octets(set), sets.attributesAt(set), sets.attributesEnd(set), steps, out, at)
}
