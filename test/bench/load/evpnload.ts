/** Runs the load generator `evpnload.c` against a reflector and reads what it measured and verified. */
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'

/** Options of `evpnload --help` by name without dashes; true: an option without a value. */
export type LoadOptions = Readonly<Record<string, number | string | true>>

/** One phase as `evpnload` prints it. Times in seconds, unless the name says `us`; CPU is the reflector's, children included. */
export interface Phase {
  readonly phase: string
  /** Every receiver had every route as it was sent, and no other. */
  readonly ok: boolean
  readonly t_s?: number
  readonly t_est_s?: number
  /** After the quiet time behind the phase, so that work put off is counted. */
  readonly dut_cpu_settled_s?: number
  readonly gen_cpu_s?: number
  readonly rss_kb?: number
  /** Highest resident memory until now. */
  readonly hwm_kb?: number
  readonly missing?: number
  readonly p50_us?: number
  readonly p99_us?: number
  readonly dut_cpu_pct?: number
}

export interface LoadResult {
  readonly ok: boolean
  readonly phases: readonly Phase[]
  readonly routes?: number
  readonly hwm_kb?: number
  readonly rss_per_route_b?: number
  /** What was wrong in what was received, by kind. */
  readonly errors?: Readonly<Record<string, number>>
  /** Stalled sessions that the reflector ended. */
  readonly stalled_dropped?: number
  readonly drops?: number
  /** Why there is no more than this. */
  readonly trouble?: string
}

export function loadArguments(options: LoadOptions, phases: readonly string[]): string[] {
  const words = Object.entries(options).flatMap(([name, value]) => (value === true ? [`--${name}`] : [`--${name}`, String(value)]))
  return [...words, '--phases', phases.join(',')]
}

/** `output` is called with all that was printed so far, as more comes. */
export async function runLoad(
  program: string,
  words: readonly string[],
  output: (printed: string) => void = () => {},
): Promise<LoadResult> {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] })
  const complaints = text(child.stderr)
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    printed += more
    output(printed)
  })
  const stop = () => child.kill('SIGKILL')
  process.once('exit', stop)
  await new Promise((resolve) => child.once('close', resolve))
  process.removeListener('exit', stop)
  const said = (await complaints).trim()
  try {
    const result = JSON.parse(printed) as LoadResult
    return result.ok || said === '' ? result : { ...result, trouble: said }
  } catch {
    return { ok: false, phases: [], trouble: said || `evpnload ended without a result: ${printed.slice(-300)}` }
  }
}

/** What was wrong, in words; empty: nothing. */
export function whatIsWrong(result: LoadResult): string {
  if (result.ok) return ''
  const errors = Object.entries(result.errors ?? {}).flatMap(([kind, count]) => (count > 0 ? [`${count} x ${kind}`] : []))
  const unfinished = result.phases.flatMap(({ phase, ok, missing }) =>
    ok ? [] : [`${phase} not reached, ${missing ?? '?'} routes missing or wrong`],
  )
  const lost = (result.drops ?? 0) > 0 ? [`${result.drops} sessions lost`] : []
  return [...errors, ...unfinished, ...lost, ...(result.trouble ? [result.trouble] : [])].join('; ') || 'no reason given'
}
