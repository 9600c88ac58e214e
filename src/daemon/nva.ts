/**
 * One NVA, put together: a speaker, the boundaries to other domains, the census of its own. Pure as its parts are: the world is handed in, so that
 * the daemon and the simulation run the same thing.
 */
import { Census } from '../domain/census.ts'
import type { DomainSettings } from '../domain/settings.ts'
import { Boundary } from '../federation/boundary.ts'
import { domainsVia } from '../federation/gateway/crossings.ts'
import { Gateways } from '../federation/gateway/gateways.ts'
import { GatewayHealth } from '../federation/gateway/health.ts'
import type { Breaker } from '../federation/limits/breaker.ts'
import type { FrozenMac } from '../federation/moves/frozen-macs.ts'
import { MacMoves } from '../federation/moves/mac-moves.ts'
import type { KnowsOwnNextHops } from '../federation/next-hops/judge.ts'
import { OwnNextHops } from '../federation/next-hops/own-next-hops.ts'
import type { FederationSettings } from '../federation/settings.ts'
import type { Peer } from '../speaker/peers/peer.ts'
import type { SpeakerSettings } from '../speaker/settings.ts'
import { Speaker, type SpeakerEvents } from '../speaker/speaker.ts'
import type { Endpoint, World } from '../speaker/world.ts'
import { evpn } from '../wire/nlri/evpn/evpn.ts'
import { CrossingTurns } from './crossing-turns.ts'
import { ownAddresses } from './own-addresses.ts'

export interface NvaSettings {
  readonly speaker: SpeakerSettings
  readonly domain: DomainSettings
  readonly federation: FederationSettings
  /** Where it is dialled. */
  readonly listen?: readonly Endpoint[]
}

export interface NvaEvents extends SpeakerEvents {
  /** A MAC moved between domains too often. */
  frozen(mac: FrozenMac): void
  thawed(mac: FrozenMac, by: 'time' | 'operator' | 'settings'): void
  /** A limit on what a domain sends is exceeded, something else is done about it, or all is well again. */
  limit(domain: string, breaker: Breaker): void
}

/** Destinations that a new census counts in one go: about 5 ms of work. */
const CENSUS_SLICE = 4096

export class Nva {
  readonly speaker: Speaker
  private current: NvaSettings
  private counting: Census
  private readonly world: World
  private readonly events: Partial<NvaEvents>
  private readonly byDomain = new Map<string, Boundary>()
  private readonly crossing: CrossingTurns
  private readonly rdNumbers = new Map<string, number>()
  readonly gatewayHealth: GatewayHealth
  /** MACs that move between domains too often. */
  readonly moves: MacMoves
  /** Next hops that our own domain uses, and another one may not name. */
  readonly nextHops: OwnNextHops

  constructor(settings: NvaSettings, world: World, events: Partial<NvaEvents>) {
    this.current = settings
    this.world = world
    this.events = events
    this.crossing = new CrossingTurns(world)
    const own: KnowsOwnNextHops = { isOurs: (set) => this.nextHops.isOurs(set) }
    for (const [name, boundary] of boundariesOf(settings, own)) this.bound(name, boundary)
    this.speaker = new Speaker(settings.speaker, evpn, world, this.byDomain, {
      ...events,
      changed: (changes) => {
        this.counting.follow(changes)
        this.crossing.follow(changes)
        events.changed?.(changes)
      },
      state: (peer, from, to) => {
        if (from === 'Established' || to === 'Established') this.judgeGateways()
        if (to === 'Established') this.begin(peer)
        events.state?.(peer, from, to)
      },
    })
    const { speaker } = this
    this.nextHops = new OwnNextHops(speaker.sets, speaker.sources.sourceOf)
    this.nextHops.onDoubt = () => speaker.judgeAnew(this.nextHops)
    this.nextHops.adopt(settings.federation, ownAddresses(settings))
    this.moves = new MacMoves(
      speaker.rib,
      speaker.sources.sourceOf,
      (peer) => speaker.sources.attachments[peer]?.inbound.typeVerdicts ?? null,
      settings.federation,
      settings.domain.vns,
    )
    this.moves.onFrozen = (mac) => events.frozen?.(mac)
    this.moves.onThawed = (mac, by) => events.thawed?.(mac, by)
    this.judgeMoves()
    this.counting = this.newCensus(false)
    this.gatewayHealth = new GatewayHealth((address) => this.sessionWith(address))
    this.crossing.replace(this.newGateways(false))
  }

  get settings(): NvaSettings {
    return this.current
  }

  get census(): Census {
    return this.counting
  }

  /** By name of the federated domain. */
  get boundaries(): ReadonlyMap<string, Boundary> {
    return this.byDomain
  }

  /** What crosses through gateways; null: nothing does. */
  get gateways(): Gateways | null {
    return this.crossing.gateways
  }

  /** Somebody has looked after a MAC that is frozen. Returns whether it was. */
  thaw(vn: string, mac: string): boolean {
    const was = this.moves.thaw(vn, mac)
    this.judgeMoves()
    return was
  }

