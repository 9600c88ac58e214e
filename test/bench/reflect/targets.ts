/** What fednva has set out to reach: ratios to others in the same runs, and octets per route. */
import type { Figures, Measure } from './figures.ts'

export interface Target {
  readonly scenario: string
  readonly phase: string
  readonly measure: Measure
  /** Ratio to the same figure of that one; null: the figure itself. */
  readonly against: string | null
  readonly most: number
}

const MEASURES = [
  ['seconds', 'frr'],
  ['cpuSeconds', 'frr'],
  ['peakKb', 'frr'],
  ['seconds', 'null'],
] as const

/** Ratios of time, CPU and peak memory to FRR, and of time to the null relay. */
function ratios(scenarios: string, phases: string, most: readonly (number | null)[]): Target[] {
  return scenarios
    .split(' ')
    .flatMap((scenario) => phases.split(' ').map((phase) => ({ scenario, phase: phase.replace('_', ' ') })))
    .flatMap((place) =>
      MEASURES.flatMap(([measure, against], index): Target[] => {
        const limit = most[index] ?? null
        return limit === null ? [] : [{ ...place, measure, against, most: limit }]
      }),
    )
}

export const TARGETS: readonly Target[] = [
  ...ratios('small', 'initial', [0.4, 0.5, null, 6]),
  ...ratios('medium', 'initial', [0.3, 0.35, 0.7, 2.5]),
  ...ratios('large', 'initial', [0.2, 0.25, 0.22, 4]),
  ...ratios('fanout', 'initial', [0.6, 0.45, 1.1, 1.2]),
  ...ratios('unpacked sparse', 'initial', [0.25, 0.3, 0.8, 4]),
  ...ratios('latejoin1 latejoin latelarge ops', 'latejoin', [0.08, 0.2, null, 1.6]),
  ...ratios('ops', 'withdraw readvertise attrchange move', [0.35, 0.4, null, 2.5]),
  // The null relay withdraws nothing of a peer that is gone.
  ...ratios('ops', 'peerloss', [0.35, 0.4]),
  ...ratios('ops', 'latency_p50', [0.06, null, null, 1.8]),
  ...ratios('ops', 'latency_p99', [0.15]),
  ...ratios('stalled', 'attrchange', [0.3]),
  { scenario: 'large', phase: 'initial', measure: 'octetsPerRoute', against: null, most: 150 },
  { scenario: 'sparse', phase: 'initial', measure: 'octetsPerRoute', against: null, most: 400 },
  { scenario: 'tiny', phase: 'initial', measure: 'seconds', against: 'gobgp', most: 0.1 },
]

const IN_WORDS: Readonly<Record<Measure, string>> = {
  seconds: 'time',
  cpuSeconds: 'CPU',
  peakKb: 'peak memory',
  octetsPerRoute: 'octets per route',
}

/** In words, which targets these figures of fednva miss; `all` has those of the others. */
export function missed(own: Figures, all: readonly Figures[]): string[] {
  return TARGETS.filter(({ scenario, phase }) => scenario === own.scenario && phase === own.phase).flatMap((target) => {
    const value = heldAgainst(target, own, all)
    if (value === null || value <= target.most) return []
    const against = target.against === null ? '' : ` / ${target.against}`
    return [`${IN_WORDS[target.measure]}${against} ${rounded(value)}, at most ${target.most}`]
  })
}

/** Null: not measured, or there is nothing to hold it against. */
function heldAgainst({ measure, against }: Target, own: Figures, all: readonly Figures[]): number | null {
  const value = own[measure]
  if (against === null || value === null) return value
  const other = all.find(({ scenario, phase, dut }) => scenario === own.scenario && phase === own.phase && dut === against)?.[measure]
  return other ? value / other : null
}

function rounded(value: number): string {
  return value >= 10 ? value.toFixed(0) : value.toFixed(2)
}
