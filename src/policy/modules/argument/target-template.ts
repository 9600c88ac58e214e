/**
 * Route targets to be put in: plain ones (`65001:100`), or made from a VNI: `65000:{vni}`, `{asn}:{vni}`, `{asn}:{rfc8365}`.
 *
 *     {asn}      AS number of this NVA; of a 4-octet one the low 16 bits, as switches do
 *     {peerAsn}  that of the peer the route was learned from, likewise
 *     {admin}    administrator of the target that is mapped; not without one
 *     {vni}      the VNI
 *     {rfc8365}  the VNI with the type VXLAN above it, as Junos derives it: 0x10000000 + VNI (RFC 8365 §5.1.2.1)
 *     {number}   number of the target that is mapped; not without one
 */
import { decimal, type Parsed, parsed, unreadable } from '../../../address/parsed.ts'
import { parseRouteTarget, ROUTE_TARGET_OCTETS, ROUTE_TARGET_SUBTYPE } from '../../../address/route-target.ts'
import { copy, put8, put16, put32, u8, u16, u32 } from '../../../bytes/octets.ts'

/** Of `plain` targets nothing is made: they stand in 8 octets. */
type Admin = number | 'asn' | 'peerAsn' | 'admin' | 'plain'
type Value = number | 'vni' | 'rfc8365' | 'number'

const VXLAN = 0x10000000
const VNI_MAX = 0xffffff
const MAX_16 = 0xffff
const MAX_32 = 0xffffffff
const NO_OCTETS = new Uint8Array(ROUTE_TARGET_OCTETS)

/** `mapped`: there is a target that it is made from. */
export function parseTargetTemplate(typed: string, what: string, mapped: boolean): Parsed<TargetTemplate> {
  if (!typed.includes('{')) {
    const target = parseRouteTarget(typed)
    return target.ok ? parsed(new TargetTemplate('plain', 0, target.value)) : unreadable(typed, what)
  }
  const [adminText = '', valueText = '', ...rest] = typed.split(':')
  const admin = adminIn(adminText, mapped)
  const value = valueIn(valueText, mapped)
  if (admin !== null && value !== null && rest.length === 0) return parsed(new TargetTemplate(admin, value, NO_OCTETS))
  const wide = decimal(adminText, MAX_32) > MAX_16
  return unreadable(typed, wide ? `${what}, with an AS up to 65535: there is no room for more beside 32 bits` : what)
}

function adminIn(typed: string, mapped: boolean): Admin | null {
  if (typed === '{asn}') return 'asn'
  if (typed === '{peerAsn}') return 'peerAsn'
  if (typed === '{admin}') return mapped ? 'admin' : null
  return numberIn(typed, MAX_16)
}

function valueIn(typed: string, mapped: boolean): Value | null {
  if (typed === '{vni}') return 'vni'
  if (typed === '{rfc8365}') return 'rfc8365'
  if (typed === '{number}') return mapped ? 'number' : null
  return numberIn(typed, MAX_32)
}

function numberIn(typed: string, most: number): number | null {
  const number = decimal(typed, most)
  return number < 0 ? null : number
}

export class TargetTemplate {
  private readonly admin: Admin
  private readonly value: Value
  private readonly octets: Uint8Array

  constructor(admin: Admin, value: Value, octets: Uint8Array) {
    this.admin = admin
    this.value = value
    this.octets = octets
  }

  /**
   * Writes the target made of a VNI (0: there is none), and of the target at `from` of `bytes` where it is `mapped`, at `at`. False: there is none to write, because
   * there is no VNI or the number has no room in its form. Hot: allocates nothing.
   */
  write(ownAsn: number, peerAsn: number, vni: number, bytes: Uint8Array, from: number, out: Uint8Array, at: number): boolean {
    const { admin, value } = this
    if (admin === 'plain') {
      copy(this.octets, 0, ROUTE_TARGET_OCTETS, out, at)
      return true
    }
    const number =
      typeof value === 'number' ? value : value === 'number' ? numberOf(bytes, from) : vni === 0 ? -1 : value === 'vni' ? vni : VXLAN + vni
    if (number < 0) return false
    if (admin === 'admin') {
      const long = u8(bytes, from) === 0
      if (!long && number > MAX_16) return false
      if (long) put32(out, copy(bytes, from, from + 4, out, at), number)
      else put16(out, copy(bytes, from, from + 6, out, at), number)
      return true
    }
    const as = admin === 'asn' ? ownAsn : admin === 'peerAsn' ? peerAsn : admin
    put32(out, put16(out, put8(out, put8(out, at, 0), ROUTE_TARGET_SUBTYPE), as & MAX_16), number)
    return true
  }
}

/** Number of the route target at `at`, whatever its form. */
function numberOf(bytes: Uint8Array, at: number): number {
  return u8(bytes, at) === 0 ? u32(bytes, at + 4) : u16(bytes, at + 6)
}

/** The VNI that the number of the route target at `at` says: the number itself, or what stands below the type VXLAN (RFC 8365 §5.1.2.1); 0: none. */
export function vniOfTarget(bytes: Uint8Array, at: number): number {
  const number = numberOf(bytes, at)
  if (number <= VNI_MAX) return number
  return number >>> 28 === 1 ? number & VNI_MAX : 0
}
