/** What a federated domain that sends changes as fast as TCP takes them costs local NVEs: the time a change takes from one to the other. */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createClient } from '../../../src/api/client.ts'
import { type Column, formatTable } from '../../../src/cli/table.ts'
import { API_SOCKET, fednva } from '../duts/fednva.ts'
import { type Running, start } from '../duts/running.ts'
import { formatMachine } from '../machine.ts'
import { newResults, readOrNew, writeResults } from '../results.ts'
import { cpuSeconds } from '../sessions/process.ts'
import { Flooder } from './flooder.ts'
import { FLOODS, type Flood, type FloodName } from './floods.ts'
import { Propagation } from './propagation.ts'
import { type FloodResult, RATIO_MOST, ratio, slowed, timesOf } from './result.ts'
import { OTHER_AS, VNI } from './routes.ts'

export interface FloodOptions {
  readonly floods: readonly FloodName[]
  readonly pairs: number
  readonly probes: number
  readonly check?: boolean
  readonly json?: boolean
  readonly out?: string
}

const ROOT = new URL('../../../', import.meta.url).pathname
const OTHER = '127.99.0.1'
const GATEWAY = '10.98.0.250'
const UP_MS = 10_000
/** Most time for what was sent to be worked off, and how long nothing must happen then. */
const CALM_MS = 30_000
const CALM_LOOK_MS = 300
const CALM_CPU_SECONDS = 0.02
/** Probes before it counts, quiet and flooded: some seconds, in which what is compiled late is compiled. */
const WARM_UP = 1500

/** 0: measured; 1: something went wrong, or with `check` it is slower than it may be. */
export async function flood(options: FloodOptions): Promise<number> {
  const say = (line: string) => process.stderr.write(`${line}\n`)
  const now = newResults()
  say(`${formatMachine(now.machine)}: ${options.pairs} pairs of quiet and flood, ${options.probes} probes in each`)
  const measured: FloodResult[] = []
  for (const name of options.floods) {
    const result = await measure(name, FLOODS[name], options)
    if (typeof result === 'string') {
      say(`WRONG RESULT of fednva: flood ${name}: ${result}`)
      return 1
    }
    measured.push(result)
  }
  if (options.out !== undefined) writeResults(options.out, { ...readOrNew(options.out), machine: now.machine, flood: measured })
  console.log(options.json ? JSON.stringify(measured, null, 1) : formatFloods(measured))
  const behind = slowed(measured)
  for (const what of behind) say(`target missed: ${what}`)
  return options.check && behind.length > 0 ? 1 : 0
}

async function measure(name: FloodName, flood: Flood, options: FloodOptions): Promise<FloodResult | string> {
  const running = await start(fednva('fednva', ROOT, configuration(flood)))
  if (typeof running === 'string') return running
  const to = { address: running.place.address, port: running.place.port }
  const propagation = new Propagation(to)
  const flooder = new Flooder({ session: { address: OTHER, asn: OTHER_AS, holdTimeSeconds: 90, to }, flood: flood.sent })
  try {
    await Promise.race([flooder.up(), pause(UP_MS)])
    for (const deadline = performance.now() + UP_MS; !propagation.allUp; await pause(20))
      if (performance.now() > deadline) return `the NVEs are not up within ${UP_MS} ms. ${propagation.trouble.join('; ')}`
    return await pairs(name, flood, running, propagation, flooder, options)
  } finally {
    propagation.close()
    await flooder.close()
    await running.stop()
  }
}

async function pairs(
  name: FloodName,
  flood: Flood,
  running: Running,
  propagation: Propagation,
  flooder: Flooder,
  { pairs, probes }: FloodOptions,
): Promise<FloodResult | string> {
  const quiet: number[] = []
  const flooded: number[] = []
  let [changes, told, seconds] = [0, 0, 0]
  const warm = await propagation.measure(WARM_UP)
  if (typeof warm === 'string') return warm
  flooder.begin()
  const hot = await propagation.measure(WARM_UP)
  if (typeof hot === 'string') return hot
  await flooder.end()
  for (let pair = 0; pair < pairs; pair++) {
    const calm = await untilCalm(running)
    if (calm !== null) return calm
    const before = await propagation.measure(probes)
    if (typeof before === 'string') return before
    quiet.push(...before)
    const [since, toldBefore] = [performance.now(), propagation.told]
    flooder.begin()
    const under = await propagation.measure(probes)
    if (typeof under === 'string') return under
    flooded.push(...under)
    told += propagation.told - toldBefore
    changes += await flooder.end()
    seconds += (performance.now() - since) / 1000
    if (flooder.lost !== null) return `the session of the other domain ended: ${flooder.lost}`
    if (propagation.trouble.length > 0) return propagation.trouble.join('; ')
  }
  const answer = await createClient(join(running.place.folder, API_SOCKET)).federation()
  if (!answer.ok) return answer.why
  const wrong = flood.wrong(answer.value, changes)
  if (wrong !== null) return wrong
  const times = { quiet: timesOf(quiet), flooded: timesOf(flooded) }
  return { flood: name, ...times, changesPerSecond: changes / seconds, toldPerSecond: told / seconds }
}

/** Null once fednva has worked off what it was sent. */
async function untilCalm({ pid }: Running): Promise<string | null> {
  const deadline = performance.now() + CALM_MS
  for (let before = cpuSeconds(pid); performance.now() < deadline; ) {
    await pause(CALM_LOOK_MS)
    const now = cpuSeconds(pid)
    if (now - before <= CALM_CPU_SECONDS) return null
    before = now
  }
  return `what it was sent is not worked off within ${CALM_MS} ms`
}

function configuration({ limits, gateway }: Flood): string {
  return `vns:
  web: { vni: ${VNI} }
federation:
  domains:
    loud:
      asn: ${OTHER_AS}
      peers: [${OTHER}]
      passive: true
      share: { web: { vni: ${VNI}${gateway ? `, via: { gateway: ${GATEWAY} }` : ''} } }
${limits === null ? '' : `      limits: ${limits}\n`}`
}

function formatFloods(results: readonly FloodResult[]): string {
  const ms = (value: number) => `${value.toFixed(2)} ms`
  const thousands = (value: number) => `${(value / 1000).toFixed(0)} k`
  const columns: Column<FloodResult>[] = [
    { head: 'Flood', cell: ({ flood }) => flood },
    { head: 'Changes/s', right: true, cell: ({ changesPerSecond }) => thousands(changesPerSecond) },
    { head: 'Told/s', right: true, cell: ({ toldPerSecond }) => thousands(toldPerSecond) },
    { head: 'Quiet p50', right: true, cell: ({ quiet }) => ms(quiet.p50) },
    { head: 'p99', right: true, cell: ({ quiet }) => ms(quiet.p99) },
    { head: 'Flooded p50', right: true, cell: ({ flooded }) => ms(flooded.p50) },
    { head: 'p99', right: true, cell: ({ flooded }) => ms(flooded.p99) },
    { head: 'most', right: true, cell: ({ flooded }) => ms(flooded.most) },
    { head: 'p99 ratio', right: true, cell: (one) => ratio(one).toFixed(2) + (ratio(one) > RATIO_MOST ? ' !' : '') },
    { head: 'of', right: true, cell: ({ flooded }) => flooded.probes },
  ]
  return formatTable(columns, results)
}
