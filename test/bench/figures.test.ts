/** What the benchmark makes of its runs: medians, ratios, targets, and that a wrong result is told. */
import { expect, test } from 'vitest'
import { type LoadResult, loadArguments, type Phase, whatIsWrong } from './load/evpnload.ts'
import { figures } from './reflect/figures.ts'
import { SCENARIOS } from './reflect/scenarios.ts'
import { formatFigures, missedTargets } from './reflect/table.ts'
import { TARGETS } from './reflect/targets.ts'
import type { Run } from './results.ts'

function run(dut: string, scenario: string, repetition: number, phases: readonly Partial<Phase>[], more: Partial<LoadResult> = {}): Run {
  const whole = phases.map((phase) => ({ phase: 'initial', ok: true, ...phase }))
  return { scenario, dut, repetition, load1: 0, result: { ok: true, phases: whole, ...more } }
}

test('a figure is the median of the repetitions', () => {
  const runs = [3, 1, 8].map((t_s, repetition) =>
    run('fednva', 'large', repetition, [{ t_s, dut_cpu_settled_s: 2 * t_s, hwm_kb: 10 * t_s }]),
  )
  expect(figures(runs)).toMatchObject([{ scenario: 'large', phase: 'initial', runs: 3, failed: 0, seconds: 3, cpuSeconds: 6, peakKb: 30 }])
})

test('a phase that comes several times in a run is several samples, and its peak is the last', () => {
  const phases = [1, 2, 6].map((t_s) => ({ phase: 'attrchange', t_s, hwm_kb: 100 * t_s }))
  expect(figures([run('fednva', 'stalled', 0, phases)])).toMatchObject([{ phase: 'attrchange', runs: 1, seconds: 2, peakKb: 600 }])
})

test('targets are ratios to others in the same place', () => {
  const own = run('fednva', 'medium', 0, [{ t_s: 0.31, dut_cpu_settled_s: 0.35, hwm_kb: 60 }])
  const frr = run('frr', 'medium', 0, [{ t_s: 1, dut_cpu_settled_s: 1, hwm_kb: 100 }])
  const relay = run('null', 'medium', 0, [{ t_s: 0.1 }])
  expect(missedTargets([own])).toEqual([])
  expect(missedTargets([own, frr, relay])).toEqual([
    'medium, initial: time / frr 0.31, at most 0.3',
    'medium, initial: time / null 3.10, at most 2.5',
  ])
})

test('latency is two figures, with targets of their own', () => {
  const latency = (dut: string, p50_us: number, p99_us: number) => run(dut, 'ops', 0, [{ phase: 'latency', p50_us, p99_us }])
  expect(missedTargets([latency('fednva', 2000, 9000), latency('frr', 52_000, 53_000)])).toEqual([
    'ops, latency p99: time / frr 0.17, at most 0.15',
  ])
})

test('octets per route are held against a number', () => {
  expect(missedTargets([run('fednva', 'large', 0, [{ t_s: 1 }], { rss_per_route_b: 151 })])).toEqual([
    'large, initial: octets per route 151, at most 150',
  ])
})

test('a run that went wrong gives no figure and stands in the table as wrong', () => {
  const wrong = run('fednva', 'medium', 0, [{ ok: false, missing: 12, t_s: 0 }], { ok: false, errors: { nlri: 3, rt: 0 }, drops: 1 })
  expect(whatIsWrong(wrong.result)).toBe('3 x nlri; initial not reached, 12 routes missing or wrong; 1 sessions lost')
  expect(formatFigures([wrong])).toMatch(/medium +initial +fednva +1 WRONG$/m)
  expect(whatIsWrong({ ok: false, phases: [] })).not.toBe('')
})

test('every target is of a scenario and a phase that is run', () => {
  const PHASES: Readonly<Record<string, readonly string[]>> = {
    churn: ['withdraw', 'readvertise'],
    attr: ['attrchange'],
    latency: ['latency p50', 'latency p99'],
  }
  for (const { scenario, phase } of TARGETS) expect(SCENARIOS[scenario]?.phases.flatMap((name) => PHASES[name] ?? [name])).toContain(phase)
})

test('options of the load generator are words of a command line', () => {
  expect(loadArguments({ senders: 4, 'no-reflect': true }, ['initial', 'churn'])).toEqual([
    ...['--senders', '4', '--no-reflect'],
    ...['--phases', 'initial,churn'],
  ])
})
