/**
 * The boundary to one other NV Domain: what crosses directly, and in which route targets. Default deny in both directions. Out: routes of shared
 * VNs, with the route targets of those VNs alone, so that a route of a shared and a private VN never lands in the private VN of the same number over
 * there. In: routes with what the peer attaches to shared VNs, translated to what the local NVEs import. Next hop, labels and Router's MAC are
 * left as they are: tunnels run NVE to NVE. What crosses through gateways is made anew in `gateway/`; the boundary keeps it from crossing as it is.
 */
import type { Exporter } from '../advertise/exporter/exporter.ts'
import type { Self, SourceOf } from '../advertise/exporter/exporters.ts'
import type { VnSettings } from '../domain/settings.ts'
import type { AttributeSets } from '../rib/attribute-sets.ts'
import type { Rib } from '../rib/rib.ts'
import type { SetId, Verdict } from '../rib/verdict.ts'
import { Agreement } from './agreement/agreement.ts'
import { AskedTargets } from './agreement/asked-targets.ts'
import { boundaryExporter } from './agreement/boundary-exporter.ts'
import { boundaryImport } from './agreement/boundary-import.ts'
import { targetsOf } from './agreement/crossing-targets.ts'
import { DomainAdmission } from './limits/admission.ts'
import type { Breaker } from './limits/breaker.ts'
import { limitsOnSent, limitsOnTold } from './limits/breakers.ts'
import type { LimitSettings } from './limits/limits.ts'
import { OutgoingPace } from './limits/outgoing-pace.ts'
import { ToldRoutes } from './limits/told-routes.ts'
import { ToldVns } from './limits/told-vns.ts'
import type { PathOf } from './limits/turned-away.ts'
import { judgeNextHop, type KnowsOwnNextHops } from './next-hops/judge.ts'
import type { FederatedDomain, FederationSettings, ShareSettings } from './settings.ts'

export class Boundary {
  /** Changed by `adopt` alone. */
  domain: FederatedDomain
  /** Verdict by route type on what comes in. */
  readonly typeVerdicts: Int32Array
  /** What the other side would share and we do not. */
  readonly asked: AskedTargets
  /** Called when a limit opens or closes. */
  onLimit: (breaker: Breaker) => void = () => {}
  private readonly agreement: Agreement
  private readonly enter: (sets: AttributeSets, set: SetId) => Verdict
  /** The last word on its routes, once somebody has asked. */
  private gatekeeper: DomainAdmission | null = null
  /** The last word on what it is told, once there has been a limit on that. */
  private toldRoutes: ToldRoutes | null = null

  /**
   * `vns`: the VNs of the local domain by name; every share names one of them. `federation`: all domains, `domain` among them, and between which routes may pass.
   * `ownNextHops`: null, and nobody knows of any.
   */
  constructor(
    domain: FederatedDomain,
    vns: ReadonlyMap<string, VnSettings>,
    federation: FederationSettings,
    ownNextHops: KnowsOwnNextHops | null = null,
  ) {
    this.domain = domain
    this.agreement = new Agreement(domain, vns, federation)
    this.typeVerdicts = this.agreement.enteringTypes
    this.asked = new AskedTargets(domain, vns)
    this.enter = boundaryImport(this.agreement, this.asked, (sets, set) => judgeNextHop(this.domain.nextHops, ownNextHops, sets, set))
  }

  /** Import verdict of a set that came from an NVA of the other domain: the translated set, or the refusal. */
  importSet(sets: AttributeSets, set: SetId): Verdict {
    return this.enter(sets, set)
  }

  /** What the other domain's NVAs may be sent. */
  exporter(sets: AttributeSets, self: Self, sourceOf: SourceOf): Exporter {
    return boundaryExporter(this.agreement, sets, self, sourceOf)
  }

  /** Whether this boundary lets through what the other one does, in the same clothes. */
  same(other: Boundary): boolean {
    return this.agreement.same(other.agreement)
  }

