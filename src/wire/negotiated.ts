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

const FAMILY_NAMES: Readonly<Record<string, string>> = {
  '1/1': 'IPv4 unicast',
  '2/1': 'IPv6 unicast',
  '1/128': 'VPNv4',
  '2/128': 'VPNv6',
  '25/65': 'VPLS',
  '25/70': 'L2VPN EVPN',
  '1/132': 'route target constraint',
}

/** As operators know it, with its numbers: `L2VPN EVPN (25/70)`; the numbers alone where they are better known than any name. */
export function familyText({ afi, safi }: AddressFamily): string {
  const numbers = `${afi}/${safi}`
  const name = FAMILY_NAMES[numbers]
  return name === undefined ? numbers : `${name} (${numbers})`
}

export function sameFamily(a: AddressFamily, b: AddressFamily): boolean {
  return a.afi === b.afi && a.safi === b.safi
}
