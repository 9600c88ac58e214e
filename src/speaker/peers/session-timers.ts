/** The timers that a session machine asks for: each is of a connection, and rings once. */
import type { ConnectionId, Timer } from '../../session/door.ts'
import type { Alarm, World } from '../world.ts'

/** A timer this close to its deadline counts as expired, in ms. */
const IDLE_TIMER_SLACK_MS = 1

export class SessionTimers {
  private readonly world: World
  private readonly expired: (timer: Timer, connection: ConnectionId) => void
  private readonly alarms = new Map<string, Alarm>()
  /** The connection of the session that stands; null: none does. */
  private standing: ConnectionId | null = null
  /** Hold deadline of that one in ms: moved by every sign of life, looked at when its alarm rings. */
  private holdDeadline = 0
  private holdMs = 0

  constructor(world: World, expired: (timer: Timer, connection: ConnectionId) => void) {
    this.world = world
    this.expired = expired
  }

  /** The session stands on this connection. */
  stand(connection: ConnectionId, holdMs: number): void {
    this.standing = connection
    this.holdMs = holdMs
    this.alive()
  }

  /** The session stands no longer. */
  fall(): void {
    this.standing = null
  }

  /** A sign of life has come on the standing connection. */
  alive(): void {
    this.holdDeadline = this.world.now() + this.holdMs
  }

  arm(timer: Timer, connection: ConnectionId, ms: number): void {
    const key = keyOf(timer, connection)
    // The hold timer of the standing connection is re-armed by every message: its deadline moves, its alarm stays.
    if (timer === 'hold' && this.standing === connection) {
      this.holdDeadline = this.world.now() + ms
      if (this.alarms.has(key)) return
    }
    this.disarm(timer, connection)
    const ring = () => {
      this.alarms.delete(key)
      const left = timer === 'hold' && this.standing === connection ? this.holdDeadline - this.world.now() : 0
      if (left > IDLE_TIMER_SLACK_MS) this.alarms.set(key, this.world.after(left, ring))
      else this.expired(timer, connection)
    }
    this.alarms.set(key, this.world.after(ms, ring))
  }

  disarm(timer: Timer, connection: ConnectionId): void {
    const key = keyOf(timer, connection)
    this.alarms.get(key)?.cancel()
    this.alarms.delete(key)
  }
}

function keyOf(timer: Timer, connection: ConnectionId): string {
  return `${timer} ${connection}`
}
