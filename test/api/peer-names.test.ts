import { expect, test } from 'vitest'
import { isCalled, noSuchPeer, someOf } from '../../src/api/peer-names.ts'

const LEAF = { name: 'leaf1', address: '192.0.2.11' }

test('a peer is meant by its name or its address, and by nothing else', () => {
  expect(['leaf1', '192.0.2.11', 'leaf', '', '192.0.2.1'].map((who) => isCalled(LEAF, who))).toEqual([true, true, false, false, false])
  expect(isCalled({ name: null, address: '192.0.2.11' }, 'null')).toBe(false)
})

test('who names nobody hears whom there is, twelve of them at most', () => {
  expect(noSuchPeer([LEAF], 'leaf9')).toBe('no peer leaf9; there is leaf1')
  expect(noSuchPeer([], 'leaf9')).toBe('no peer leaf9; there is none')
  const names = Array.from({ length: 13 }, (_, i) => `leaf${i}`)
  expect(someOf(names.slice(0, 12))).toBe(names.slice(0, 12).join(', '))
  expect(someOf(names)).toBe(`${names.slice(0, 12).join(', ')}, ...`)
})
