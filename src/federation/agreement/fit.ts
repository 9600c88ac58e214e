/**
 * Whether a route is dressed as was agreed for its VNs: encapsulation, layer of the service, VNI. In direct mode tunnels run NVE to NVE, so that a route with another
 * VNI would land in another VN over there, or in none. Asked per route of other domains. Hot: allocates nothing.
 */

import { u8, u16, u24 } from '../../bytes/octets.ts'
import type { VnSettings } from '../../domain/settings.ts'
import type { Refusal } from '../../policy/refusal.ts'
import { findAttribute, valueEnd, valueStart } from '../../policy/rewrite/attribute-rewrite.ts'
import type { AttributeSets } from '../../rib/attribute-sets.ts'
import type { SetId } from '../../rib/verdict.ts'
import { AttributeCode } from '../../wire/attribute/attribute.ts'
import { ENCAPSULATION, TUNNEL_TYPE_AT } from '../../wire/community/encapsulation.ts'
import { IMET } from '../../wire/nlri/evpn/imet.ts'
import { firstLabelAt, gatewayAt, prefixOctets, secondLabelAt } from '../../wire/nlri/evpn/in-place.ts'
import { IP_PREFIX } from '../../wire/nlri/evpn/ip-prefix.ts'
import { MAC_IP } from '../../wire/nlri/evpn/mac-ip.ts'

/** Where the label stands in a PMSI tunnel: flags (1), tunnel type (1). */
const PMSI_LABEL = 2

/** A VN, and what its routes carry. */
export interface Agreed {
  readonly vn: VnSettings
  readonly vni: number
  /** Tunnel type of IANA's registry. */
  readonly tunnelType: number
}

export class Fit {
  private readonly shares: readonly Agreed[]
  private readonly sets: AttributeSets

  constructor(shares: readonly Agreed[], sets: AttributeSets) {
    this.shares = shares
    this.sets = sets
  }

  /** What is wrong with a route of these VNs, numbers into `shares`, or null. `size` octets of NLRI at `at`. */
  check(members: readonly number[], set: SetId, nlri: Uint8Array, at: number, size: number): Refusal | null {
    if (!this.tunnelFits(members, set)) return 'encapsulation-mismatch'
    switch (u8(nlri, at)) {
      case MAC_IP:
        return this.checkMacIp(members, nlri, at, size)
      case IMET:
        return this.checkImet(members, set)
      case IP_PREFIX:
        return this.checkPrefix(members, nlri, at, size)
      default:
        return null
    }
  }

  /** The first label is that of the layer-2 VN, the second that of the layer-3 one, of those that it belongs to (RFC 9135 §5). */
  private checkMacIp(members: readonly number[], nlri: Uint8Array, at: number, size: number): Refusal | null {
    const first = firstLabelAt(nlri, at, size)
    const second = secondLabelAt(nlri, at, size)
    if (this.has(members, 'l2') && !this.holds(members, 'l2', label(nlri, first))) return 'vni-mismatch'
    if (!this.has(members, 'l3')) return null
    const routed = second >= 0 ? second : this.has(members, 'l2') ? -1 : first
    return routed < 0 || this.holds(members, 'l3', label(nlri, routed)) ? null : 'vni-mismatch'
  }

  private checkImet(members: readonly number[], set: SetId): Refusal | null {
    if (!this.has(members, 'l2')) return 'service-mismatch'
    const bytes = this.sets.octets(set)
    const at = findAttribute(bytes, this.sets.attributesAt(set), this.sets.attributesEnd(set), AttributeCode.pmsiTunnel)
    return at < 0 || this.holds(members, 'l2', u24(bytes, valueStart(bytes, at) + PMSI_LABEL)) ? null : 'vni-mismatch'
  }

  /** With a gateway address for overlay index the label means nothing (RFC 9136 §3.2). */
  private checkPrefix(members: readonly number[], nlri: Uint8Array, at: number, size: number): Refusal | null {
    if (!this.has(members, 'l3')) return 'service-mismatch'
    const gateway = gatewayAt(nlri, at, size)
    if (gateway >= 0) for (let i = 0; i < prefixOctets(nlri, at, size); i++) if (u8(nlri, gateway + i) !== 0) return null
    return this.holds(members, 'l3', label(nlri, firstLabelAt(nlri, at, size))) ? null : 'vni-mismatch'
  }

  /** Routes that name no encapsulation have that of the agreement (RFC 8365 §5.1.2); of several named one is enough. */
  private tunnelFits(members: readonly number[], set: SetId): boolean {
    const { sets } = this
    const bytes = sets.octets(set)
    const communities = findAttribute(bytes, sets.attributesAt(set), sets.attributesEnd(set), AttributeCode.extCommunities)
    if (communities < 0) return true
    let named = false
    for (let at = valueStart(bytes, communities), end = valueEnd(bytes, communities); at < end; at += 8) {
      if (u16(bytes, at) !== ENCAPSULATION) continue
      named = true
      for (const index of members) if (this.shares[index]!.tunnelType === u16(bytes, at + TUNNEL_TYPE_AT)) return true
    }
    return !named
  }

  private has(members: readonly number[], service: VnSettings['service']): boolean {
    for (const index of members) if (this.shares[index]!.vn.service === service) return true
    return false
  }

  private holds(members: readonly number[], service: VnSettings['service'], vni: number): boolean {
    for (const index of members) if (this.shares[index]!.vn.service === service && this.shares[index]!.vni === vni) return true
    return false
  }
}

/** The label at an offset; -1: there is none. */
function label(nlri: Uint8Array, at: number): number {
  return at < 0 ? -1 : u24(nlri, at)
}
