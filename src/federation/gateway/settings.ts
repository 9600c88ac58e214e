import type { Prefix } from '../../address/prefix.ts'

/** A data gateway of the own domain: the box that joins the local segment of a VN to the interconnect. It forwards; fednva only steers. */
export interface GatewaySettings {
  /** Its VTEP towards the other domain, 4 or 16 octets: the next hop that is told there. */
  readonly address: Uint8Array
  /** Its VTEP towards the local NVEs. */
  readonly insideAddress: Uint8Array
  /** EVPN Router's MAC for routed traffic, 6 octets (RFC 9135 §8.1); null: for bridged VNs none is needed. */
  readonly routerMac: Uint8Array | null
}

/** How a VN crosses through data gateways. The VNI of the share is then that of the interconnect. */
export interface ViaSettings {
  /** The one of highest rank first: of those that are up the first one is told, and it is the one that floods. */
  readonly gateways: readonly GatewaySettings[]
  /**
   * Interconnect Ethernet segment of all the gateways, 10 octets (RFC 9014 §4.4.3): all that are up are told, by Ethernet A-D routes, and share the traffic
   * for known MACs. null: one alone is told.
   */
  readonly esi: Uint8Array | null
  /** Route targets of what is told to the other domain, 8 octets each. */
  readonly targets: readonly Uint8Array[]
  /** What of a routed VN lies in one of these is told to the other domain as the one prefix. */
  readonly aggregates: readonly Prefix[]
  /** Local NVEs are told one Unknown-MAC-Route in place of the MACs of the other domain (RFC 9014 §3.5.1). */
  readonly unknownMac: boolean
}
