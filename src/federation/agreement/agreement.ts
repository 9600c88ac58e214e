/** What was agreed with one other domain, as its routes and ours meet it. It never changes: other terms are another agreement. */
import { hex } from '../../bytes/octets.ts'
import type { VnSettings } from '../../domain/settings.ts'
import { onlyTypes } from '../../policy/refusal.ts'
import { ETHERNET_AD } from '../../wire/nlri/evpn/ethernet-ad.ts'
import { IMET } from '../../wire/nlri/evpn/imet.ts'
import { IP_PREFIX } from '../../wire/nlri/evpn/ip-prefix.ts'
import { MAC_IP } from '../../wire/nlri/evpn/mac-ip.ts'
import type { FederatedDomain, FederationSettings } from '../settings.ts'
import { CrossingTargets } from './crossing-targets.ts'
import { Provenance } from './provenance.ts'

/** Route types that cross: MAC/IP, IMET, IP prefix. Ethernet segments are an inside matter (types 1 and 4), and what we cannot read stays home. */
export const CROSSING: readonly number[] = [MAC_IP, IMET, IP_PREFIX]

export class Agreement {
  readonly domain: FederatedDomain
  /** The VNs of the local domain by name. */
  readonly vns: ReadonlyMap<string, VnSettings>
  /** Our own DOMAIN-ID. */
  readonly ownId: Uint8Array
  /** Communities that stay inside; see `withoutInternal`. */
  readonly internal: readonly string[] | null
  readonly targets: CrossingTargets
  readonly provenance: Provenance
  /** Verdicts by route type on what comes in, and on what would leave. */
  readonly enteringTypes: Int32Array
  readonly leavingTypes: Int32Array

  /** Every share of `domain` names one of `vns`. `federation`: all domains, `domain` among them, and between which routes may pass. */
  constructor(domain: FederatedDomain, vns: ReadonlyMap<string, VnSettings>, federation: FederationSettings) {
    this.domain = domain
    this.vns = vns
    this.ownId = federation.domainId
    this.internal = federation.internalCommunities
    this.targets = new CrossingTargets(domain, vns)
    this.provenance = new Provenance(federation)
    this.enteringTypes = onlyTypes(domain.interconnectSegments ? [ETHERNET_AD, ...CROSSING] : CROSSING, 'route-type-stays-home')
    this.leavingTypes = onlyTypes(CROSSING, 'route-type-stays-home')
  }

  /** Whether it lets through what the other one does, in the same clothes. */
  same(other: Agreement): boolean {
    return this.terms === other.terms
  }

  private get terms(): string {
    const { share, asn, domainId, interconnectSegments, heedsStickyMacs } = this.domain
    return JSON.stringify([
      // What routes are to be dressed in (`Fit`) counts too: with targets that are named, or equal by chance, they say nothing of it.
      share.map(({ vn, vni, tunnelType }) => [vn, vni, tunnelType, this.vns.get(vn)?.service]).sort(),
      interconnectSegments,
      heedsStickyMacs,
      this.targets.terms,
      asn,
      hex(domainId),
      hex(this.ownId),
      this.internal,
      this.provenance.terms(this.domain),
    ])
  }
}
