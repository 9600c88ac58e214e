import { expect, test } from 'vitest'
import { formatReload } from '../../src/cli/reload.ts'

const answer = { applied: true, problems: [], warnings: [], changes: [] }

test('what was changed is a line each, long lists are cut', () => {
  const many = Array.from({ length: 15 }, (_, i) => `leaf${i}`)
  const changes = [
    { what: 'peers added', count: 15, which: many },
    { what: 'peers removed', count: 1, which: ['old'] },
  ]
  expect(formatReload({ ...answer, changes, warnings: ['a.yaml:1:1: x'] })).toEqual({
    said: [`peers added (15): ${many.slice(0, 12).join(', ')}, and 3 more`, 'peers removed (1): old'],
    complained: ['warning: a.yaml:1:1: x'],
  })
  expect(formatReload(answer).said).toEqual(['nothing to change'])
})

test('of a configuration that was not taken every problem is told, and that nothing was changed', () => {
  expect(formatReload({ ...answer, applied: false, problems: ['a.yaml:1:1: x', 'a.yaml:2:1: y'] })).toEqual({
    said: [],
    complained: ['a.yaml:1:1: x', 'a.yaml:2:1: y', 'nothing was changed'],
  })
})
