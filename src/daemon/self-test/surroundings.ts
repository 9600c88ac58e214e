/** What the NVA under test is told to be: switches around it and, if it is federated, the NVA of another domain that shares some of its VNs. */
import { END_OF_RIB } from '../../config/settings/settings-of.ts'
import { type DomainLimits, NO_LIMITS } from '../../federation/limits/limits.ts'
import { ANY_BUT_OURS } from '../../federation/next-hops/settings.ts'
import type { FederationSettings } from '../../federation/settings.ts'
import type { PeerSettings } from '../../speaker/settings.ts'
import type { NvaSettings } from '../nva.ts'
import { ASN, OTHER_ASN, TARGETS, VNI } from './made-up.ts'

export const OWN_ID = 0x0afe0001
/** The first so many cross; the others are private. */
export const SHARED_VNS = 3
const OTHER = 'other'
const VXLAN = 8
/** More than there is. */
const LIMITS: DomainLimits = { ...NO_LIMITS, domain: { routes: 1_000_000, changesPerSecond: null, burst: 0, onExcess: 'hold' } }
const MAC_MOVES = { moves: 5, withinSeconds: 180, freezeSeconds: 300, keep: 'local' } as const

/** `alone`: there is no other domain. */
export type Neighbourhood = 'alone' | 'federated' | 'federated with limits'

/** `switches` peers of its own; peer `switches` speaks for the other domain, or is a switch too. */
export function surroundings(switches: number, neighbourhood: Neighbourhood): NvaSettings {
  const federated = neighbourhood !== 'alone'
  const peers = Array.from({ length: switches }, (_, index) => peer(index, null))
  peers.push(peer(switches, federated ? OTHER : null))
  const identity = { name: 'self-test', asn: ASN, routerId: OWN_ID, clusterId: OWN_ID }
  const vns = TARGETS.map((target, vn) => {
    return { name: `vn${vn}`, vni: VNI + vn, service: 'l2' as const, importTargets: [target], exportTargets: [target] }
  })
  return {
    speaker: { ...identity, peers, listenRanges: [], endOfRib: END_OF_RIB, vnImport: null, vnExport: null },
    domain: { name: 'self-test', vns },
    federation: federation(
      vns.slice(0, SHARED_VNS).map(({ name }) => name),
      federated ? [address(switches)] : [],
      neighbourhood === 'federated with limits' ? LIMITS : NO_LIMITS,
    ),
  }
}

/** Address of peer `index`. */
export function address(index: number): string {
  return `192.0.2.${index + 1}`
}

/** `nvas`: those of the other domain; none: there is no other domain. */
function federation(vns: readonly string[], nvas: readonly string[], limits: DomainLimits): FederationSettings {
  const other = {
    name: OTHER,
    asn: OTHER_ASN,
    domainId: domainId(2),
    peers: nvas,
    share: vns.map((vn, index) => ({
      vn,
      vni: VNI + index,
      peerTargets: TARGETS.slice(index, index + 1),
      tunnelType: VXLAN,
      limits: null,
    })),
    limits,
    macMoves: MAC_MOVES,
    staleSeconds: 0,
    interconnectSegments: false,
    heedsStickyMacs: false,
    nextHops: ANY_BUT_OURS,
  }
  return {
    region: null,
    domainId: domainId(1),
    internalCommunities: null,
    domains: nvas.length > 0 ? [other] : [],
    macMoves: MAC_MOVES,
    transit: [],
  }
}

function domainId(last: number): Uint8Array {
  return Uint8Array.of(0, 0, 0, 0, 0, last)
}

function peer(index: number, domain: string | null): PeerSettings {
  return {
    name: address(index),
    address: address(index),
    role: domain === null ? 'nve' : 'nva',
    group: null,
    domain,
    asn: domain === null ? ASN : OTHER_ASN,
    port: 179,
    passive: true,
    localAddress: null,
    password: null,
    routeReflectorClient: domain === null,
    profile: null,
    importPolicy: null,
    exportPolicy: null,
    holdTimeSeconds: 0,
    connectRetrySeconds: 1,
    sendHoldSeconds: 0,
  }
}
