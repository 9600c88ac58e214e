import { expect, test } from 'vitest'
import { LONGEST, RecentValues } from '../../../src/policy/gate/recent-values.ts'

/** With one pair all octet strings are in each other's way. */
const values = () => new RecentValues<string>(1)
const octets = Uint8Array.of(9, 1, 2, 3, 4, 5, 9, 1, 2, 3, 4, 6)

test('two strings are known, and the one asked for longest ago makes way', () => {
  const it = values()
  it.remember(octets, 1, 6, 'five')
  it.remember(octets, 7, 12, 'six')
  expect(it.find(octets, 1, 6)).toBe('five')
  it.remember(octets, 1, 3, 'short')
  expect([it.find(octets, 1, 6), it.find(octets, 7, 12), it.find(octets, 1, 3)]).toEqual(['five', undefined, 'short'])
})

test('what is found are those octets, as many, beside that number', () => {
  const it = values()
  it.remember(octets, 1, 6, 'one', 1)
  it.remember(octets, 1, 6, 'two', 2)
  expect([0, 1, 2].map((salt) => it.find(octets, 1, 6, salt))).toEqual([undefined, 'one', 'two'])
  expect(it.find(octets, 1, 5, 1)).toBe(undefined)
  expect(it.find(octets, 7, 12, 1)).toBe(undefined)
})

test('what it was given may be written over; nothing, and what is too long', () => {
  const it = values()
  const mine = Uint8Array.from(octets)
  it.remember(mine, 0, 4, 'mine')
  it.remember(mine, 0, 0, 'nothing')
  mine.fill(0)
  expect([it.find(octets, 0, 4), it.find(octets, 5, 5)]).toEqual(['mine', 'nothing'])
  const long = new Uint8Array(LONGEST + 1)
  it.remember(long, 0, long.length, 'long')
  expect(it.find(long, 0, long.length)).toBe(undefined)
})
