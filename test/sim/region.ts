/**
 * A deterministic region: hosts joined by in-memory links under one virtual clock and one seed. No socket, no sleep, no real time. What two runs with
 * the same seed do is the same to the octet.
 */
import type { Alarm, DialTarget, Endpoint, Link, LinkHandlers, World } from '../../src/speaker/world.ts'

interface Task {
  readonly at: number
  readonly order: number
  readonly run: () => void
  cancelled: boolean
}

export type Accept = (link: Link) => LinkHandlers | null

/** Milliseconds that octets take from host to host. */
const LATENCY_MS = 1

export class Region {
  /** Virtual milliseconds since the start. */
  now = 0
  private readonly tasks: Task[] = []
  private order = 0
  private state: number
  private readonly listeners = new Map<string, Accept>()
  private readonly links = new Set<SimulatedLink>()
  private readonly cut = new Set<string>()

  constructor(seed: number) {
    this.state = seed >>> 0 || 1
  }

  /** A number in [0, 1) of the seed's sequence (mulberry32). */
  random(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }

  schedule(ms: number, run: () => void): Alarm {
    const task: Task = { at: this.now + ms, order: this.order++, run, cancelled: false }
    let low = 0
    let high = this.tasks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const other = this.tasks[middle]!
      if (other.at < task.at || (other.at === task.at && other.order < task.order)) low = middle + 1
      else high = middle
    }
    this.tasks.splice(low, 0, task)
    return {
      cancel: () => {
        task.cancelled = true
      },
    }
  }

  /** Lets `ms` of virtual time pass. */
  run(ms: number): void {
    const end = this.now + ms
    for (let next = this.tasks[0]; next !== undefined && next.at <= end; next = this.tasks[0]) {
      this.tasks.shift()
      this.now = Math.max(this.now, next.at)
      if (!next.cancelled) next.run()
    }
    this.now = end
  }

  /** Lets time pass until `done` or for `limitMs`; returns whether it is done. */
  runUntil(done: () => boolean, limitMs: number): boolean {
    const end = this.now + limitMs
    while (!done()) {
      if (this.now >= end) return false
      this.run(10)
    }
    return true
  }

  /** The world of the host with this address. */
  host(address: string): World {
    return {
      now: () => this.now,
      random: () => this.random(),
      after: (ms, then) => this.schedule(ms, then),
      soon: (then) => void this.schedule(0, then),
      dial: (target, up, failed) => this.dial({ address, port: 40000 + (this.order % 20000) }, target, up, failed),
    }
  }

  listen(address: string, port: number, accept: Accept): void {
    this.listeners.set(`${address} ${port}`, accept)
  }

  /** The process at an address dies without a word: its listeners go, its links break. */
  kill(address: string): void {
    for (const key of [...this.listeners.keys()]) if (key.startsWith(`${address} `)) this.listeners.delete(key)
    for (const link of [...this.links]) if (link.local.address === address) link.vanish()
  }

  /** Nothing passes between two hosts until `heal`; what is sent meanwhile is lost with its link. */
  partition(a: string, b: string): void {
    this.cut.add(pair(a, b))
  }

  heal(a: string, b: string): void {
    this.cut.delete(pair(a, b))
  }

  parted(a: string, b: string): boolean {
    return this.cut.has(pair(a, b))
  }

  forget(link: SimulatedLink): void {
    this.links.delete(link)
  }

  private dial(local: Endpoint, target: DialTarget, up: (link: Link) => LinkHandlers, failed: (why: string) => void): Alarm {
    return this.schedule(LATENCY_MS, () => {
      const accept = this.listeners.get(`${target.address} ${target.port}`)
      if (this.parted(local.address, target.address) || accept === undefined) return failed('connection refused')
      const near = new SimulatedLink(this, local, { address: target.address, port: target.port })
      const far = new SimulatedLink(this, near.remote, local)
      near.other = far
      far.other = near
      const handlers = accept(far)
      if (handlers === null) return failed('connection reset')
      this.links.add(near)
      this.links.add(far)
      far.handlers = handlers
      near.handlers = up(near)
    })
  }
}

/** One end of an in-memory connection. */
class SimulatedLink implements Link {
  readonly local: Endpoint
  readonly remote: Endpoint
  other: SimulatedLink | null = null
  handlers: LinkHandlers | null = null
  pending = 0
  private readonly region: Region
  private open = true
  private paused = false
  private readonly waiting: Uint8Array[] = []

  constructor(region: Region, local: Endpoint, remote: Endpoint) {
    this.region = region
    this.local = local
    this.remote = remote
  }

  write(octets: Uint8Array): void {
    if (!this.open) return
    this.pending += octets.length
    this.region.schedule(LATENCY_MS, () => {
      if (this.pending === 0) return
      if (this.region.parted(this.local.address, this.remote.address)) return
      this.pending -= octets.length
      this.other?.arrive(octets)
      if (this.pending === 0 && this.open) this.handlers?.drained()
    })
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
    for (let next = this.waiting.shift(); next !== undefined && !this.paused; next = this.waiting.shift()) this.handlers?.received(next)
  }

  close(): void {
    if (!this.open) return
    this.open = false
    this.region.forget(this)
    this.region.schedule(LATENCY_MS, () => this.other?.ended('closed by the peer'))
  }

  /** The process holding this end is gone: no handler is called here any more, and the other end sees a reset. */
  vanish(): void {
    this.handlers = null
    this.pending = 0
    this.close()
  }

  private arrive(octets: Uint8Array): void {
    if (!this.open) return
    if (this.paused) this.waiting.push(octets)
    else this.handlers?.received(octets)
  }

  private ended(why: string): void {
    if (!this.open) return
    this.open = false
    this.region.forget(this)
    this.handlers?.closed(why)
  }
}

function pair(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`
}
