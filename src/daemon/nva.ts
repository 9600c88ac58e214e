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

export class Nva {
  readonly settings: NvaSettings
  readonly speaker: Speaker
  readonly census: Census
  /** By name of the federated domain. */
  readonly boundaries: ReadonlyMap<string, Boundary>

  constructor(settings: NvaSettings, world: World, events: Partial<SpeakerEvents>) {
    this.settings = settings
    const vns = new Map(settings.domain.vns.map((vn) => [vn.name, vn]))
    const { domains } = settings.federation
    const domainAs = domains.map(({ asn }) => asn)
    this.boundaries = new Map(domains.map((domain) => [domain.name, new Boundary(domain, vns, domainAs)]))
    this.speaker = new Speaker(settings.speaker, evpn, world, this.boundaries, {
      ...events,
      changed: (changes) => {
        this.census.follow(changes)
        events.changed?.(changes)
      },
    })
    this.census = new Census(settings.domain.vns, this.speaker.rib, (peer) => this.speaker.attachments[peer]?.domain ?? '')
  }
}
