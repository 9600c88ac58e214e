/** The page of figures, `docs/performance.md`, made from a file of results. */
import { writeFileSync } from 'node:fs'
import { type FloodResult, RATIO_MOST, ratio } from './flood/result.ts'
import { formatMachine } from './machine.ts'
import { type Figures, figures } from './reflect/figures.ts'
import { SCENARIOS } from './reflect/scenarios.ts'
import { formatRatio, formatSeconds, missedTargets, OWN } from './reflect/table.ts'
import { MOST, type Quickness, WHILE } from './responsiveness/result.ts'
import { type Results, readResults } from './results.ts'
import type { SessionsResult } from './sessions/result.ts'

const PAGE = new URL('../../docs/performance.md', import.meta.url).pathname

/** Writes the page from the results in `path`; returns its own path. */
export function writePage(path: string): string {
  writeFileSync(PAGE, page(readResults(path)))
  return PAGE
}

export function page(results: Results): string {
  // A file to which several calls have added has each repetition several times.
  const runs = Map.groupBy(results.runs, ({ scenario, dut }) => `${scenario} ${dut}`)
  const repetitions = Math.max(1, ...[...runs.values()].map(({ length }) => length))
  return [
    '# How fast it is',
    `Measured on ${formatMachine(results.machine)}: ${Object.values(results.titles).join('; ')}.`,
    `Every reflector runs the same scenario, one after the other, ${repetitions === 1 ? 'once' : `${repetitions} times, medians below`}, and every route that comes out is
compared octet by octet with what went in. Load generator and reflector share the machine. To get these figures anew (how it is measured: [test/bench](../test/bench/README.md)):`,
    '```sh\nnpm run bench -- --reps 3 --out results.json\nnpm run bench -- responsiveness --out results.json\nnpm run bench -- flood --out results.json\nnpm run bench -- sessions --duts fednva,frr --out results.json\nnpm run bench -- --page results.json      # writes this page\n```',
    ...(results.runs.length > 0 ? reflection(results) : []),
    ...(results.responsiveness === undefined ? [] : quickness(results.responsiveness.routes, results.responsiveness.phases)),
    ...(results.flood === undefined ? [] : flooded(results.flood)),
    ...(results.sessions === undefined ? [] : crowd(results.sessions)),
  ]
    .join('\n\n')
    .concat('\n')
}

function reflection({ runs }: Results): string[] {
  const all = figures(runs)
  const own = all.filter(({ dut }) => dut === OWN)
  const ratio = (one: Figures, other: string, measure: 'seconds' | 'cpuSeconds' | 'peakKb') => formatRatio(one, all, other, measure) || '-'
  const rows = own
    .filter(({ phase }) => phase !== 'idle')
    .map((one) => [
      title(one),
      one.failed > 0 ? '**WRONG**' : formatSeconds(one.seconds),
      ratio(one, 'frr', 'seconds'),
      ratio(one, 'gobgp', 'seconds'),
      ratio(one, 'null', 'seconds'),
      formatSeconds(one.cpuSeconds) || '-',
      ratio(one, 'frr', 'cpuSeconds'),
      one.peakKb === null ? '-' : `${(one.peakKb / 1024).toFixed(0)} MiB`,
      ratio(one, 'frr', 'peakKb'),
      one.octetsPerRoute?.toFixed(0) ?? '-',
    ])
  const missed = missedTargets(runs)
  return [
    '## Reflecting',
    'Time until the last of all receivers has all routes, CPU seconds of the reflector, its peak memory, resident octets per route; beside them the ratio to the same figure of the others. The null relay copies octets and understands nothing: it is the least that any reflector could take.',
    markdown(['', 'Time', '/ FRR', '/ GoBGP', '/ null', 'CPU', '/ FRR', 'Peak', '/ FRR', 'B/route'], rows),
    missed.length === 0 ? 'All targets are met.' : `Targets missed:\n\n${missed.map((what) => `- ${what}`).join('\n')}`,
  ]
}

function title({ scenario, phase }: Figures): string {
  const what = SCENARIOS[scenario]?.title ?? scenario
  return phase === 'initial' ? what : `${what}: ${phase}`
}

function quickness(routes: number, phases: readonly Quickness[]): string[] {
  const ms = (value: number) => `${value.toFixed(1)} ms`
  const rows = phases.map((one) => [
    WHILE[one.phase],
    ms(one.longestBlock),
    ms(one.latestKeepalive),
    ms(one.answerP50),
    ms(one.answerP99),
    ms(one.answerMost),
  ])
  return [
    '## Staying responsive',
    `While ${routes.toLocaleString('en')} routes come and go: how long the event loop was blocked at most (to be ${MOST.longestBlock} ms at most), how late a KEEPALIVE was (${MOST.latestKeepalive} ms), and how long the API took to answer (p99 ${MOST.answerP99} ms).`,
    markdown(['While', 'Longest block', 'Latest KEEPALIVE', 'API p50', 'p99', 'most'], rows),
  ]
}

const FLOODED: Readonly<Record<string, string>> = {
  within: 'all of it within the limits',
  unpacked: 'the same, one route in an UPDATE and attributes of its own',
  gateway: 'all of it within the limits, through a gateway',
  rate: 'far beyond its changes a second',
  unshared: 'of a VN that is not shared',
}

function flooded(results: readonly FloodResult[]): string[] {
  const ms = (value: number) => `${value.toFixed(2)} ms`
  const rows = results.map((one) => [
    FLOODED[one.flood] ?? one.flood,
    `${Math.round(one.changesPerSecond / 1000)} k`,
    ms(one.quiet.p50),
    ms(one.quiet.p99),
    ms(one.flooded.p50),
    ms(one.flooded.p99),
    ratio(one).toFixed(2),
  ])
  return [
    '## While another domain floods',
    `How long a MAC that is attached or moves takes from one local NVE to the other, while all is quiet and while a federated domain sends changes as fast as TCP takes them (p99 to be ${RATIO_MOST} times the quiet one at most).`,
    markdown(['What it sends', 'Changes/s', 'Quiet p50', 'p99', 'Flooded p50', 'p99', 'p99 ratio'], rows),
  ]
}

function crowd(results: readonly SessionsResult[]): string[] {
  const rows = results.map((one) => [
    one.dut,
    String(one.sessions),
    `${one.upSeconds.toFixed(1)} s`,
    `${one.loadSeconds.toFixed(1)} s`,
    `${(one.watchedSeconds / 60).toFixed(0)} min`,
    String(one.lost),
    `${one.cpuPercent.toFixed(1)} %`,
    `${(one.residentKb / 1024).toFixed(0)} MiB`,
  ])
  const { holdTimeSeconds, routes } = results[0] ?? { holdTimeSeconds: 0, routes: 0 }
  return [
    '## Many sessions',
    `Sessions with a hold time of ${holdTimeSeconds} s and ${routes.toLocaleString('en')} routes; then only KEEPALIVEs. CPU in percent of one core.`,
    markdown(['', 'Sessions', 'All up in', 'All routes in', 'Watched', 'Lost', 'CPU', 'Resident'], rows),
  ]
}

function markdown(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(heads), line(heads.map((_, index) => (index === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n')
}
