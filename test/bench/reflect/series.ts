/** The runs, paired: in every repetition each scenario is run with every reflector, one after the other, and another one begins each time. */
import { loadavg } from 'node:os'
import type { Dut } from '../duts/dut.ts'
import { ASN, start } from '../duts/running.ts'
import { type LoadResult, loadArguments, runLoad, whatIsWrong } from '../load/evpnload.ts'
import type { Run } from '../results.ts'
import { SCENARIOS } from './scenarios.ts'

export interface Series {
  /** The compiled load generator. */
  readonly evpnload: string
  readonly scenarios: readonly string[]
  readonly duts: readonly Dut[]
  /** Names of reflectors that are run in every scenario, however long it takes. */
  readonly everywhere: readonly string[]
  readonly repetitions: number
}

/** Between the last session up and the first route, in ms: FRR holds the first routes of a session back for up to two seconds. */
const SETTLE_MS = 3000
const TIMEOUT_SECONDS = 120

export async function* runSeries(series: Series): AsyncGenerator<Run> {
  const hopeless = new Set<string>()
  for (let repetition = 0; repetition < series.repetitions; repetition++) {
    for (const scenario of series.scenarios) {
      const turn = repetition % series.duts.length
      for (const dut of [...series.duts.slice(turn), ...series.duts.slice(0, turn)]) {
        const place = `${scenario} ${dut.name}`
        if (hopeless.has(place) || !takesPart(dut, scenario, series.everywhere)) continue
        const result = await runOnce(series.evpnload, dut, scenario)
        if (!result.ok) hopeless.add(place)
        yield { scenario, dut: dut.name, repetition, load1: loadavg()[0]!, result }
      }
    }
  }
}

function takesPart({ name, without, only }: Dut, scenario: string, everywhere: readonly string[]): boolean {
  if (without?.scenarios?.includes(scenario)) return false
  return only === undefined || only.scenarios.includes(scenario) || everywhere.includes(name)
}

async function runOnce(evpnload: string, dut: Dut, name: string): Promise<LoadResult> {
  const scenario = SCENARIOS[name]!
  const running = await start(dut)
  if (typeof running === 'string') return { ok: false, phases: [], trouble: `${dut.name} does not start: ${running}` }
  try {
    const phases = scenario.phases.filter((phase) => !dut.without?.phases?.includes(phase))
    const where = { port: running.place.port, as: ASN, pid: running.pid, settle: SETTLE_MS, timeout: TIMEOUT_SECONDS }
    const result = await runLoad(evpnload, loadArguments({ ...where, ...scenario.load, ...dut.load }, phases))
    if (!running.alive()) return { ...result, ok: false, trouble: `${dut.name} has ended: ${running.lastWords()}` }
    return result.ok ? result : { ...result, trouble: [result.trouble, running.lastWords()].filter(Boolean).join('\n') }
  } finally {
    await running.stop()
  }
}

/** A run in a line. */
export function formatRun({ scenario, dut, repetition, result }: Run): string {
  const phases = result.phases.map(
    ({ phase, t_s, p50_us }) =>
      `${phase}${t_s === undefined ? '' : ` ${t_s.toFixed(3)} s`}${p50_us === undefined ? '' : ` p50 ${(p50_us / 1000).toFixed(1)} ms`}`,
  )
  const start = `${scenario.padEnd(10)} ${dut.padEnd(7)} ${repetition + 1}  `
  return start + (result.ok ? phases.join(', ') : `WRONG: ${whatIsWrong(result)}`)
}