  /** Without another domain no MAC moves between domains, and routes need not be asked about. */
  private judgeMoves(): void {
    this.speaker.judgeMoves(this.moves, this.current.federation.domains.length > 0)
  }

  /** Asks again which gateways are up. */
  judgeGateways(): void {
    this.crossing.judge()
  }

  /**
   * Other settings while it runs. `vnsChanged`: they are others than before. Name, AS number and identifiers of the NVA itself must be the same.
   */
  reconfigure(settings: NvaSettings, vnsChanged: boolean): void {
    const before = this.current
    const anew = otherBoundaries(before, settings)
    this.current = settings
    const boundaries = boundariesOf(settings, this.nextHops)
    for (const [name, boundary] of boundaries) {
      const standing = this.byDomain.get(name)
      if (standing !== undefined && !anew.has(name)) standing.adopt(boundary.domain)
      else {
        standing?.close()
        this.bound(name, boundary)
      }
    }
    this.nextHops.adopt(settings.federation, ownAddresses(settings))
    this.speaker.reconfigure(settings.speaker, anew, otherNextHops(before, settings))
    this.moves.adopt(settings.federation, settings.domain.vns)
    this.judgeMoves()
    const domains = new Set(boundaries.map(([name]) => name))
    for (const [name, boundary] of [...this.byDomain]) {
      if (domains.has(name)) continue
      boundary.close()
      this.byDomain.delete(name)
    }
    if (vnsChanged || viaOf(before) !== viaOf(settings)) this.crossing.replace(this.newGateways(true))
    else this.judgeGateways()
    if (!vnsChanged) return
    this.counting.membership.close()
    this.counting = this.newCensus(true)
    this.countOn(this.counting)
  }

  /** What a domain asked for before its NVAs were all gone is not what it asks for now. */
  private begin({ settings: { name, domain } }: Peer): void {
    if (domain === null) return
    const others = [...this.speaker.peers.values()].some(
      ({ settings, standing }) => settings.domain === domain && settings.name !== name && standing !== null,
    )
    if (!others) this.byDomain.get(domain)?.asked.forget()
  }

  private bound(name: string, boundary: Boundary): void {
    this.byDomain.set(name, boundary)
    boundary.onLimit = (breaker) => this.events.limit?.(name, breaker)
  }

  private newCensus(late: boolean): Census {
    return new Census(this.current.domain.vns, this.speaker.rib, (peer) => this.domainOf(peer), late)
  }

  private newGateways(late: boolean): Gateways | null {
    const { federation, domain, speaker } = this.current
    if (domainsVia(federation).length === 0) return null
    const { own, sources } = this.speaker
    return new Gateways(federation, domain.vns, speaker.routerId, this.rdNumbers, own, sources.sourceOf, this.gatewayHealth, late)
  }

  /** Of whom a peer id speaks: see `Census`. */
  private domainOf(peer: number): string | null {
    const source = this.speaker.sources.sourceOf(peer)
    return source?.madeFor === undefined ? (source?.domain ?? '') : null
  }

  /** Whether the session with the peer of this address stands; null: there is none. */
  private sessionWith(address: string): boolean | null {
    for (const peer of this.speaker.peers.values()) if (peer.settings.address === address) return peer.standing !== null
    return null
  }

  /** In slices, so that nobody waits for a million routes to be counted. */
  private countOn(census: Census): void {
    if (census !== this.counting || census.catchUp(CENSUS_SLICE)) return
    this.world.soon(() => this.countOn(census))
  }
}

/** Domains that are there before and after, and that something else crosses to or from. */
export function otherBoundaries(before: NvaSettings, after: NvaSettings): ReadonlySet<string> {
  const old = new Map(boundariesOf(before))
  return new Set(boundariesOf(after).flatMap(([name, boundary]) => (old.get(name)?.same(boundary) === false ? [name] : [])))
}

/** Domains that are there before and after, and may name other next hops. */
export function otherNextHops(before: NvaSettings, after: NvaSettings): ReadonlySet<string> {
  const wordsOf = ({ federation }: NvaSettings) => new Map(federation.domains.map(({ name, nextHops }) => [name, JSON.stringify(nextHops)]))
  const old = wordsOf(before)
  return new Set([...wordsOf(after)].flatMap(([name, words]) => (old.has(name) && old.get(name) !== words ? [name] : [])))
}

/** `own`: left out where they are but compared. */
function boundariesOf({ domain, federation }: NvaSettings, own: KnowsOwnNextHops | null = null): [string, Boundary][] {
  const vns = new Map(domain.vns.map((vn) => [vn.name, vn]))
  return federation.domains.map((one) => [one.name, new Boundary(one, vns, federation, own)])
}

/** What crosses through which gateways, in words that are equal when it is the same. */
function viaOf({ federation }: NvaSettings): string {
  const { domains, domainId, transit, internalCommunities } = federation
  const shares = domains.map(({ name, asn, domainId, share }) => [
    name,
    asn,
    domainId,
    share.map(({ vn, vni, peerTargets, via }) => [vn, vni, peerTargets, via]),
  ])
  return JSON.stringify([shares, domainId, transit, internalCommunities])
}
