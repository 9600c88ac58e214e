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

/** Octets take 1 to this many milliseconds from host to host, in order on each link. */
const SLOWEST_MS = 5
/** A dial that nobody answers fails after this time. */
const NO_ANSWER_MS = 30_000
/** One in so many deliveries is cut in two, as TCP may do anywhere. */
const CUT_ONE_IN = 4

export class Region {
  /** Virtual milliseconds since the start. */
  now = 0
  /** Sees every octet that a host hands over for another one, before it travels. */
  tap: (from: string, to: string, octets: Uint8Array) => void = () => {}
  /** `here to there`: ends of links whose input may wait for that of others. */
  readonly wayGiving = new Set<string>()
  private readonly tasks: Task[] = []
  private order = 0
  private state: number
  private readonly listeners = new Map<string, Accept>()
  private readonly links = new Set<SimulatedLink>()
  private readonly cut = new Set<string>()
  private readonly deaf = new Set<string>()
  /** What runs at an address now; a killed process does nothing more, whatever it had still meant to do. */
  private readonly processes = new Map<string, { alive: boolean }>()

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

  /** Goes to the next moment at which something happens, if that is before `end`, and lets it happen; else to `end`. */
  step(end: number): void {
    const next = this.tasks[0]?.at ?? end
    this.run(Math.min(Math.max(next, this.now), end) - this.now)
  }

  /** Lets time pass until `done`, asked after every moment at which something happened, or for `limitMs`; returns whether it is done. */
  runUntil(done: () => boolean, limitMs: number): boolean {
    const end = this.now + limitMs
    while (!done()) {
      if (this.now >= end) return false
      this.step(end)
    }
    return true
  }

  /** The world of the process that runs at this address. After `kill`, ask again for the one that takes its place. */
  host(address: string): World {
    const process = this.processes.get(address) ?? { alive: true }
    this.processes.set(address, process)
    const alive = (then: () => void) => () => {
      if (process.alive) then()
    }
    return {
      now: () => this.now,
      random: () => this.random(),
      after: (ms, then) => this.schedule(ms, alive(then)),
      soon: (then) => void this.schedule(0, alive(then)),
      dial: (target, up, failed) => {
        const local = { address: target.localAddress ?? address, port: 40000 + (this.order % 20000) }
        return this.dial(process, local, target, up, failed)
      },
    }
  }

  listen(address: string, port: number, accept: Accept): void {
    this.listeners.set(`${address} ${port}`, accept)
  }

  /** The process at an address dies without a word: its listeners and timers go, its links break. */
  kill(address: string): void {
    const process = this.processes.get(address)
    if (process !== undefined) process.alive = false
    this.processes.delete(address)
    this.deaf.delete(address)
    for (const key of [...this.listeners.keys()]) if (key.startsWith(`${address} `)) this.listeners.delete(key)
    for (const link of [...this.links]) if (link.local.address === address) link.vanish()
  }

  /** Nothing passes between two hosts until `heal`; what is sent meanwhile waits, as TCP sends it again. */
  partition(a: string, b: string): void {
    this.cut.add(pair(a, b))
  }

  heal(a: string, b: string): void {
    this.cut.delete(pair(a, b))
    this.pumpAll()
  }

  /** The host at this address reads nothing until `readAgain`: what is sent to it stays with the sender. */
  stopReading(address: string): void {
    this.deaf.add(address)
  }

  readAgain(address: string): void {
    this.deaf.delete(address)
    this.pumpAll()
  }

  /** Whether octets pass from host to host now. */
  passes(from: string, to: string): boolean {
    return !this.cut.has(pair(from, to)) && !this.deaf.has(to)
  }

  parted(a: string, b: string): boolean {
    return this.cut.has(pair(a, b))
  }

  /** Milliseconds the next octets take. */
  latency(): number {
    return 1 + Math.floor(this.random() * SLOWEST_MS)
  }

  forget(link: SimulatedLink): void {
    this.links.delete(link)
  }

  private pumpAll(): void {
    for (const link of [...this.links]) this.schedule(0, () => link.pump())
  }

  private dial(
    process: { readonly alive: boolean },
    local: Endpoint,
    target: DialTarget,
    up: (link: Link) => LinkHandlers,
    failed: (why: string) => void,
  ): Alarm {
    let waiting = this.schedule(this.latency(), () => {
      if (!process.alive) return
      if (this.parted(local.address, target.address)) {
        const why = `no answer within ${NO_ANSWER_MS / 1000} s`
        waiting = this.schedule(NO_ANSWER_MS, () => process.alive && failed(why))
        return
      }
      const accept = this.listeners.get(`${target.address} ${target.port}`)
      if (accept === undefined) return failed('connection refused')
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
    return { cancel: () => waiting.cancel() }
  }
}

/** Octets under way; null is the end of the stream. */
interface Parcel {
  readonly due: number
  readonly octets: Uint8Array | null
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
  private readonly sent: Parcel[] = []
  private lastDue = 0

  constructor(region: Region, local: Endpoint, remote: Endpoint) {
    this.region = region
    this.local = local
    this.remote = remote
  }

  write(octets: Uint8Array): void {
    if (!this.open) return
    this.pending += octets.length
    this.region.tap(this.local.address, this.remote.address, octets)
    this.send(octets)
  }

  pause(): void {
    this.paused = true
  }

  giveWay(): void {
    this.region.wayGiving.add(`${this.local.address} to ${this.remote.address}`)
  }

  resume(): void {
    this.paused = false
    this.region.schedule(0, () => this.other?.pump())
  }

  close(): void {
    if (!this.open) return
    this.open = false
    this.send(null)
  }

  /** The process holding this end is gone: no handler is called here any more. What it had sent still arrives, then the end. */
  vanish(): void {
    this.handlers = null
    this.close()
  }

  /** Delivers what is due and may pass. */
  pump(): void {
    const { region, sent } = this
    const before = this.pending
    for (let next = sent[0]; next !== undefined && next.due <= region.now; next = sent[0]) {
      if (this.other === null || this.other.paused || !region.passes(this.local.address, this.remote.address)) break
      sent.shift()
      if (next.octets === null) {
        region.forget(this)
        this.other.ended('closed by the peer')
      } else {
        this.pending -= next.octets.length
        this.other.arrive(next.octets)
      }
    }
    if (this.open && before > 0 && this.pending === 0) this.handlers?.drained()
  }

  private send(octets: Uint8Array | null): void {
    const due = Math.max(this.lastDue, this.region.now + this.region.latency())
    this.lastDue = due
    this.sent.push({ due, octets })
    this.region.schedule(due - this.region.now, () => this.pump())
  }

  private arrive(octets: Uint8Array): void {
    const { region } = this
    const cut = octets.length > 1 && region.random() * CUT_ONE_IN < 1 ? 1 + Math.floor(region.random() * (octets.length - 1)) : 0
    // A copy that is spoilt afterwards: what a link hands over is borrowed until return.
    for (const part of cut === 0 ? [octets] : [octets.subarray(0, cut), octets.subarray(cut)]) {
      const borrowed = Buffer.from(part)
      if (this.open) this.handlers?.received(borrowed)
      borrowed.fill(0xee)
    }
  }

  private ended(why: string): void {
    if (!this.open) return
    this.open = false
    this.sent.length = 0
    this.pending = 0
    this.region.forget(this)
    this.handlers?.closed(why)
  }
}

function pair(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`
}
