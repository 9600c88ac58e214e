/** Agreements for tests, with what is the same in most of them filled in. */
import { autoDomainId } from '../../src/address/domain-id.ts'
import { NO_LIMITS } from '../../src/federation/limits/limits.ts'
import type { MacMovesSettings } from '../../src/federation/moves/settings.ts'
import { ANY_BUT_OURS } from '../../src/federation/next-hops/settings.ts'
import type { FederatedDomain, FederationSettings } from '../../src/federation/settings.ts'

const MAC_MOVES: MacMovesSettings = { moves: 5, withinSeconds: 180, freezeSeconds: 600, keep: 'local' }

export function domainOf(name: string, asn: number, share: FederatedDomain['share'] = []): FederatedDomain {
  return {
    name,
    asn,
    domainId: autoDomainId(asn),
    peers: [],
    share,
    limits: NO_LIMITS,
    macMoves: MAC_MOVES,
    staleSeconds: 0,
    interconnectSegments: false,
    heedsStickyMacs: false,
    nextHops: ANY_BUT_OURS,
  }
}

/** Of domain 65001 with these. */
export function federationOf(domains: readonly FederatedDomain[], transit: FederationSettings['transit'] = []): FederationSettings {
  return { region: null, domainId: autoDomainId(65001), internalCommunities: null, domains, macMoves: MAC_MOVES, transit }
}
