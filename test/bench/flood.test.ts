import { expect, test } from 'vitest'
import { FLOODS } from './flood/floods.ts'
import { type FloodResult, slowed, timesOf } from './flood/result.ts'
import { attached, floodRound, isAttached } from './flood/routes.ts'

const NLRI_OF_TYPE_2 = 35

test('quantiles are of the measured times', () => {
  const times = timesOf(Array.from({ length: 200 }, (_, index) => 200 - index))
  expect(times).toEqual({ probes: 200, p50: 100, p99: 198, most: 200 })
})

test('more than twice the quiet time is told', () => {
  const times = (p99: number) => ({ probes: 100, p50: 1, p99, most: 9 })
  const result = (p99: number): FloodResult => ({
    ...{ flood: 'within', quiet: times(1.5), flooded: times(p99), changesPerSecond: 1, toldPerSecond: 1 },
  })
  expect(slowed([result(3)])).toEqual([])
  expect(slowed([result(3.3)])).toEqual(['flood within: p99 2.20 times the quiet one, at most 2'])
})

test('the NLRI of a probe is known by its NVE and its MAC', () => {
  const update = attached(2, 7, 1)
  const at = update.length - NLRI_OF_TYPE_2
  expect([isAttached(2, 7, update, at), isAttached(1, 7, update, at), isAttached(2, 8, update, at)]).toEqual([true, false, false])
})

test('a round of a flood changes every MAC three times and holds no probe', () => {
  for (const { sent } of Object.values(FLOODS)) {
    const round = floodRound({ ...sent, macs: 1000 })
    expect(round.reduce((sum, { changes }) => sum + changes, 0)).toBe(3000)
    for (const { octets } of round) expect(Buffer.from(octets).includes('0200f0', 'hex')).toBe(false)
  }
})
