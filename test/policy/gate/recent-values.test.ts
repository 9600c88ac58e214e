import { expect, test } from 'vitest'
import { ByteKey, KEY_START } from '../../../src/bytes/byte-key.ts'
import { LONGEST, RecentValues } from '../../../src/policy/gate/recent-values.ts'

/** With one pair all keys are in each other's way. */
const values = () => new RecentValues<string>(1)

function key(...octets: number[]): ByteKey {
  const made = new ByteKey(2 * LONGEST)
  made.octets.set(octets, KEY_START)
  made.seal(KEY_START + octets.length)
  return made
}

test('two keys are known, and the one asked for longest ago makes way', () => {
  const it = values()
  it.remember(key(1, 2, 3, 4, 5), 'five')
  it.remember(key(1, 2, 3, 4, 6), 'six')
  expect(it.find(key(1, 2, 3, 4, 5))).toBe('five')
  it.remember(key(1, 2), 'short')
  expect([key(1, 2, 3, 4, 5), key(1, 2, 3, 4, 6), key(1, 2)].map((one) => it.find(one))).toEqual(['five', undefined, 'short'])
})

test('what is found are those octets, and as many', () => {
  const it = values()
  it.remember(key(1, 2, 3, 4, 5), 'five')
  expect([key(1, 2, 3, 4), key(1, 2, 3, 4, 6), key(1, 2, 3, 4, 5, 0)].map((one) => it.find(one))).toEqual([undefined, undefined, undefined])
})

test('what it was given may be written over; nothing, and what is too long', () => {
  const it = values()
  const mine = key(9, 1, 2, 3)
  it.remember(mine, 'mine')
  it.remember(key(), 'nothing')
  mine.octets.fill(0)
  mine.seal(KEY_START)
  expect([it.find(key(9, 1, 2, 3)), it.find(mine)]).toEqual(['mine', 'nothing'])
  const long = key(...new Array<number>(LONGEST + 1).fill(7))
  it.remember(long, 'long')
  expect(it.find(long)).toBe(undefined)
})
