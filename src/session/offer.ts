/**
 * The OPEN we send (RFC 4271 §4.2) and the capabilities in it (RFC 5492).
 */
import { put8, put16, put32 } from '../bytes/octets.ts'
import type { AddressFamily } from '../wire/negotiated.ts'
import type { Open, RawCapability } from '../wire/open.ts'
import type { SessionSettings } from './door.ts'

/** The capabilities the machine itself offers and looks for, by IANA code. */
export const Announced = {
  multiprotocol: 1,
  routeRefresh: 2,
  extendedMessage: 6,
  fourOctetAs: 65,
  enhancedRouteRefresh: 70,
  fqdn: 73,
} as const

/** Stands in the 2-octet My Autonomous System field for an AS number that does not fit there (RFC 6793 §4.2.2). */
export const AS_TRANS = 23456

/**
 * How much we ask for. `plain` leaves out what a session can do without (extended messages, enhanced route refresh, FQDN), for a peer that
 * has refused the whole offer (RFC 5492 §3).
 */
export type Offer = 'whole' | 'plain'

const NO_VALUE = new Uint8Array(0)

/** The OPEN to send with these settings. Multiprotocol capabilities in the order of `settings.families`. */
export function buildOpen(settings: SessionSettings, offer: Offer = 'whole'): Open {
  const capabilities: RawCapability[] = settings.families.map(multiprotocol)
  capabilities.push({ code: Announced.routeRefresh, value: NO_VALUE })
  if (offer === 'whole') capabilities.push({ code: Announced.extendedMessage, value: NO_VALUE })
  capabilities.push(fourOctetAs(settings.localAs))
  if (offer === 'whole') {
    capabilities.push({ code: Announced.enhancedRouteRefresh, value: NO_VALUE })
    if (settings.hostname !== '') capabilities.push(fqdn(settings.hostname))
  }
  return {
    version: 4,
    myAs: settings.localAs > 0xffff ? AS_TRANS : settings.localAs,
    holdTimeSeconds: settings.holdTimeSeconds,
    routerId: settings.routerId,
    capabilities,
  }
}

/** Multiprotocol Extensions, RFC 4760 §8: AFI (2), reserved (1), SAFI (1). */
export function multiprotocol(family: AddressFamily): RawCapability {
  const value = new Uint8Array(4)
  put8(value, put8(value, put16(value, 0, family.afi), 0), family.safi)
  return { code: Announced.multiprotocol, value }
}

/** Support for 4-octet AS numbers, RFC 6793 §3: AS number (4). */
function fourOctetAs(asn: number): RawCapability {
  const value = new Uint8Array(4)
  put32(value, 0, asn)
  return { code: Announced.fourOctetAs, value }
}

/** FQDN (draft-walton-bgp-hostname-capability): length (1), host name in UTF-8, length (1), domain name; the whole name goes in the first. */
function fqdn(hostname: string): RawCapability {
  const value = new Uint8Array(2 + 253)
  const { written } = new TextEncoder().encodeInto(hostname, value.subarray(1, 1 + 253))
  value[0] = written
  return { code: Announced.fqdn, value: value.subarray(0, 2 + written) }
}
