import type { Chain } from '../policy/chain.ts'
import type { Profile } from '../policy/rewrite/profile.ts'
import type { VnChains } from '../policy/vn-chains.ts'

/** What a BGP speaker is told to be. Made from the configuration by `config/`; the core never sees text that somebody typed but names. */
export interface SpeakerSettings {
  /** Name of this NVA or NVE: FQDN capability, logs. */
  readonly name: string
  readonly asn: number
  /** BGP Identifier, 4 octets unsigned. */
  readonly routerId: number
  /** CLUSTER_ID, 4 octets unsigned (RFC 4456). */
  readonly clusterId: number
  readonly peers: readonly PeerSettings[]
  readonly listenRanges: readonly ListenRangeSettings[]
  readonly endOfRib: EndOfRibSettings
  /** What routes of VNs must pass on their way in and out, whoever the peer is; null: no VN has anything attached. */
  readonly vnImport: VnChains | null
  readonly vnExport: VnChains | null
}

/** How long a speaker that has just started waits for others before it says to other domains that it has told all (`export/first-telling.ts`). */
export interface EndOfRibSettings {
  /** From the start, in seconds: then it is said in any case. */
  readonly withinSeconds: number
  /** Nobody else is waited for who may come by a listen range when nobody has come by it for so many seconds. */
  readonly quietSeconds: number
}

/** `nve`: an edge of this domain. `nva`: an NVA of a federated domain. `plain`: another BGP speaker of this domain, for example a second reflector. */
export type PeerRole = 'nve' | 'nva' | 'plain'

/** Everything about a peer that does not depend on its address. */
export interface PeerTemplate {
  readonly role: PeerRole
  readonly group: string | null
  /** Name of the federated domain it speaks for (role `nva`), else null. */
  readonly domain: string | null
  readonly asn: number
  /** Port to dial. */
  readonly port: number
  readonly passive: boolean
  readonly localAddress: string | null
  readonly password: string | null
  readonly routeReflectorClient: boolean
  /** What the other implementation cannot take, or null. */
  readonly profile: Profile | null
  /** What it must pass on the way in and out; null: none attached. */
  readonly importPolicy: Chain | null
  readonly exportPolicy: Chain | null
  readonly holdTimeSeconds: number
  readonly connectRetrySeconds: number
  readonly sendHoldSeconds: number
}

export interface PeerSettings extends PeerTemplate {
  readonly name: string
  /** Canonical text, IPv4 or IPv6. */
  readonly address: string
}

export interface ListenRangeSettings extends PeerTemplate {
  /** Network address octets (4 or 16) and prefix length. */
  readonly prefix: Uint8Array
  readonly prefixLength: number
  /** Most sessions at once from this range. */
  readonly limit: number
}
