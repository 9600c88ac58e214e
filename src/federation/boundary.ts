/**
 * The boundary to one other NV Domain: what crosses directly, and in which route targets. Default deny in both directions. Out: routes of shared
 * VNs, with the route targets of those VNs alone, so that a route of a shared and a private VN never lands in the private VN of the same number over
 * there. In: routes with what the peer attaches to shared VNs, translated to what the local NVEs import. Next hop, labels and Router's MAC are
 * left as they are: tunnels run NVE to NVE. What crosses through gateways is made anew in `gateway/`; the boundary keeps it from crossing as it is.
 */
import { autoRouteTarget, formatRouteTarget, isRouteTarget, ROUTE_TARGET_OCTETS } from '../address/route-target.ts'
import type { Exporter } from '../advertise/exporter/exporter.ts'
import { externalSteps, judgeCommunities, type Self, type SourceOf, WITHOUT_MED, writeSet } from '../advertise/exporter/exporters.ts'
import { copyOf, hex } from '../bytes/octets.ts'
import type { VnSettings } from '../domain/settings.ts'
import { onlyTypes, refusal } from '../policy/refusal.ts'
import { findAttribute, type RewriteStep, rewrite, valueEnd, valueStart } from '../policy/rewrite/attribute-rewrite.ts'
import { drop, targetKey, translateTargets } from '../policy/rewrite/steps.ts'
import { NO_ADVERTISE } from '../policy/rewrite/well-known.ts'
import { type AttributeSets, NO_SET, type SetId, type Verdict } from '../rib/attribute-sets.ts'
import type { Rib } from '../rib/rib.ts'
import { AttributeCode } from '../wire/attribute/attribute.ts'
import { agreedTargets } from './agreement/agreed-targets.ts'
import { ensureDomain, passedThrough, prependDomain } from './agreement/domain-path.ts'
import { withoutInternal } from './agreement/internal-communities.ts'
import { Provenance } from './agreement/provenance.ts'
import { withoutSticky } from './agreement/sticky-macs.ts'
import { DomainAdmission } from './limits/admission.ts'
import type { Breaker } from './limits/breaker.ts'
import { limitsOnSent, limitsOnTold } from './limits/breakers.ts'
import type { LimitSettings } from './limits/limits.ts'
import { OutgoingPace } from './limits/outgoing-pace.ts'
import { ToldRoutes } from './limits/told-routes.ts'
import { ToldVns } from './limits/told-vns.ts'
import type { PathOf } from './limits/turned-away.ts'
import type { FederatedDomain, FederationSettings, ShareSettings } from './settings.ts'

/** Route types that cross: MAC/IP, IMET, IP prefix. Ethernet segments are an inside matter (types 1 and 4), and what we cannot read stays home. */
export const CROSSING: readonly number[] = [2, 3, 5]
const LEAVING_TYPES = onlyTypes(CROSSING, 'route-type-stays-home')
const ETHERNET_AD = 1
/** Most route targets remembered of what the other side asked for in vain. */
const ASKED_MOST = 4096
/** Route targets may hide in the IPv6 kind of extended communities too (RFC 5701 §2); no VN here is named by one, so none crosses. */
const noIpv6Targets = drop(AttributeCode.ipv6ExtCommunities)
const NOTHING: readonly Uint8Array[] = []

export class Boundary {
  /** Changed by `adopt` alone. */
  domain: FederatedDomain
  /** Verdict by route type on what comes in. */
  readonly typeVerdicts: Int32Array
  /** Our targets of the shared VNs: what may leave. */
  private readonly leaving = new Map<string, readonly Uint8Array[]>()
  /** Their targets of the shared VNs, and the local ones they become. */
  private readonly entering = new Map<string, readonly Uint8Array[]>()
  /** Of those two, what a gateway stands for, and what needs none: see `gateway/`. */
  private readonly leavingByGateway = new Map<string, readonly Uint8Array[]>()
  private readonly enteringDirectly = new Map<string, readonly Uint8Array[]>()

  /** Called when a limit opens or closes. */
  onLimit: (breaker: Breaker) => void = () => {}

  private readonly ownId: Uint8Array
  private readonly provenance: Provenance
  private readonly internal: readonly string[] | null
  /** Route targets of refused routes: what the other side would share and we do not. */
  private readonly asked = new Map<string, Uint8Array>()

