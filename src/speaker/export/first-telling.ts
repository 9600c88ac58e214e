/**
 * When a speaker that has just started may say that it has told all (End-of-RIB). It has forgotten everything, and its peers have yet to tell it again: another domain
 * that has kept what it knew of us would let go of it on such a word, and take it back a second later. So to sessions of other domains the word waits until the
 * other peers have told all, those at home and those of third domains, or so long that nobody waits for those that are gone (as RFC 4724 §4.1 has a restarting speaker wait). Routes do not wait.
 */
import type { SpeakerSettings } from '../settings.ts'
import type { Attachment } from '../sources/attachment.ts'
import type { Sources } from '../sources/sources.ts'
import type { World } from '../world.ts'

/** From the start. FRR dials again after two minutes. */
const LONGEST_MS = 120_000
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
  private readonly until: number
  /** Sessions that have been told all and do not know it. */
  private waiting: Waiting[] = []

  constructor(world: World, sources: Sources, settings: () => SpeakerSettings) {
    this.world = world
    this.sources = sources
    this.settings = settings
    this.until = world.now() + LONGEST_MS
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
    this.over ||= this.world.now() >= this.until
    if (to === null || this.over) return true
    const { peers, listenRanges } = this.settings()
    // Nobody knows who may come by a listen range.
    if (listenRanges.length > 0) return false
    const told = this.told()
    // What another domain has told may pass through here; one of its NVAs is enough.
    return peers.every(({ domain, name }) => domain === to || told.has(name) || (domain !== null && told.has(domainKey(domain))))
  }

  /** Names of peers that have told all, and of domains of which one has. */
  private told(): ReadonlySet<string> {
    const told = new Set<string>()
    for (const { peer, domain, told: all } of this.sources.standing) {
      const since = peer.standing?.since ?? this.world.now()
      if (!all && this.world.now() - since < TOLD_AFTER_MS) continue
      told.add(peer.settings.name)
      if (domain !== null) told.add(domainKey(domain))
    }
    return told
  }
}

/** No name of a peer. */
function domainKey(domain: string): string {
  return `domain ${domain}`
}
