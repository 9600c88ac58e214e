/**
 * One NVA, put together: a speaker, the boundaries to other domains, the census of its own. Pure as its parts are: the world is handed in, so that
 * the daemon and the simulation run the same thing.
 */
import { Census } from '../domain/census.ts'
import type { DomainSettings } from '../domain/settings.ts'
import { Boundary } from '../federation/boundary.ts'
import type { FederationSettings } from '../federation/settings.ts'
import type { SpeakerSettings } from '../speaker/settings.ts'
import { Speaker, type SpeakerEvents } from '../speaker/speaker.ts'
import type { World } from '../speaker/world.ts'
import { evpn } from '../wire/nlri/evpn/evpn.ts'

export interface NvaSettings {
  readonly speaker: SpeakerSettings
  readonly domain: DomainSettings
  readonly federation: FederationSettings
}

/** Destinations that a new census counts in one go: about 5 ms of work. */
const CENSUS_SLICE = 4096

export class Nva {
  readonly speaker: Speaker
  private current: NvaSettings
  private counting: Census
  private readonly world: World
  private readonly byDomain: Map<string, Boundary>

  constructor(settings: NvaSettings, world: World, events: Partial<SpeakerEvents>) {
    this.current = settings
    this.world = world
    this.byDomain = new Map(boundariesOf(settings))
    this.speaker = new Speaker(settings.speaker, evpn, world, this.byDomain, {
      ...events,
      changed: (changes) => {
        this.counting.follow(changes)
        events.changed?.(changes)
      },
    })
    this.counting = this.newCensus(false)
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

  /**
   * Other settings while it runs. `vnsChanged`: they are others than before. Name, AS number and identifiers of the NVA itself must be the same.
   */
  reconfigure(settings: NvaSettings, vnsChanged: boolean): void {
    const anew = otherBoundaries(this.current, settings)
    this.current = settings
    const boundaries = boundariesOf(settings)
    for (const [name, boundary] of boundaries) if (anew.has(name) || !this.byDomain.has(name)) this.byDomain.set(name, boundary)
    this.speaker.reconfigure(settings.speaker, anew)
    const domains = new Set(boundaries.map(([name]) => name))
    for (const name of this.byDomain.keys()) if (!domains.has(name)) this.byDomain.delete(name)
    if (!vnsChanged) return
    this.counting.membership.close()
    this.counting = this.newCensus(true)
    this.countOn(this.counting)
  }

  private newCensus(late: boolean): Census {
    return new Census(this.current.domain.vns, this.speaker.rib, (peer) => this.speaker.attachments[peer]?.domain ?? '', late)
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

function boundariesOf({ domain, federation }: NvaSettings): [string, Boundary][] {
  const vns = new Map(domain.vns.map((vn) => [vn.name, vn]))
  return federation.domains.map((one) => [one.name, new Boundary(one, vns, federation)])
}
