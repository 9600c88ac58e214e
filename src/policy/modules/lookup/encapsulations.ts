/** The encapsulations of a route: Encapsulation extended communities (RFC 9012 §4.1) and the tunnels of its Tunnel Encapsulation attribute (§2). */
import { u16 } from '../../../bytes/octets.ts'
import { AttributeCode } from '../../../wire/attribute/attribute.ts'
import { ENCAPSULATION, TUNNEL_TYPE_AT, TunnelType } from '../../../wire/community/encapsulation.ts'
import { EXTENDED_COMMUNITY_OCTETS } from '../../../wire/community/extended-community.ts'
import { findAttribute, valueEnd, valueStart } from '../../rewrite/attribute-rewrite.ts'
import type { RouteView } from '../module.ts'

const TUNNEL_HEADER = 4
const WITH_VNI: readonly number[] = [TunnelType.vxlan, TunnelType.nvgre, TunnelType.vxlanGpe, TunnelType.geneve]

/** Whether the label fields of the route hold VNIs: an encapsulation that has such is named, or none at all. Hot: allocates nothing. */
export function hasVni(route: RouteView): boolean {
  const { bytes } = route
  const at = findAttribute(bytes, route.from, route.to, AttributeCode.extCommunities)
  if (at < 0) return true
  let named = false
  const end = valueEnd(bytes, at)
  for (let community = valueStart(bytes, at); community + EXTENDED_COMMUNITY_OCTETS <= end; community += EXTENDED_COMMUNITY_OCTETS) {
    if (u16(bytes, community) !== ENCAPSULATION) continue
    if (WITH_VNI.includes(u16(bytes, community + TUNNEL_TYPE_AT))) return true
    named = true
  }
  return !named
}

/** Whether one of the tunnel types `wanted` (by number) is among the encapsulations. Hot: allocates nothing. */
export function hasEncapsulation(route: RouteView, wanted: { has(tunnelType: number): boolean }): boolean {
  const { bytes } = route
  const communities = findAttribute(bytes, route.from, route.to, AttributeCode.extCommunities)
  if (communities >= 0) {
    const end = valueEnd(bytes, communities)
    for (let at = valueStart(bytes, communities); at + EXTENDED_COMMUNITY_OCTETS <= end; at += EXTENDED_COMMUNITY_OCTETS) {
      if (u16(bytes, at) === ENCAPSULATION && wanted.has(u16(bytes, at + TUNNEL_TYPE_AT))) return true
    }
  }
  const tunnels = findAttribute(bytes, route.from, route.to, AttributeCode.tunnelEncapsulation)
  if (tunnels < 0) return false
  const end = valueEnd(bytes, tunnels)
  for (let at = valueStart(bytes, tunnels); at + TUNNEL_HEADER <= end; at += TUNNEL_HEADER + u16(bytes, at + 2)) {
    if (wanted.has(u16(bytes, at))) return true
  }
  return false
}

/** Whether it names no encapsulation at all. Hot: allocates nothing. */
export function namesNoEncapsulation(route: RouteView): boolean {
  return !hasEncapsulation(route, ANY)
}

const ANY = { has: () => true }
