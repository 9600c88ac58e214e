/**
 * D-PATH at the boundary (RFC 10039), in place: whether a domain is in it, which stands first, and the steps that put one there. Who passes a route out of
 * a domain puts that domain first; the routes here are all of EVPN.
 */
import { copy, put8, same, u8 } from '../../bytes/octets.ts'
import { findAttribute, type RewriteStep, valueEnd, valueStart } from '../../policy/rewrite/attribute-rewrite.ts'
import type { AttributeSets } from '../../rib/attribute-sets.ts'
import type { SetId } from '../../rib/verdict.ts'
import { AttributeCode, OPTIONAL_TRANSITIVE } from '../../wire/attribute/attribute.ts'
import { DOMAIN_OCTETS, MOST_DOMAINS } from '../../wire/attribute/d-path.ts'

const EVPN = 70
/** Octets of a DOMAIN-ID. */
export const ID_OCTETS = DOMAIN_OCTETS - 1
const NONE = -1

/** Whether the D-PATH of a set holds this DOMAIN-ID. */
export function passedThrough(sets: AttributeSets, set: SetId, domainId: Uint8Array): boolean {
  if (sets.domainPathLength[set] === 0) return false
  const bytes = sets.octets(set)
  const path = findAttribute(bytes, sets.attributesAt(set), sets.attributesEnd(set), AttributeCode.dPath)
  if (path < 0) return false
  const end = valueEnd(bytes, path)
  for (let segment = valueStart(bytes, path); segment < end; ) {
    const next = segment + 1 + DOMAIN_OCTETS * u8(bytes, segment)
    for (let at = segment + 1; at < next; at += DOMAIN_OCTETS) if (same(bytes, at, domainId, 0, ID_OCTETS)) return true
    segment = next
  }
  return false
}

/** Offset of the DOMAIN-ID that the set came from last; -1 without a D-PATH. */
export function lastDomainAt(sets: AttributeSets, set: SetId): number {
  if (sets.domainPathLength[set] === 0) return NONE
  const bytes = sets.octets(set)
  const path = findAttribute(bytes, sets.attributesAt(set), sets.attributesEnd(set), AttributeCode.dPath)
  return path < 0 ? NONE : valueStart(bytes, path) + 1
}

/** Offset of the DOMAIN-ID that the set began in: the last one of all; -1 without a D-PATH. */
export function originDomainAt(sets: AttributeSets, set: SetId): number {
  if (sets.domainPathLength[set] === 0) return NONE
  const bytes = sets.octets(set)
  const path = findAttribute(bytes, sets.attributesAt(set), sets.attributesEnd(set), AttributeCode.dPath)
  return path < 0 ? NONE : valueEnd(bytes, path) - DOMAIN_OCTETS
}

/** Puts a domain in front, in the first segment while that has room. */
export function prependDomain(domainId: Uint8Array): RewriteStep {
  return {
    code: AttributeCode.dPath,
    flags: OPTIONAL_TRANSITIVE,
    add: true,
    value(bytes, from, to, out, at) {
      const joins = to > from && u8(bytes, from) < MOST_DOMAINS
      const ahead = put8(out, at, joins ? u8(bytes, from) + 1 : 1)
      const behind = put8(out, copy(domainId, 0, ID_OCTETS, out, ahead), EVPN)
      return copy(bytes, joins ? from + 1 : from, to, out, behind)
    },
  }
}

/** Puts a domain in front unless it is there already: the routes of a neighbour that writes no D-PATH must not look as if they came from the domain behind it. */
export function ensureDomain(domainId: Uint8Array): RewriteStep {
  const prepend = prependDomain(domainId)
  return {
    ...prepend,
    value: (bytes, from, to, out, at) =>
      to > from && same(bytes, from + 1, domainId, 0, ID_OCTETS) ? copy(bytes, from, to, out, at) : prepend.value(bytes, from, to, out, at),
  }
}
