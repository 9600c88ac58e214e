import { expect, test } from 'vitest'
import { page } from './page.ts'
import type { Results } from './results.ts'

const MACHINE = { cpu: 'A CPU', cores: 2, memoryGib: 24, kernel: '6.1', date: '2026-11-25' }

function run(dut: string, t_s: number, hwm_kb: number) {
  const phases = [{ phase: 'initial', ok: true, t_s, dut_cpu_settled_s: t_s, hwm_kb }]
  return { scenario: 'medium', dut, repetition: 0, load1: 0, result: { ok: true, phases, rss_per_route_b: 200 } }
}

const RESULTS: Results = {
  machine: MACHINE,
  titles: { fednva: 'fednva 1', frr: 'FRR 8' },
  runs: [run('fednva', 0.5, 102_400), run('frr', 1, 204_800)],
}

test('the page has the machine, the figures with their ratios, and what is missed', () => {
  const text = page(RESULTS)
  expect(text).toContain('A CPU, 2 cores, 24 GiB, Linux 6.1, 2026-11-25: fednva 1; FRR 8.')
  expect(text).toContain('| 100,000 routes, 30 sessions | 0.500 s | 0.50 | - | - | 0.500 s | 0.50 | 100 MiB | 0.50 | 200 |')
  expect(text).toContain('- medium, initial: time / frr 0.50, at most 0.3')
  expect(text).not.toContain('## Many sessions')
  expect(text).toContain('one after the other, once,')
  expect(page({ ...RESULTS, runs: [...RESULTS.runs, ...RESULTS.runs] })).toContain('2 times, medians below')
})

test('what was measured beside stands below', () => {
  const phase = {
    phase: 'load',
    seconds: 3,
    longestBlock: 7.5,
    keepalives: 9,
    latestKeepalive: 0,
    answers: 60,
    answerP50: 2,
    answerP99: 9,
    answerMost: 11,
    ownWait: 1,
  } as const
  const crowd = {
    dut: 'fednva',
    sessions: 1000,
    routes: 20_000,
    holdTimeSeconds: 9,
    upSeconds: 1,
    loadSeconds: 2,
    watchedSeconds: 600,
    lost: 0,
    cpuPercent: 9.6,
  }
  const times = (p50: number, p99: number) => ({ probes: 1500, p50, p99, most: 9 })
  const text = page({
    ...RESULTS,
    flood: [{ flood: 'rate', quiet: times(0.4, 1.5), flooded: times(0.5, 2.4), changesPerSecond: 380_400, toldPerSecond: 1000 }],
    responsiveness: { routes: 1_000_000, phases: [phase] },
    sessions: [{ ...crowd, keepalives: 1, latestKeepaliveMs: 0, residentKb: 102_400 }],
  })
  expect(text).toContain('| far beyond its changes a second | 380 k | 0.40 ms | 1.50 ms | 0.50 ms | 2.40 ms | 1.60 |')
  expect(text).toContain('| routes come in | 7.5 ms | 0.0 ms | 2.0 ms | 9.0 ms | 11.0 ms |')
  expect(text).toContain('| fednva | 1000 | 1.0 s | 2.0 s | 10 min | 0 | 9.6 % | 100 MiB |')
})
