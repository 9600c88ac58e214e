import type { VnSettings } from '../domain/settings.ts'
import type { SpeakerSettings } from '../speaker/settings.ts'

/** What an edge is told to be. */
export interface EdgeSettings {
  /** Its NVAs are the peers. */
  readonly speaker: SpeakerSettings
  /** Tunnel endpoint address, canonical text, IPv4 or IPv6. */
  readonly vtep: string
  readonly vns: readonly VnSettings[]
}