  /** Other limits, and next hops that it may name; all else is the same (`same`). */
  adopt(domain: FederatedDomain): void {
    const before = this.domain
    this.domain = domain
    // What is limited as before is not counted anew, and rates go on where they are.
    if (!alike(limitsOnSent(before), limitsOnSent(domain))) this.gatekeeper?.limit(domain)
    if (!alike(limitsOnTold(before), limitsOnTold(domain))) this.toldRoutes?.limit(domain)
  }

  /** The last word on routes of the other domain, the same for all its sessions. `now` in ms. */
  admission(rib: Rib, now: number): DomainAdmission {
    if (this.gatekeeper === null) {
      this.gatekeeper = new DomainAdmission(rib, this.domain, this.agreement.vns, this.typeVerdicts, now)
      this.gatekeeper.onChange = (breaker) => this.onLimit(breaker)
    }
    return this.gatekeeper
  }

  /** Nobody asks any more. */
  close(): void {
    this.gatekeeper?.close()
    this.toldRoutes?.close()
  }

  /** The last word on what the other domain is told, the same for all its sessions; null: there is no limit on that, and has been none. `now`: ms. */
  exportAdmission(rib: Rib, sourceOf: SourceOf, now: () => number): ToldRoutes | null {
    if (this.toldRoutes === null && limitsOnTold(this.domain).size > 0) {
      this.toldRoutes = new ToldRoutes(rib, this.domain, new ToldVns(this.domain, this.agreement.vns, rib.sets, sourceOf), now)
      this.toldRoutes.onChange = (breaker) => this.onLimit(breaker)
    }
    return this.toldRoutes
  }

  /** How fast a session with the other domain is told what changes. `now`: ms. */
  pace(now: () => number): OutgoingPace {
    return new OutgoingPace(() => this.domain.limits.outgoing, now)
  }

  get staleSeconds(): number {
    return this.domain.staleSeconds
  }

  /** Routes of a shared VN that stand unused because they do not fit or are too many, by verdict. */
  turnedAwayOf(vn: string): ReadonlyMap<Verdict, number> {
    return this.gatekeeper?.turnedAwayOf(vn) ?? new Map()
  }

  /** One of them, as an example; null: there is none. */
  turnedAwayExample(vn: string, verdict: Verdict): PathOf | null {
    return this.gatekeeper?.turnedAwayExample(vn, verdict) ?? null
  }

  /** Routes that it is not told because they are too many, by name of the shared VN and verdict. */
  heldBack(): ReadonlyMap<string, ReadonlyMap<Verdict, number>> {
    return this.toldRoutes?.heldBack() ?? new Map()
  }

  /** Limits on what it is told, and how they stand. */
  get breakersOnTold(): readonly Breaker[] {
    return [...(this.toldRoutes?.breakers.all ?? [])]
  }

  /** Limits on what it sends, and how they stand. */
  get breakers(): readonly Breaker[] {
    return [...(this.gatekeeper?.breakers.all ?? [])]
  }

  /** Names of the shared VNs of which a set that came from the other domain bears a target. */
  sharedVnsOf(sets: AttributeSets, set: SetId): string[] {
    return this.sharedVnsBy(sets, set, ({ peerTargets }) => peerTargets)
  }

  /** Names of the shared VNs of which a set that was made for the other domain, where a gateway stands for us, bears a target. */
  madeVnsOf(sets: AttributeSets, set: SetId): string[] {
    return this.sharedVnsBy(sets, set, ({ via }) => via?.targets ?? [])
  }

  private sharedVnsBy(sets: AttributeSets, set: SetId, meant: (share: ShareSettings) => readonly Uint8Array[]): string[] {
    const targets = targetsOf(sets, set)
    return this.domain.share.flatMap((share) => (meant(share).some((target) => targets.has(target)) ? [share.vn] : []))
  }
}

function alike(one: ReadonlyMap<string, LimitSettings>, other: ReadonlyMap<string, LimitSettings>): boolean {
  return JSON.stringify([...one]) === JSON.stringify([...other])
}
