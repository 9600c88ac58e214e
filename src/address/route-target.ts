/**
 * Route targets: 8 octets, an extended community of type 0, 1 or 2 and subtype 2 (RFC 4360 §4, RFC 5668). Text `AS:number` or `address:number`.
 */
import { hex, put16, put32, u8 } from '../bytes/octets.ts'
import { type AdministeredForm, formatAdministered, parseAdministered } from './administered.ts'
import { type Parsed, parsed } from './parsed.ts'

export const ROUTE_TARGET_OCTETS = 8
export const ROUTE_TARGET_SUBTYPE = 2

/** Whether the extended community at `at` is a route target. */
export function isRouteTarget(bytes: Uint8Array, at: number): boolean {
  return u8(bytes, at) <= 2 && u8(bytes, at + 1) === ROUTE_TARGET_SUBTYPE
}

/** Text of the 8 octets at `at`; plain hex when they are no route target. */
export function formatRouteTarget(bytes: Uint8Array, at = 0): string {
  if (!isRouteTarget(bytes, at)) return hex(bytes, at, at + ROUTE_TARGET_OCTETS)
  return formatAdministered(u8(bytes, at) as AdministeredForm, bytes, at + 2)
}

/** 8 octets from `65001:100` (2-octet AS, number of 32 bits), `4200000001:100` (4-octet AS, 16 bits) or `192.0.2.1:100` (16 bits). */
export function parseRouteTarget(text: string): Parsed<Uint8Array> {
  const value = parseAdministered(text, 'a route target')
  if (!value.ok) return value
  const octets = new Uint8Array(ROUTE_TARGET_OCTETS)
  octets[0] = value.value.form
  octets[1] = ROUTE_TARGET_SUBTYPE
  octets.set(value.value.octets, 2)
  return parsed(octets)
}

/**
 * The route target a switch derives for a VNI when none is configured: 2-octet AS form with `asn:vni`. Of a 4-octet AS the low 16 bits are
 * used, as FRR does: 4200000011 and VNI 100 give 59915:100.
 */
export function autoRouteTarget(asn: number, vni: number): Uint8Array {
  const octets = new Uint8Array(ROUTE_TARGET_OCTETS)
  octets[1] = ROUTE_TARGET_SUBTYPE
  put32(octets, put16(octets, 2, asn & 0xffff), vni)
  return octets
}
