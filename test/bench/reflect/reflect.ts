/** The benchmark of reflection, from the options of the command line to the exit code. */
import { type DutName, findDuts } from '../duts/table.ts'
import { build } from '../load/build.ts'
import { whatIsWrong } from '../load/evpnload.ts'
import { formatMachine } from '../machine.ts'
import { newResults, type Run, readOrNew, writeResults } from '../results.ts'
import { DEFAULT_SCENARIOS, QUICK_SCENARIOS } from './scenarios.ts'
import { formatRun, runSeries } from './series.ts'
import { formatFigures, missedTargets, OWN } from './table.ts'

export interface ReflectOptions {
  readonly scenarios?: readonly string[]
  readonly duts?: readonly DutName[]
  readonly reps: number
  readonly quick?: boolean
  readonly before?: string
  readonly check?: boolean
  readonly json?: boolean
  readonly out?: string
}

const USUAL: readonly DutName[] = ['fednva', 'frr', 'gobgp', 'null']

/** 0: good; 1: fednva reflected something wrong, or with `check` missed a target; 2: it could not be measured. */
export async function reflect(options: ReflectOptions): Promise<number> {
  const say = (line: string) => process.stderr.write(`${line}\n`)
  const evpnload = build('evpnload')
  if (evpnload === null) {
    say('There is no C compiler (apt-get install gcc libc6-dev, or CC=/path/of/one): the load generator cannot be made.')
    return 2
  }
  const names = [...(options.duts ?? USUAL), ...(options.before === undefined ? [] : (['before'] as const))]
  const { duts, missing } = findDuts([...new Set(names)], options.before)
  for (const { missing: what } of missing) say(what)
  const scenarios = options.scenarios ?? (options.quick ? QUICK_SCENARIOS : DEFAULT_SCENARIOS)
  for (const { only, title, name } of duts)
    if (only && !options.duts?.includes(name as DutName)) say(`${title} only in ${only.scenarios.join(', ')}: ${only.why}`)

  const results = readOrNew(options.out)
  const now = newResults()
  Object.assign(results, { machine: now.machine })
  for (const { name, title } of duts) results.titles[name] = title
  const runs: Run[] = []
  say(`${formatMachine(results.machine)}: ${duts.map(({ title }) => title).join('; ')}`)
  for await (const run of runSeries({ evpnload, scenarios, duts, everywhere: options.duts ?? [], repetitions: options.reps })) {
    runs.push(run)
    results.runs.push(run)
    say(formatRun(run))
    if (options.out !== undefined) writeResults(options.out, results)
  }
  console.log(options.json ? JSON.stringify({ ...now, titles: results.titles, runs }, null, 1) : `\n${formatFigures(runs)}`)
  return verdict(runs, options.check === true, say)
}

function verdict(runs: readonly Run[], check: boolean, say: (line: string) => void): number {
  const wrong = runs.filter(({ result }) => !result.ok)
  for (const { scenario, dut, result } of wrong) say(`WRONG RESULT of ${dut} in ${scenario}: ${whatIsWrong(result)}`)
  const behind = missedTargets(runs)
  for (const target of behind) say(`target missed: ${target}`)
  if (wrong.some(({ dut }) => dut === OWN)) return 1
  return check && behind.length > 0 ? 1 : 0
}
