/** A thousand sessions with a short hold time, nearly all of them idle: whether they stay up, and what that costs. */
import { setTimeout as pause } from 'node:timers/promises'
import { ASN, type Running, start } from '../duts/running.ts'
import { type DutName, findDuts } from '../duts/table.ts'
import { Session } from '../load/session.ts'
import { formatMachine } from '../machine.ts'
import { OWN } from '../reflect/table.ts'
import { newResults, readOrNew, writeResults } from '../results.ts'
import { cpuSeconds, residentKb } from './process.ts'
import type { SessionsResult } from './result.ts'
import { updatesOf } from './updates.ts'

export interface SessionsOptions {
  readonly duts: readonly DutName[]
  readonly sessions: number
  readonly routes: number
  readonly minutes: number
  readonly hold: number
  readonly check?: boolean
  readonly json?: boolean
  readonly out?: string
}

/** The sessions that announce routes. */
const SENDERS = 20
/** Connections under way at once: the queue of a listener is not endless. */
const AT_ONCE = 100
const UP_SECONDS = 60
const LOAD_SECONDS = 120
/** After the load, before it counts: garbage is collected, memory settles. */
const SETTLE_MS = 3000
/** Of one core. 1000 sessions with a hold time of 9 s are 760 KEEPALIVEs a second in and out; FRR 8.4.4 takes 37 % for them. */
const CPU_PERCENT_MOST = 15

const address = (index: number) => `127.97.${Math.floor(index / 250)}.${(index % 250) + 1}`

/** 0: measured; 1: fednva lost a session or told something wrong, or with `check` it takes too much CPU; 2: it could not be measured. */
export async function sessions(options: SessionsOptions): Promise<number> {
  const say = (line: string) => process.stderr.write(`${line}\n`)
  const now = newResults()
  say(`${formatMachine(now.machine)}: ${options.sessions} sessions, ${options.routes} routes, ${options.minutes} minutes each`)
  const { duts, missing } = findDuts(options.duts, undefined)
  for (const { missing: what } of missing) say(what)
  const measured: SessionsResult[] = []
  for (const dut of duts) {
    const running = await start(dut)
    const result =
      typeof running === 'string' ? running : await new Crowd(running, dut.name, options).measure().finally(() => running.stop())
    if (typeof result === 'string') say(`WRONG RESULT of ${dut.name}: ${result}`)
    else measured.push(result)
  }
  if (options.out !== undefined) writeResults(options.out, { ...readOrNew(options.out), machine: now.machine, sessions: measured })
  console.log(options.json ? JSON.stringify(measured, null, 1) : measured.map(formatCrowd).join('\n\n'))
  if (measured.length < duts.length || measured.some(({ lost }) => lost > 0)) return 1
  return options.check && measured.some(({ dut, cpuPercent }) => dut === OWN && cpuPercent > CPU_PERCENT_MOST) ? 1 : 0
}

class Crowd {
  private readonly running: Running
  private readonly dut: string
  private readonly options: SessionsOptions
  private readonly all: Session[] = []
  private up = 0
  private keepalives = 0
  private latest = 0
  private readonly lost: string[] = []

  constructor(running: Running, dut: string, options: SessionsOptions) {
    this.running = running
    this.dut = dut
    this.options = options
  }

  async measure(): Promise<SessionsResult | string> {
    try {
      return await this.story()
    } finally {
      for (const session of this.all) session.close()
    }
  }

  private async story(): Promise<SessionsResult | string> {
    const { options, running, all } = this
    const upSeconds = await this.until(UP_SECONDS, () => {
      while (all.length < options.sessions && all.length - this.up < AT_ONCE) all.push(this.connect(all.length))
      return this.up === options.sessions
    })
    if (upSeconds === null)
      return `${this.up} of ${options.sessions} sessions are up within ${UP_SECONDS} s. ${this.lost.slice(0, 3).join('; ')}`
    const senders = Math.min(SENDERS, options.sessions)
    const each = Math.floor(options.routes / senders)
    for (const [sender, session] of all.slice(0, senders).entries()) session.say(updatesOf(sender, each))
    const wanted = (index: number) => (index < senders ? senders - 1 : senders) * each
    const loadSeconds = await this.until(LOAD_SECONDS, () => all.every(({ announced }, index) => announced >= wanted(index)))
    if (loadSeconds === null) return `not every session has all routes within ${LOAD_SECONDS} s`
    // FRR sends routes back to whom they came from, too.
    const right = ({ announced }: Session, index: number) => announced === wanted(index) || announced === senders * each
    const tooMany = all.filter((session, index) => !right(session, index) || session.withdrawn > 0).length
    if (tooMany > 0) return `${tooMany} sessions were told routes twice, or were told to forget some`
    await pause(SETTLE_MS)
    this.keepalives = 0
    this.latest = 0
    const before = cpuSeconds(running.pid)
    const watched = (await this.until(options.minutes * 60, () => this.lost.length > 0)) ?? options.minutes * 60
    const cpu = cpuSeconds(running.pid) - before
    for (const why of this.lost.slice(0, 3)) process.stderr.write(`SESSION LOST: ${why}\n`)
    return {
      dut: this.dut,
      sessions: options.sessions,
      routes: each * senders,
      holdTimeSeconds: options.hold,
      upSeconds,
      loadSeconds,
      watchedSeconds: watched,
      lost: this.lost.length,
      cpuPercent: (cpu / watched) * 100,
      keepalives: this.keepalives,
      latestKeepaliveMs: this.latest,
      residentKb: residentKb(running.pid),
    }
  }

  private connect(index: number): Session {
    const { address: host, port } = this.running.place
    const interval = (this.options.hold / 3) * 1000
    const settings = { address: address(index), asn: ASN, holdTimeSeconds: this.options.hold, to: { address: host, port } }
    return new Session(settings, {
      up: () => {
        this.up++
      },
      keepalive: (spacing) => {
        this.keepalives++
        this.latest = Math.max(this.latest, spacing - interval)
      },
      down: ({ settings }, why) => this.lost.push(`${settings.address}: ${why}`),
    })
  }

  /** Seconds until `done`, or null when that was not within `seconds`. */
  private async until(seconds: number, done: () => boolean): Promise<number | null> {
    const start = performance.now()
    while (!done()) {
      if (performance.now() - start > seconds * 1000) return null
      await pause(20)
    }
    return (performance.now() - start) / 1000
  }
}

function formatCrowd(result: SessionsResult): string {
  const { dut, sessions, holdTimeSeconds, routes, upSeconds, loadSeconds, watchedSeconds, lost, keepalives } = result
  return [
    `${dut}: ${sessions} sessions with a hold time of ${holdTimeSeconds} s up in ${upSeconds.toFixed(2)} s`,
    `${routes} routes with all of them in ${loadSeconds.toFixed(2)} s`,
    `${(watchedSeconds / 60).toFixed(1)} minutes: ${lost} sessions lost, ${result.cpuPercent.toFixed(2)} % of a core, ${(result.residentKb / 1024).toFixed(0)} MiB resident`,
    `${keepalives} KEEPALIVEs heard, the latest ${result.latestKeepaliveMs.toFixed(1)} ms behind its interval`,
  ].join('\n')
}
