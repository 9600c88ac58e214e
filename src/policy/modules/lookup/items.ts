/** Attributes that are lists of items of one size (communities of all kinds), asked in place. */
import { u16 } from '../../../bytes/octets.ts'
import { AttributeCode } from '../../../wire/attribute/attribute.ts'
import { EXTENDED_COMMUNITY_OCTETS } from '../../../wire/community/extended-community.ts'
import { findAttribute, valueEnd, valueStart } from '../../rewrite/attribute-rewrite.ts'
import type { RouteView } from '../module.ts'

/** What items are sought in. */
export interface OctetSet {
  has(bytes: Uint8Array, at: number): boolean
}

/** Whether one of the items of `octets` octets in the attribute `code` is in `wanted`. Hot: allocates nothing. */
export function anyItem(route: RouteView, code: number, octets: number, wanted: OctetSet): boolean {
  const { bytes } = route
  const attribute = findAttribute(bytes, route.from, route.to, code)
  if (attribute < 0) return false
  const end = valueEnd(bytes, attribute)
  for (let at = valueStart(bytes, attribute); at + octets <= end; at += octets) if (wanted.has(bytes, at)) return true
  return false
}

/** Offset of the first extended community of this type and subtype (as a 16-bit number), or -1. Hot: allocates nothing. */
export function extendedOf(route: RouteView, kind: number): number {
  const { bytes } = route
  const attribute = findAttribute(bytes, route.from, route.to, AttributeCode.extCommunities)
  if (attribute < 0) return -1
  const end = valueEnd(bytes, attribute)
  for (let at = valueStart(bytes, attribute); at + EXTENDED_COMMUNITY_OCTETS <= end; at += EXTENDED_COMMUNITY_OCTETS) {
    if (u16(bytes, at) === kind) return at
  }
  return -1
}
