import type { ViaSettings } from './gateway/settings.ts'
import type { DomainLimits, LimitSettings } from './limits/limits.ts'
import type { MacMovesSettings } from './moves/settings.ts'
import type { NextHopSettings } from './next-hops/settings.ts'

/** What was agreed with one other NV Domain. */
export interface FederatedDomain {
  readonly name: string
  readonly asn: number
  /** DOMAIN-ID in D-PATHs, 6 octets (RFC 10039). */
  readonly domainId: Uint8Array
  /** Names of its NVAs among the peers of the speaker. */
  readonly peers: readonly string[]
  readonly share: readonly ShareSettings[]
  readonly limits: DomainLimits
  /** When a MAC that moves to and from it is frozen. */
  readonly macMoves: MacMovesSettings
  /** How long its routes stand when all its NVAs are lost, in seconds; 0: they go at once. */
  readonly staleSeconds: number
  /** Whether the Ethernet A-D routes (type 1) of its gateways come in: of interconnect Ethernet segments (RFC 9014 §4.4.3). */
  readonly interconnectSegments: boolean
  /** Whether its word that a MAC is sticky, or that of a default gateway, is heeded: see `agreement/sticky-macs.ts`. */
  readonly heedsStickyMacs: boolean
  /** Which next hops it may name. */
  readonly nextHops: NextHopSettings
}

/** One VN that crosses to and from one other domain. Direct mode: the VNI is the same on both sides; through gateways: that of the interconnect. */
export interface ShareSettings {
  /** Local name of the VN. */
  readonly vn: string
  /** The VNI that the peer uses. */
  readonly vni: number
  /** What the peer attaches to its routes of this VN (8 octets each); translated on the way in to what the local NVEs import. */
  readonly peerTargets: readonly Uint8Array[]
  /** Through which gateways of ours; null or nothing: directly, NVE to NVE. */
  readonly via?: ViaSettings | null
  /** Encapsulation, a tunnel type of IANA's registry. */
  readonly tunnelType: number
  /** On its routes; null: none. */
  readonly limits: LimitSettings | null
  /** On its routes that the other domain is told; null or nothing: none. */
  readonly toldLimits?: LimitSettings | null
}

export interface FederationSettings {
  readonly region: string | null
  /** DOMAIN-ID of the own domain, 6 octets. */
  readonly domainId: Uint8Array
  /** Patterns of communities, standard and large, that are internal to the own domain; null: nothing is said of any, and none crosses through gateways. */
  readonly internalCommunities: readonly string[] | null
  readonly domains: readonly FederatedDomain[]
  /** When a MAC that moves between domains that are none of these is frozen: what NVAs behind another one of ours tell of. */
  readonly macMoves: MacMovesSettings
  /** Pairs of domains, by name, between which routes may pass through this one, in both directions. */
  readonly transit: readonly (readonly [string, string])[]
}
