/**
 * The VNIs of a route: either label of type 2, that of types 1 and 5, that of the PMSI tunnel of others. RFC 8365 §5.1.3: all 24 bits of a label field, unless
 * the encapsulation is one without VNI. 0: there is none (RFC 7348 §5 knows it, but no virtual network here is called that).
 */
import { u24 } from '../../../bytes/octets.ts'
import { AttributeCode } from '../../../wire/attribute/attribute.ts'
import { firstLabelAt, secondLabelAt } from '../../../wire/nlri/evpn/in-place.ts'
import { findAttribute, valueEnd, valueStart } from '../../rewrite/attribute-rewrite.ts'
import type { RouteView } from '../module.ts'
import { hasVni } from './encapsulations.ts'

/** Flags (1) and tunnel type (1) of a PMSI tunnel stand before its label (RFC 6514 §5). */
const PMSI_LABEL = 2
const PMSI_SHORTEST = 5

/** What stands in the first label field, or in that of the PMSI tunnel; whether it is a VNI, `hasVni` tells. Hot: allocates nothing. */
export function firstField(route: RouteView): number {
  const label = firstLabelAt(route.nlri, route.nlriAt, route.nlriLength)
  if (label >= 0) return u24(route.nlri, label)
  const at = findAttribute(route.bytes, route.from, route.to, AttributeCode.pmsiTunnel)
  if (at < 0) return 0
  const value = valueStart(route.bytes, at)
  return valueEnd(route.bytes, at) - value < PMSI_SHORTEST ? 0 : u24(route.bytes, value + PMSI_LABEL)
}

/** What stands in the second label field of a type 2 route. Hot: allocates nothing. */
export function secondField(route: RouteView): number {
  const label = secondLabelAt(route.nlri, route.nlriAt, route.nlriLength)
  return label < 0 ? 0 : u24(route.nlri, label)
}

/** Hot: allocates nothing. */
export function firstVni(route: RouteView): number {
  const field = firstField(route)
  return field > 0 && hasVni(route) ? field : 0
}

/** Hot: allocates nothing. */
export function secondVni(route: RouteView): number {
  const field = secondField(route)
  return field > 0 && hasVni(route) ? field : 0
}
