/**
 * When a speaker that has just started may send End-of-RIB. It has forgotten everything, and its peers have yet to tell it again. Another domain that has kept our
 * routes as stale would drop them on an early End-of-RIB and learn them again a second later. So End-of-RIB to other domains waits until all other peers, our own
 * and those of third domains, have told everything, but no longer than a limit (RFC 4724 §4.1 has a restarting speaker wait likewise: Selection_Deferral_Timer).
 * Routes do not wait.
 *
 * Who comes by a listen range is not known before. Peers that had come by it before the start dial again in their own time, one soon after the other. So a range has
 * told everything once all who have come by it have, and nobody else has come for a while; for one by which nobody has come, the full limit is waited.
 */
import { formatPrefix } from '../../address/prefix.ts'
import { rangeFor } from '../peers/listen-ranges.ts'
import type { ListenRangeSettings, SpeakerSettings } from '../settings.ts'
import type { Attachment } from '../sources/attachment.ts'
import type { Sources } from '../sources/sources.ts'
import type { World } from '../world.ts'

/** A peer that sends no End-of-RIB is taken to have told everything after this long: FRR sends it only where graceful restart was agreed. */
const TOLD_AFTER_MS = 10_000
const LOOK_EVERY_MS = 1000

interface Waiting {
  readonly session: Attachment
  readonly say: () => void
  /** When it had been told all, in ms. */
  readonly since: number
}

/** A session that has waited is told that this was all. `ms`: how long; `missing`: who had not told all by then, peers by name and listen ranges by prefix. */
export type Heard = (session: Attachment, ms: number, missing: readonly string[]) => void

export class FirstTelling {
  private readonly world: World
  private readonly sources: Sources
  private readonly settings: () => SpeakerSettings
  private readonly heard: Heard
  private looking = false
  private readonly startedAt: number
  /** Sessions that have been told everything, and whose End-of-RIB waits. */
  private waiting: Waiting[] = []

  constructor(world: World, sources: Sources, settings: () => SpeakerSettings, heard: Heard) {
    this.world = world
    this.sources = sources
    this.settings = settings
    this.heard = heard
    this.startedAt = world.now()
  }

  /** A session has been told everything. Calls `say`, which sends End-of-RIB, now or when it may. */
  done(session: Attachment, say: () => void): void {
    if (this.over || this.missing(session).length === 0) say()
    else {
      this.waiting.push({ session, say, since: this.world.now() })
      this.look()
    }
  }

  private look(): void {
    if (this.looking) return
    this.looking = true
    this.world.after(LOOK_EVERY_MS, () => {
      this.looking = false
      const { over } = this
      const waiting = this.waiting.filter(({ session }) => this.sources.sessionOf(session.peer) === session)
      this.waiting = []
      for (const one of waiting) {
        const missing = this.missing(one.session)
        if (over || missing.length === 0) {
          one.say()
          this.heard(one.session, this.world.now() - one.since, missing)
        } else this.waiting.push(one)
      }
      if (this.waiting.length > 0) this.look()
    })
  }

  /** Whether nobody is waited for any longer. */
  private get over(): boolean {
    return this.world.now() >= this.startedAt + 1000 * this.settings().endOfRib.withinSeconds
  }

  /** Who has not told all that a session is to hear of: peers by name, listen ranges by prefix. */
  private missing({ domain: to }: Attachment): string[] {
    if (to === null) return []
    const { peers, listenRanges, endOfRib } = this.settings()
    const told = this.told()
    // What another domain has told may pass through here; one of its NVAs is enough.
    const missing = peers.filter(
      ({ domain, name }) => domain !== to && !told.has(name) && (domain === null || !told.has(domainKey(domain))),
    )
    const names = new Set(peers.map(({ name }) => name))
    const ranges = this.missingOf(listenRanges, names, 1000 * endOfRib.quietSeconds)
    return [
      ...missing.map(({ name }) => name),
      ...[...ranges].map(({ prefix, prefixLength }) => formatPrefix({ address: prefix, length: prefixLength })),
    ]
  }

  /** Names of peers that have told all, and of domains of which one has. */
  private told(): ReadonlySet<string> {
    const told = new Set<string>()
    for (const session of this.sources.standing) {
      if (!this.hasToldAll(session)) continue
      told.add(session.peer.settings.name)
      if (session.domain !== null) told.add(domainKey(session.domain))
    }
    return told
  }

  private hasToldAll({ told, peer }: Attachment): boolean {
    return told || this.age(peer.standing?.since) >= TOLD_AFTER_MS
  }

  /** Ranges by which nobody has come who is not configured, or not all who have come have told all, or the last of them came too short a time ago. */
  private missingOf(
    ranges: readonly ListenRangeSettings[],
    configured: ReadonlySet<string>,
    quietMs: number,
  ): ReadonlySet<ListenRangeSettings> {
    const missing = new Set(ranges)
    if (ranges.length === 0) return missing
    const behind = new Set<ListenRangeSettings>()
    for (const session of this.sources.standing) {
      const { name, address } = session.peer.settings
      const range = configured.has(name) ? undefined : rangeFor(ranges, address)
      if (range === undefined) continue
      missing.delete(range)
      if (!this.hasToldAll(session) || this.age(session.peer.standing?.since) < quietMs) behind.add(range)
    }
    for (const range of behind) missing.add(range)
    return missing
  }

  /** Since then, in ms. */
  private age(since: number | undefined): number {
    return since === undefined ? 0 : this.world.now() - since
  }
}

/** No name of a peer. */
function domainKey(domain: string): string {
  return `domain ${domain}`
}
