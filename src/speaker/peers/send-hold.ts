/**
 * The send hold timer of a session (RFC 9687): the peer takes nothing although something waits to be sent. It watches octets that go out, not the height of what
 * waits: a slow peer for which more and more waits still lives.
 */
import type { Alarm, World } from '../world.ts'
import type { Connection } from './connection.ts'

export class SendHold {
  private readonly world: World
  private readonly expired: (connection: Connection) => void
  private alarm: Alarm | null = null
  /** Since when nothing has gone out although something waits, in ms, and octets that had gone out at the last look. */
  private stuckSince = 0
  private goneOut = 0

  constructor(world: World, expired: (connection: Connection) => void) {
    this.world = world
    this.expired = expired
  }

  /** Watches a connection from now on. */
  watch(connection: Connection, limitMs: number): void {
    this.stuckSince = this.world.now()
    this.goneOut = 0
    this.lookAgain(connection, limitMs)
  }

  stop(): void {
    this.alarm?.cancel()
    this.alarm = null
  }

  private lookAgain(connection: Connection, limitMs: number): void {
    this.alarm = this.world.after(Math.max(limitMs / 8, 1), () => {
      const { link, written } = connection
      const goneOut = written - link.pending
      const now = this.world.now()
      if (link.pending === 0 || goneOut > this.goneOut) this.stuckSince = now
      this.goneOut = goneOut
      if (now - this.stuckSince >= limitMs) this.expired(connection)
      else this.lookAgain(connection, limitMs)
    })
  }
}
