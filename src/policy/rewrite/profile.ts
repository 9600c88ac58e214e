/**
 * What implementations in the field cannot take although it is right, so that a reflector must keep it from them. A profile is named in the
 * configuration of a peer; peers without one get every octet untouched.
 */
import { u8 } from '../../bytes/octets.ts'
import { AttributeCode } from '../../wire/attribute/attribute.ts'
import { PmsiTunnelType } from '../../wire/attribute/pmsi-tunnel.ts'
import { ETHERNET_SEGMENT } from '../../wire/nlri/evpn/ethernet-segment.ts'
import { IMET } from '../../wire/nlri/evpn/imet.ts'
import { LONG_FORM, ROUTE_CLASSES } from '../../wire/nlri/route-class.ts'
import { refusal } from '../refusal.ts'
import { findAttribute, valueEnd, valueStart } from './attribute-rewrite.ts'

/**
 * - `frr8`: FRR 8.x. It ends an internal session (NOTIFICATION 3/1) on a PMSI tunnel type above 7 (assisted replication, RFC 9574) and on ingress
 *   replication whose endpoint is no IPv4 address (RFC 6514 §5 allows IPv6), and (3/9) on types 3 and 4 whose originator is an IPv6 address.
 */
export type Profile = 'frr8'

/** What a peer of this profile cannot take whatever the attributes: verdicts by route class. */
export function classVerdicts(profile: Profile): Int32Array {
  const verdicts = new Int32Array(ROUTE_CLASSES)
  if (profile === 'frr8') for (const type of [IMET, ETHERNET_SEGMENT]) verdicts[type + LONG_FORM] = refusal('peer-profile')
  return verdicts
}

const LAST_TUNNEL_TYPE = 7
/** Flags (1), type (1), label (3), IPv4 endpoint (4). */
const IPV4_INGRESS_LENGTH = 9

/** Whether a peer of this profile can take canonical attributes `from`..`to` of `bytes`. */
export function takes(profile: Profile, bytes: Uint8Array, from: number, to: number): boolean {
  return profile !== 'frr8' || frr8Takes(bytes, from, to)
}

function frr8Takes(bytes: Uint8Array, from: number, to: number): boolean {
  const at = findAttribute(bytes, from, to, AttributeCode.pmsiTunnel)
  if (at < 0) return true
  const value = valueStart(bytes, at)
  const type = u8(bytes, value + 1)
  if (type > LAST_TUNNEL_TYPE) return false
  return type !== PmsiTunnelType.ingressReplication || valueEnd(bytes, at) - value === IPV4_INGRESS_LENGTH
}
