/**
 * What two speakers agreed in their OPENs and what reading and writing depends on. Made by `session`, passed to every codec that needs it.
 */
export interface Negotiated {
  /** Both announced the 4-octet AS capability: AS_PATH and AGGREGATOR hold 4-octet AS numbers (RFC 6793). */
  readonly fourOctetAs: boolean
  /** The session is internal: both ends are in one AS. */
  readonly internal: boolean
  /** Octets of the longest message that may be sent: 4096, or 65535 with extended messages on both sides (RFC 8654). */
  readonly maxMessage: number
  /** Octets of the longest message that may be received. */
  readonly maxReceive: number
  readonly routeRefresh: boolean
  readonly enhancedRouteRefresh: boolean
  /** Families that both announced. */
  readonly families: readonly AddressFamily[]
}

/** Address family: AFI and SAFI as IANA numbers them. L2VPN EVPN is 25/70. */
export interface AddressFamily {
  readonly afi: number
  readonly safi: number
}

export const L2VPN_EVPN: AddressFamily = { afi: 25, safi: 70 }
export const IPV4_UNICAST: AddressFamily = { afi: 1, safi: 1 }
export const ROUTE_TARGET_CONSTRAINT: AddressFamily = { afi: 1, safi: 132 }

export function sameFamily(a: AddressFamily, b: AddressFamily): boolean {
  return a.afi === b.afi && a.safi === b.safi
}
