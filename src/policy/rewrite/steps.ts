/** The rewrite steps that reflection (RFC 4456), eBGP (RFC 4271 §5) and the domain boundary are made of. */
import { isRouteTarget } from '../../address/route-target.ts'
import { copy, put8, put32, same, u8, u32 } from '../../bytes/octets.ts'
import { AttributeCode, OPTIONAL_NON_TRANSITIVE, OPTIONAL_TRANSITIVE, WELL_KNOWN } from '../../wire/attribute/attribute.ts'
import { DROP, type RewriteStep } from './attribute-rewrite.ts'

const AS_SEQUENCE = 2
const AS_CONFED_SEQUENCE = 3
/** Bit of the first octet of an extended community: not transitive across ASes (RFC 4360 §2). */
export const NON_TRANSITIVE_COMMUNITY = 0x40

/** Leaves the attribute out. */
export function drop(code: number): RewriteStep {
  return { code, flags: 0, add: false, value: () => DROP }
}

/** LOCAL_PREF where it is missing: towards internal peers it is mandatory (RFC 4271 §5.1.5). */
export function ensureLocalPref(localPref: number): RewriteStep {
  return {
    code: AttributeCode.localPref,
    flags: WELL_KNOWN,
    add: true,
    value: (bytes, from, to, out, at) => (to > from ? copy(bytes, from, to, out, at) : put32(out, at, localPref)),
  }
}

/** ORIGINATOR_ID where it is missing: the router id of who told us (RFC 4456 §8). */
export function ensureOriginator(routerId: number): RewriteStep {
  return {
    code: AttributeCode.originatorId,
    flags: OPTIONAL_NON_TRANSITIVE,
    add: true,
    value: (bytes, from, to, out, at) => (to > from ? copy(bytes, from, to, out, at) : put32(out, at, routerId)),
  }
}

/** Our CLUSTER_ID in front of the CLUSTER_LIST (RFC 4456 §8). */
export function prependCluster(clusterId: number): RewriteStep {
  return {
    code: AttributeCode.clusterList,
    flags: OPTIONAL_NON_TRANSITIVE,
    add: true,
    value: (bytes, from, to, out, at) => copy(bytes, from, to, out, put32(out, at, clusterId)),
  }
}

/**
 * Our AS in front of the AS_PATH, in a leading AS_SEQUENCE with room or a new one (RFC 4271 §5.1.2 b). Segments of a confederation end here: nobody
 * outside may see them (RFC 5065 §5).
 */
export function prependAs(asn: number): RewriteStep {
  return {
    code: AttributeCode.asPath,
    flags: WELL_KNOWN,
    add: true,
    value(bytes, from, to, out, at) {
      let source = from
      while (source < to && isConfederation(bytes, source)) source = segmentEnd(bytes, source)
      const joins = source < to && u8(bytes, source) === AS_SEQUENCE && u8(bytes, source + 1) < 255
      const count = joins ? u8(bytes, source + 1) + 1 : 1
      let target = put32(out, put8(out, put8(out, at, AS_SEQUENCE), count), asn)
      if (joins) {
        target = copy(bytes, source + 2, segmentEnd(bytes, source), out, target)
        source = segmentEnd(bytes, source)
      }
      for (; source < to; source = segmentEnd(bytes, source)) {
        if (!isConfederation(bytes, source)) target = copy(bytes, source, segmentEnd(bytes, source), out, target)
      }
      return target
    },
  }
}

function isConfederation(bytes: Uint8Array, segment: number): boolean {
  return u8(bytes, segment) >= AS_CONFED_SEQUENCE
}

/** Behind a segment of 4-octet AS numbers. */
function segmentEnd(bytes: Uint8Array, segment: number): number {
  return segment + 2 + 4 * u8(bytes, segment + 1)
}

/** Takes out the extended communities that do not cross ASes (RFC 4360 §6). */
export const dropNonTransitiveCommunities: RewriteStep = {
  code: AttributeCode.extCommunities,
  flags: OPTIONAL_TRANSITIVE,
  add: false,
  value(bytes, from, to, out, at) {
    let target = at
    for (let source = from; source < to; source += 8) {
      if ((u8(bytes, source) & NON_TRANSITIVE_COMMUNITY) === 0) target = copy(bytes, source, source + 8, out, target)
    }
    return target === at ? DROP : target
  },
}

/**
 * What crosses a domain boundary of the extended communities: the route targets become what `translate` says for each (nothing: stripped;
 * duplicates once), the other transitive ones stay.
 */
export function translateTargets(translate: (bytes: Uint8Array, at: number) => readonly Uint8Array[]): RewriteStep {
  return {
    code: AttributeCode.extCommunities,
    flags: OPTIONAL_TRANSITIVE,
    add: false,
    value(bytes, from, to, out, at) {
      let target = at
      for (let source = from; source < to; source += 8) {
        if (isRouteTarget(bytes, source)) {
          for (const community of translate(bytes, source)) {
            if (!holds(out, at, target, community)) target = copy(community, 0, 8, out, target)
          }
        } else if ((u8(bytes, source) & NON_TRANSITIVE_COMMUNITY) === 0) target = copy(bytes, source, source + 8, out, target)
      }
      return target === at ? DROP : target
    },
  }
}

function holds(out: Uint8Array, from: number, to: number, community: Uint8Array): boolean {
  for (let at = from; at < to; at += 8) if (same(out, at, community, 0, 8)) return true
  return false
}

/** A route target as a number pair folded into one string key, for sets and maps. */
export function targetKey(bytes: Uint8Array, at = 0): string {
  return `${u32(bytes, at)}:${u32(bytes, at + 4)}`
}
