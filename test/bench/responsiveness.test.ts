import { expect, test } from 'vitest'
import { type Quickness, slow } from './responsiveness/result.ts'

const QUICK: Quickness = {
  ...{ phase: 'load', seconds: 3, longestBlock: 20, keepalives: 9, latestKeepalive: 50, ownWait: 1 },
  ...{ answers: 60, answerP50: 2, answerP99: 100, answerMost: 200 },
}

test('what is as quick as it must be is not told', () => {
  expect(slow({ routes: 1, phases: [QUICK] })).toEqual([])
})

test('what is slower is told with its phase and its measure', () => {
  const phase = { ...QUICK, phase: 'dump' as const, longestBlock: 20.1, latestKeepalive: 51, answerP99: 101 }
  expect(slow({ routes: 1, phases: [QUICK, phase] })).toEqual([
    'dump: longest block 20.1 ms, at most 20',
    'dump: latest KEEPALIVE 51.0 ms, at most 50',
    'dump: p99 of the answers 101.0 ms, at most 100',
  ])
})