  /**
   * `vns`: the VNs of the local domain by name; every share names one of them. `federation`: all domains, `domain` among them, and between which routes may pass.
   */
  constructor(domain: FederatedDomain, vns: ReadonlyMap<string, VnSettings>, federation: FederationSettings) {
    this.domain = domain
    this.typeVerdicts = onlyTypes(domain.interconnectSegments ? [ETHERNET_AD, ...CROSSING] : CROSSING, 'route-type-stays-home')
    this.vns = vns
    this.ownId = federation.domainId
    this.internal = federation.internalCommunities
    this.provenance = new Provenance(federation)
    for (const { share, leaving, become } of agreedTargets(domain, vns)) {
      const direct = (share.via ?? null) === null
      if (direct) for (const target of leaving) this.leaving.set(targetKey(target), [target])
      else for (const target of leaving) this.leavingByGateway.set(targetKey(target), NOTHING)
      if (become.length === 0) continue
      for (const target of share.peerTargets) {
        this.entering.set(targetKey(target), [...(this.entering.get(targetKey(target)) ?? []), ...become])
        if (direct) this.enteringDirectly.set(targetKey(target), NOTHING)
      }
    }
  }

  /** The last word on its routes, once somebody has asked. */
  private gatekeeper: DomainAdmission | null = null
  /** The last word on what it is told, once there has been a limit on that. */
  private toldRoutes: ToldRoutes | null = null
  private readonly vns: ReadonlyMap<string, VnSettings>

  /** Whether this boundary lets through what the other one does, in the same clothes. */
  same(other: Boundary): boolean {
    return this.terms() === other.terms()
  }

  private terms(): string {
    const lines = (targets: ReadonlyMap<string, readonly Uint8Array[]>): string[] =>
      [...targets].map(([target, become]) => `${target} ${become.map((one) => targetKey(one)).join(' ')}`).sort()
    const shared = this.domain.share.map(({ vn }) => vn).sort()
    const direct = [...this.enteringDirectly.keys()].sort()
    const { asn, domainId } = this.domain
    return JSON.stringify([
      shared,
      direct,
      this.domain.interconnectSegments,
      this.domain.heedsStickyMacs,
      lines(this.entering),
      lines(this.leaving),
      asn,
      hex(domainId),
      hex(this.ownId),
      this.internal,
      this.provenance.terms(this.domain),
    ])
  }

  /** Other limits; all else is the same (`same`). */
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
      this.gatekeeper = new DomainAdmission(rib, this.domain, this.vns, this.typeVerdicts, now)
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
      this.toldRoutes = new ToldRoutes(rib, this.domain, new ToldVns(this.domain, this.vns, rib.sets, sourceOf), now)
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

  /** Routes of a shared VN that it is not told because they are too many, by verdict. */
  heldBackOf(vn: string): ReadonlyMap<Verdict, number> {
    return this.toldRoutes?.heldBackOf(vn) ?? new Map()
  }

  /** Limits on what it is told, and how they stand. */
  get breakersOnTold(): readonly Breaker[] {
    return [...(this.toldRoutes?.breakers.all ?? [])]
  }

  /** Limits on what it sends, and how they stand. */
  get breakers(): readonly Breaker[] {
    return [...(this.gatekeeper?.breakers.all ?? [])]
  }

  /** Import verdict of a set that came from an NVA of the other domain: the translated set, or the refusal. */
  importSet(sets: AttributeSets, set: SetId): Verdict {
    if (passedThrough(sets, set, this.ownId)) return refusal('domain-path-loop')
    if (!carries(sets, set, this.entering)) {
      this.noteAsked(sets, set)
      return refusal('vn-not-shared')
    }
    const targets = translateTargets((bytes, at) => this.entering.get(targetKey(bytes, at)) ?? NOTHING)
    const steps = [this.domain.heedsStickyMacs ? targets : withoutSticky(targets), noIpv6Targets, ensureDomain(this.domain.domainId)]
    let added: number | null = null
    if (!carries(sets, set, this.enteringDirectly)) {
      // It is known here and told to nobody: a gateway stands for it inside.
      if (judgeCommunities(sets, set, false) !== 0) return refusal('no-advertise')
      added = NO_ADVERTISE
    }
    steps.push(...withoutInternal(this.internal, added))
    steps.sort(byCode)
    const used = sets.derive(set, (bytes, from, to, out, at) => rewrite(bytes, from, to, steps, out, at))
    return used === NO_SET ? refusal('attributes-too-long') : used
  }

  /** VNs of ours that the other side sends routes of (by the target derived from its AS and the VNI) although we do not share them. */
  askedFor(vns: readonly VnSettings[]): VnSettings[] {
    const shared = new Set(this.domain.share.map((share) => share.vn))
    return vns.filter((vn) => !shared.has(vn.name) && this.asked.has(targetKey(autoRouteTarget(this.domain.asn, vn.vni))))
  }

  /** Names of the shared VNs of which a set that came from the other domain bears a target. */
  sharedVnsOf(sets: AttributeSets, set: SetId): string[] {
    const targets = new Set(targetsOf(sets, set))
    return this.domain.share.flatMap(({ vn, peerTargets }) => (peerTargets.some((target) => targets.has(targetKey(target))) ? [vn] : []))
  }

