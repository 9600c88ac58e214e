/** The world of one speaker, standing still: no time passes, nobody answers a dial; what is put off runs when asked. */
import type { Alarm, Endpoint, Link, LinkHandlers, World } from '../../src/speaker/world.ts'
import { Chance } from './chance.ts'
import { rule } from './finding.ts'

/** More turns than this without an end is a hang. */
const MOST_TURNS = 100_000

export class StillWorld implements World {
  /** Timers that run. */
  readonly alarms = new Set<Alarm>()
  private readonly chance = new Chance(1)
  private waiting: (() => void)[] = []

  now(): number {
    return 1000
  }

  random(): number {
    return this.chance.next()
  }

  after(): Alarm {
    const alarm = { cancel: () => void this.alarms.delete(alarm) }
    this.alarms.add(alarm)
    return alarm
  }

  soon(then: () => void): void {
    this.waiting.push(then)
  }

  dial(): Alarm {
    return { cancel: () => {} }
  }

  /** Lets everything happen that was put off. */
  settle(): void {
    for (let turns = 0; this.waiting.length > 0; turns++) {
      rule(turns < MOST_TURNS, 'comes to rest', () => `still busy after ${MOST_TURNS} turns`)
      const due = this.waiting
      this.waiting = []
      for (const then of due) then()
    }
  }
}

/** The speaker's end of a connection: keeps what is written until it is taken. */
export class Wire implements Link {
  readonly local: Endpoint = { address: '192.0.2.254', port: 179 }
  readonly remote: Endpoint
  readonly pending = 0
  handlers: LinkHandlers | null = null
  closed = false
  private written: Uint8Array[] = []

  constructor(address: string) {
    this.remote = { address, port: 40000 }
  }

  write(octets: Uint8Array): void {
    rule(!this.closed, 'silent when closed', () => 'octets written to a closed link')
    this.written.push(octets)
  }

  pause(): void {}
  resume(): void {}
  giveWay(): void {}

  close(): void {
    this.closed = true
  }

  take(): Uint8Array[] {
    const { written } = this
    this.written = []
    return written
  }
}
