/** The crossings of a federation, and which of them a route belongs to. */
import { put16, put32 } from '../../bytes/octets.ts'
import { Membership } from '../../domain/membership.ts'
import type { VnSettings } from '../../domain/settings.ts'
import type { AttributeSets } from '../../rib/attribute-sets.ts'
import type { SetId } from '../../rib/verdict.ts'
import { agreedTargets } from '../agreement/agreed-targets.ts'
import { overGateway } from '../agreement/internal-communities.ts'
import type { FederatedDomain, FederationSettings } from '../settings.ts'
import type { Crossing } from './crossing.ts'

/** Numbers of route distinguishers by what they are for, so that a crossing that stays keeps its own when others come and go. */
export type RdNumbers = Map<string, number>

/** Peer id of a source of routes at the boundary to a domain. */
export type SourceFor = (domain: string, outward: boolean) => number

export class Crossings {
  readonly all: readonly Crossing[]
  private readonly outward: Membership
  private readonly inward: Membership

  constructor(
    federation: FederationSettings,
    vns: ReadonlyMap<string, VnSettings>,
    routerId: number,
    numbers: RdNumbers,
    sourceFor: SourceFor,
    sets: AttributeSets,
  ) {
    const crossings: Crossing[] = []
    const leaving: VnSettings[] = []
    const entering: VnSettings[] = []
    for (const domain of federation.domains) {
      for (const { share, vn, leaving: ours, become } of agreedTargets(domain, vns)) {
        const via = share.via ?? null
        if (via === null) continue
        for (const outward of [true, false]) {
          crossings.push({
            index: crossings.length,
            otherWay: crossings.length + (outward ? 1 : -1),
            domain: domain.name,
            domainId: domain.domainId,
            outward,
            vn,
            share,
            via,
            source: sourceFor(domain.name, outward),
            rd: rdOf(routerId, numbers, `${domain.name} ${vn.name} ${outward ? 'out' : 'in'}`),
            vni: outward ? share.vni : vn.vni,
            communities: overGateway(federation.internalCommunities, outward),
            communitiesOfMany: overGateway(null, outward),
            targets: outward ? via.targets : become,
          })
          // A route belongs to the outward crossing by our targets, to the inward one by theirs.
          leaving.push({ ...vn, importTargets: outward ? ours : [], exportTargets: [] })
          entering.push({ ...vn, importTargets: outward ? [] : share.peerTargets, exportTargets: [] })
        }
      }
    }
    this.all = crossings
    this.outward = new Membership(leaving, sets)
    this.inward = new Membership(entering, sets)
  }

  /** Indices of the outward crossings of a route with this set. */
  outwardOf(set: SetId): readonly number[] {
    return this.outward.vnsOf(set)
  }

  /** Indices of the inward crossings, of whatever domain, of a route that came with this set. */
  inwardOf(set: SetId): readonly number[] {
    return this.inward.vnsOf(set)
  }

  /** Ends them: nobody asks any more. */
  close(): void {
    this.outward.close()
    this.inward.close()
  }
}

/** Domains of which some VN crosses through gateways. */
export function domainsVia({ domains }: FederationSettings): FederatedDomain[] {
  return domains.filter(({ share }) => share.some(({ via }) => (via ?? null) !== null))
}

/** A route distinguisher of our own, always the same for the same thing. Type 1: the router id and a number of our own (RFC 4364 §4.2). */
export function rdOf(routerId: number, numbers: RdNumbers, what: string): Uint8Array {
  const number = numbers.get(what) ?? numbers.size + 1
  numbers.set(what, number)
  const rd = new Uint8Array(8)
  put16(rd, put32(rd, put16(rd, 0, 1), routerId), number)
  return rd
}