  /** Route targets of refused routes, in text: what comes that is no part of the agreement. */
  get askedTargets(): string[] {
    return [...this.asked.values()].map((target) => formatRouteTarget(target))
  }

  /** The target that comes in place of those agreed for a VN, if it is one that a switch over there would derive from the VNI of either side; null: none does. */
  askedInstead({ vn, vni, peerTargets }: ShareSettings): string | null {
    const agreed = new Set(peerTargets.map((target) => targetKey(target)))
    for (const number of [vni, this.vns.get(vn)?.vni ?? vni]) {
      const derived = autoRouteTarget(this.domain.asn, number)
      if (!agreed.has(targetKey(derived)) && this.asked.has(targetKey(derived))) return formatRouteTarget(derived)
    }
    return null
  }

  private noteAsked(sets: AttributeSets, set: SetId): void {
    const bytes = sets.octets(set)
    eachTarget(sets, set, (at) => {
      const key = targetKey(bytes, at)
      if (this.asked.size >= ASKED_MOST || this.asked.has(key)) return
      this.asked.set(key, copyOf(bytes, at, at + ROUTE_TARGET_OCTETS))
    })
  }

  /** What the other domain's NVAs may be sent. */
  exporter(sets: AttributeSets, self: Self, sourceOf: SourceOf): Exporter {
    const targets = translateTargets((bytes, at) => this.leaving.get(targetKey(bytes, at)) ?? NOTHING)
    // What is made for this domain has the targets that were agreed already.
    const leave = (steps: RewriteStep[], made: boolean): RewriteStep[] =>
      [
        ...steps.filter((step) => step.code !== AttributeCode.extCommunities),
        ...(made ? [] : [targets]),
        noIpv6Targets,
        ...withoutInternal(this.internal),
        prependDomain(this.ownId),
      ].sort(byCode)
    const write = (how: { readonly edited: boolean }): Exporter['write'] => {
      const steps = leave(externalSteps(self, how.edited), false)
      const made = leave(externalSteps(self, how.edited), true)
      return (set, out, at) => writeSet(sets, set, sourceOf(sets.peer[set]!)?.madeFor === 'outside' ? made : steps, out, at)
    }
    return {
      key: `domain ${this.domain.name}`,
      typeVerdicts: LEAVING_TYPES,
      // Of Ethernet segments, those of gateways alone are told: they are no inside matter.
      anyType: (set) => sourceOf(sets.peer[set]!)?.madeFor === 'outside',
      judge: (set) => {
        const { name, domainId } = this.domain
        const source = sourceOf(sets.peer[set]!)
        if (source?.madeFor === 'outside') {
          if (source.domain !== name) return refusal('made-for-a-domain')
          return passedThrough(sets, set, domainId) ? refusal('already-passed-domain') : 0
        }
        const from = this.provenance.of(sets, set, sourceOf)
        if (from.includes(name)) return refusal('back-to-its-domain')
        if (!from.every((one) => this.provenance.mayPass(one, name))) return refusal('no-transit-between-domains')
        if (passedThrough(sets, set, domainId)) return refusal('already-passed-domain')
        if (carries(sets, set, this.leaving)) return judgeCommunities(sets, set, true)
        return refusal(carries(sets, set, this.leavingByGateway) ? 'gateway-stands-for-it' : 'vn-not-shared')
      },
      beforePolicy: WITHOUT_MED,
      write: write({ edited: false }),
      writeEdited: write({ edited: true }),
    }
  }
}

function alike(one: ReadonlyMap<string, LimitSettings>, other: ReadonlyMap<string, LimitSettings>): boolean {
  return JSON.stringify([...one]) === JSON.stringify([...other])
}

function byCode(a: RewriteStep, b: RewriteStep): number {
  return a.code - b.code
}

/** Whether one of the set's route targets is among `targets`. */
function carries(sets: AttributeSets, set: SetId, targets: ReadonlyMap<string, unknown>): boolean {
  return targetsOf(sets, set).some((target) => targets.has(target))
}

/** The route targets of a set, as keys. */
function targetsOf(sets: AttributeSets, set: SetId): string[] {
  const bytes = sets.octets(set)
  const targets: string[] = []
  eachTarget(sets, set, (at) => targets.push(targetKey(bytes, at)))
  return targets
}

function eachTarget(sets: AttributeSets, set: SetId, visit: (at: number) => void): void {
  const bytes = sets.octets(set)
  const at = findAttribute(bytes, sets.attributesAt(set), sets.attributesEnd(set), AttributeCode.extCommunities)
  if (at < 0) return
  const end = valueEnd(bytes, at)
  for (let community = valueStart(bytes, at); community < end; community += 8) if (isRouteTarget(bytes, community)) visit(community)
}
