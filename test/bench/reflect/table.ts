/** The figures as a table for people. */
import { type Column, formatTable } from '../../../src/cli/table.ts'
import type { Run } from '../results.ts'
import { type Figures, figures, type Measure } from './figures.ts'
import { missed } from './targets.ts'

/** The one the targets are for. */
export const OWN = 'fednva'

const NONE = ''

export function formatFigures(runs: readonly Run[]): string {
  const all = figures(runs)
  const ratio = (own: Figures, other: string, measure: Measure) => formatRatio(own, all, other, measure)
  const columns: Column<Figures>[] = [
    { head: 'Scenario', cell: ({ scenario }) => scenario },
    { head: 'Phase', cell: ({ phase }) => phase },
    { head: 'Who', cell: ({ dut }) => dut },
    { head: 'Runs', right: true, cell: ({ runs, failed }) => (failed > 0 ? `${failed} WRONG` : runs) },
    { head: 'Time', right: true, cell: ({ seconds }) => formatSeconds(seconds) },
    { head: '/frr', right: true, cell: (own) => ratio(own, 'frr', 'seconds') },
    { head: '/null', right: true, cell: (own) => ratio(own, 'null', 'seconds') },
    {
      head: 'CPU',
      right: true,
      cell: ({ cpuSeconds, idlePercent }) => (idlePercent === null ? formatSeconds(cpuSeconds) : `${idlePercent.toFixed(2)} %`),
    },
    { head: '/frr', right: true, cell: (own) => ratio(own, 'frr', 'cpuSeconds') },
    { head: 'Peak', right: true, cell: ({ peakKb }) => (peakKb === null ? NONE : `${(peakKb / 1024).toFixed(0)} MiB`) },
    { head: '/frr', right: true, cell: (own) => ratio(own, 'frr', 'peakKb') },
    { head: 'B/route', right: true, cell: ({ octetsPerRoute }) => octetsPerRoute?.toFixed(0) ?? NONE },
    {
      head: '',
      cell: (own) =>
        own.dut === OWN
          ? missed(own, all)
              .map((what) => `MISSED ${what}`)
              .join('; ')
          : NONE,
    },
  ]
  return formatTable(columns, all)
}

/** Of fednva, with the place. */
export function missedTargets(runs: readonly Run[]): string[] {
  const all = figures(runs)
  return all.filter(({ dut }) => dut === OWN).flatMap((own) => missed(own, all).map((what) => `${own.scenario}, ${own.phase}: ${what}`))
}

export function formatRatio(own: Figures, all: readonly Figures[], other: string, measure: Measure): string {
  if (own.dut === other) return NONE
  const value = own[measure]
  const theirs = all.find(({ scenario, phase, dut }) => scenario === own.scenario && phase === own.phase && dut === other)?.[measure]
  if (value === null || !theirs) return NONE
  const ratio = value / theirs
  return ratio.toFixed(ratio < 0.1 ? 3 : ratio < 10 ? 2 : 0)
}

export function formatSeconds(seconds: number | null): string {
  if (seconds === null) return NONE
  if (seconds < 0.1) return `${(seconds * 1000).toFixed(seconds < 0.01 ? 2 : 1)} ms`
  return `${seconds.toFixed(seconds < 10 ? 3 : 1)} s`
}
