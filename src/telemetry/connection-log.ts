/**
 * The log of connections that come to nothing. Who misconfigures a peer must find it there, and who dials again and again, or scans the port, must not fill a
 * disk: what fails as it did the last time is for `debug`.
 */
import type { Logger } from 'pino'

/** A peer, as a line names it. */
export interface AttemptedPeer {
  readonly peer: string
  readonly address: string
  readonly asn: number
}

/** Most peers, and most addresses, of which the last line is remembered; beyond, those that came first are forgotten. */
const REMEMBERED_MOST = 10_000
/** Most ways for the attempts at one peer to fail that are remembered; two ends often fail in turn, each in its own words. */
const WAYS_MOST = 8
/** A refused address is told of again after that long. */
const AGAIN_AFTER_MS = 3_600_000
/** Refused addresses told of in one minute. */
const REFUSED_MOST = 10
const MINUTE_MS = 60_000

interface Told {
  readonly why: string
  readonly at: number
}

export class ConnectionLog {
  /** Connections from addresses that nobody expects. */
  refused = 0
  private readonly log: Logger
  private readonly now: () => number
  /** Why attempts failed, by peer. */
  private readonly attempts = new Map<string, readonly string[]>()
  /** What was last told of an address that was refused. */
  private readonly strangers = new Map<string, Told>()
  private minute = 0
  private inMinute = 0
  private notTold = 0

  /** `now`: ms. */
  constructor(log: Logger, now: () => number) {
    this.log = log
    this.now = now
  }

  /**
   * An attempt failed: a warning, the first time it fails like that since the session was up. `silent`: nobody answered, as when the peer is not there
   * yet, or there was one connection too many: that is for `debug` always.
   */
  failed(peer: AttemptedPeer, why: string, silent: boolean): void {
    const known = this.attempts.get(peer.peer) ?? []
    const news = !silent && !known.includes(why)
    if (news) remember(this.attempts, peer.peer, [why, ...known].slice(0, WAYS_MOST))
    this.log[news ? 'warn' : 'debug']({ ...peer, why }, 'session did not come up')
  }

  /** The session with a peer is up: what fails after it is news again. */
  up(peer: string): void {
    this.attempts.delete(peer)
  }

  /** Somebody has connected who is not let in. */
  refuse(remote: string, why: string): void {
    this.refused++
    const now = this.now()
    const told = this.strangers.get(remote)
    const known = told !== undefined && told.why === why && now - told.at < AGAIN_AFTER_MS
    if (known || !this.room(now)) {
      this.notTold++
      this.log.debug({ remote, why }, 'connection refused')
      return
    }
    remember(this.strangers, remote, { why, at: now })
    this.log.warn(this.notTold === 0 ? { remote, why } : { remote, why, notTold: this.notTold }, 'connection refused')
    this.notTold = 0
  }

  private room(now: number): boolean {
    if (now - this.minute >= MINUTE_MS || this.inMinute === 0) {
      this.minute = now
      this.inMinute = 0
    }
    return ++this.inMinute <= REFUSED_MOST
  }
}

function remember<Value>(last: Map<string, Value>, key: string, value: Value): void {
  last.delete(key)
  if (last.size >= REMEMBERED_MOST) {
    const first = last.keys().next()
    if (first.done !== true) last.delete(first.value)
  }
  last.set(key, value)
}
