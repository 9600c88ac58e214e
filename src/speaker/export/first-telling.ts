/**
 * When a speaker that has just started may say that it has told all (End-of-RIB). It has forgotten everything, and its peers have yet to tell it again: another domain
 * that has kept what it knew of us would let go of it on such a word, and take it back a second later. So to sessions of other domains the word waits until the
 * other peers have told all, those at home and those of third domains, or so long that nobody waits for those that are gone (as RFC 4724 §4.1 has a restarting speaker
 * wait, its Selection_Deferral_Timer). Routes do not wait.
 *
 * Who comes by a listen range is known when he is there. Those who had come before the start dial again in their own time, one soon after the other: a range has told all when
 * all who have come by it have, and nobody else has come for a while. By which nobody has come is waited for as long as may be.
 */
import { rangeFor } from '../peers/listen-ranges.ts'
import type { ListenRangeSettings, SpeakerSettings } from '../settings.ts'
import type { Attachment } from '../sources/attachment.ts'
import type { Sources } from '../sources/sources.ts'
import type { World } from '../world.ts'

/** Who says nothing of End-of-RIB has told all after so long a session: FRR says it only where graceful restart was agreed. */
const TOLD_AFTER_MS = 10_000
const LOOK_EVERY_MS = 1000

interface Waiting {
  readonly session: Attachment
  readonly say: () => void
}

export class FirstTelling {
  private readonly world: World
  private readonly sources: Sources
  private readonly settings: () => SpeakerSettings
  private over = false
  private looking = false
  private readonly startedAt: number
  /** Sessions that have been told all and do not know it. */
  private waiting: Waiting[] = []

  constructor(world: World, sources: Sources, settings: () => SpeakerSettings) {
    this.world = world
    this.sources = sources
    this.settings = settings
    this.startedAt = world.now()
  }

  /** A session has been told all. `say` tells it so: now, or when that may be. */
  done(session: Attachment, say: () => void): void {
    if (this.mayTell(session)) say()
    else {
      this.waiting.push({ session, say })
      this.look()
    }
  }

  private look(): void {
    if (this.looking) return
    this.looking = true
    this.world.after(LOOK_EVERY_MS, () => {
      this.looking = false
      const waiting = this.waiting.filter(({ session }) => this.sources.sessionOf(session.peer) === session)
      this.waiting = []
      for (const one of waiting) this.done(one.session, one.say)
    })
  }

  private mayTell({ domain: to }: Attachment): boolean {
    const { peers, listenRanges, endOfRib } = this.settings()
    this.over ||= this.world.now() >= this.startedAt + 1000 * endOfRib.withinSeconds
    if (to === null || this.over) return true
    const told = this.told()
    // What another domain has told may pass through here; one of its NVAs is enough.
    return (
      peers.every(({ domain, name }) => domain === to || told.has(name) || (domain !== null && told.has(domainKey(domain)))) &&
      this.toldByRanges(listenRanges, new Set(peers.map(({ name }) => name)), 1000 * endOfRib.quietSeconds)
    )
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

  /** Whether by every range somebody has come who is not configured, all of these have told all, and the last of them came long enough ago. */
  private toldByRanges(ranges: readonly ListenRangeSettings[], configured: ReadonlySet<string>, quietMs: number): boolean {
    if (ranges.length === 0) return true
    const missing = new Set(ranges)
    for (const session of this.sources.standing) {
      const { name, address } = session.peer.settings
      const range = configured.has(name) ? undefined : rangeFor(ranges, address)
      if (range === undefined) continue
      missing.delete(range)
      if (!this.hasToldAll(session) || this.age(session.peer.standing?.since) < quietMs) return false
    }
    return missing.size === 0
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
