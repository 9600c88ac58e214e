/**
 * What is asked of every attribute set before policy is: loops first (RFC 4271 §9.1.2, RFC 4456 §8), then the domain boundary, so that policy sees the route
 * targets of this domain.
 */
import type { Self } from '../../advertise/exporter/exporters.ts'
import { u8, u32 } from '../../bytes/octets.ts'
import { type Refusal, refusal } from '../../policy/refusal.ts'
import { findAttribute, valueEnd, valueStart } from '../../policy/rewrite/attribute-rewrite.ts'
import type { AttributeSets } from '../../rib/attribute-sets.ts'
import type { SetId, Verdict } from '../../rib/verdict.ts'
import { AttributeCode } from '../../wire/attribute/attribute.ts'

/** The judge of the sets of one peer, as far as policy has no say in it. `boundary`: the peer speaks for another domain. */
export function importBase(
  sets: AttributeSets,
  self: Self,
  peerAs: number,
  external: boolean,
  boundary: { importSet(sets: AttributeSets, set: SetId): Verdict } | undefined,
): (set: SetId) => Verdict {
  // Numbers, not the object: code compiled for one who says what it is in another order of words would be thrown away.
  const { asn, routerId, clusterId } = self
  const firstAs = external ? peerAs : null
  return (set) => {
    const reason = unusable(sets, set, asn, routerId, clusterId, firstAs)
    if (reason !== null) return refusal(reason)
    return boundary === undefined ? set : boundary.importSet(sets, set)
  }
}

/** Why the routes of a set can never be used, or null. `firstAs`: what the AS_PATH must begin with (RFC 4271 §6.3). */
function unusable(
  sets: AttributeSets,
  set: SetId,
  asn: number,
  routerId: number,
  clusterId: number,
  firstAs: number | null,
): Refusal | null {
  const bytes = sets.octets(set)
  const from = sets.attributesAt(set)
  const to = sets.attributesEnd(set)
  if (badNextHop(bytes, sets.nextHopAt(set), sets.nextHopLength(set))) return 'no-next-hop'
  if (firstAs !== null && sets.neighborAs[set] !== firstAs) return 'first-as-mismatch'
  const path = findAttribute(bytes, from, to, AttributeCode.asPath)
  if (path >= 0 && pathHolds(bytes, valueStart(bytes, path), valueEnd(bytes, path), asn)) return 'as-path-loop'
  if (firstAs !== null) return null
  if (sets.originator[set] === routerId) return 'own-originator-id'
  const clusters = findAttribute(bytes, from, to, AttributeCode.clusterList)
  if (clusters >= 0) {
    for (let at = valueStart(bytes, clusters); at < valueEnd(bytes, clusters); at += 4) {
      if (u32(bytes, at) === clusterId) return 'cluster-list-loop'
    }
  }
  return null
}

function pathHolds(bytes: Uint8Array, from: number, to: number, asn: number): boolean {
  for (let at = from; at < to; ) {
    const end = at + 2 + 4 * u8(bytes, at + 1)
    for (at += 2; at < end; at += 4) if (u32(bytes, at) === asn) return true
  }
  return false
}

/** 0.0.0.0, ::, and multicast addresses are nobody's VTEP. */
function badNextHop(bytes: Uint8Array, at: number, length: number): boolean {
  const first = u8(bytes, at)
  if (length === 4 ? (first & 0xf0) === 0xe0 : first === 0xff) return true
  for (let i = 0; i < Math.min(length, 16); i++) if (u8(bytes, at + i) !== 0) return false
  return true
}
