/** Medians over the repetitions, by scenario, phase and who was measured. */
import type { Phase } from '../load/evpnload.ts'
import type { Run } from '../results.ts'

export interface Figures {
  readonly scenario: string
  /** Of the load generator; `latency` is two: `latency p50` and `latency p99`. */
  readonly phase: string
  readonly dut: string
  /** Runs that reached this phase well, and runs that did not. */
  readonly runs: number
  readonly failed: number
  readonly seconds: number | null
  readonly cpuSeconds: number | null
  readonly idlePercent: number | null
  readonly peakKb: number | null
  /** Resident octets per route when all are loaded. */
  readonly octetsPerRoute: number | null
}

export type Measure = 'seconds' | 'cpuSeconds' | 'peakKb' | 'octetsPerRoute'

/** In the order in which they were measured. A phase that comes several times in a run is several samples. */
export function figures(runs: readonly Run[]): Figures[] {
  const places = new Map<string, { scenario: string; phase: string; dut: string }>()
  for (const scenario of unique(runs.map((run) => run.scenario))) {
    const here = runs.filter((run) => run.scenario === scenario)
    const phases = unique(here.flatMap((run) => run.result.phases.flatMap(parts).map(({ name }) => name)))
    for (const phase of phases.length > 0 ? phases : ['initial'])
      for (const dut of unique(here.map((run) => run.dut))) places.set(`${scenario} ${phase} ${dut}`, { scenario, phase, dut })
  }
  return [...places.values()].map((place) => median(place, runs)).filter(({ runs, failed }) => runs + failed > 0)
}

function median({ scenario, phase, dut }: { scenario: string; phase: string; dut: string }, all: readonly Run[]): Figures {
  const runs = all.filter((run) => run.scenario === scenario && run.dut === dut)
  const reached = (run: Run) =>
    run.result.phases
      .filter(({ ok }) => ok)
      .flatMap(parts)
      .filter(({ name }) => name === phase)
  const good = runs.filter((run) => reached(run).length > 0)
  const samples = good.flatMap(reached)
  return {
    scenario,
    phase,
    dut,
    runs: good.length,
    failed: runs.filter((run) => !run.result.ok && reached(run).length === 0).length,
    seconds: middle(samples.map(({ seconds }) => seconds)),
    cpuSeconds: middle(samples.map(({ phase }) => phase.dut_cpu_settled_s)),
    idlePercent: middle(samples.map(({ phase }) => phase.dut_cpu_pct)),
    peakKb: middle(good.map((run) => reached(run).at(-1)?.phase.hwm_kb)),
    octetsPerRoute: phase === 'initial' ? middle(good.map(({ result }) => result.rss_per_route_b || undefined)) : null,
  }
}

/** A phase as what it measures. */
function parts(phase: Phase): { name: string; seconds: number | undefined; phase: Phase }[] {
  if (phase.p50_us === undefined || phase.p99_us === undefined) return [{ name: phase.phase, seconds: phase.t_s, phase }]
  return [
    { name: `${phase.phase} p50`, seconds: phase.p50_us / 1e6, phase },
    { name: `${phase.phase} p99`, seconds: phase.p99_us / 1e6, phase },
  ]
}

function middle(values: readonly (number | undefined)[]): number | null {
  const known = values.filter((value) => value !== undefined).sort((a, b) => a - b)
  const half = known.length >> 1
  if (known.length === 0) return null
  return known.length % 2 === 1 ? known[half]! : (known[half - 1]! + known[half]!) / 2
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)]
}
