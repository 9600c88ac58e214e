import { expect, test } from 'vitest'
import { Growth, grownInt32, grownUint8, grownUint16, grownUint32 } from '../../src/bytes/columns.ts'

test('a grown column keeps its entries and has zeros behind', () => {
  expect([...grownInt32(Int32Array.of(-1, 2), 4)]).toEqual([-1, 2, 0, 0])
  expect([...grownUint32(Uint32Array.of(2 ** 32 - 1), 2)]).toEqual([2 ** 32 - 1, 0])
  expect([...grownUint16(Uint16Array.of(65535), 2)]).toEqual([65535, 0])
  expect([...grownUint8(Uint8Array.of(255), 3)]).toEqual([255, 0, 0])
})

test('the columns of a table grow one at a time, all of them before there is no room', () => {
  const capacities = [1024, 1024, 1024]
  const growth = new Growth(
    1024,
    capacities.map((_, at) => (capacity: number) => {
      expect(capacity).toBe(2 * capacities[at]!)
      capacities[at] = capacity
    }),
  )
  for (let row = 0; row < 20_000; row++) {
    const before = [...capacities]
    while (row >= growth.due) growth.next()
    expect(before.filter((capacity, at) => capacity !== capacities[at]).length).toBeLessThan(2)
    expect(Math.min(...capacities)).toBeGreaterThan(row)
    // Nor much too early: a column is at least nine tenths full when it grows.
    expect(Math.max(...capacities)).toBeLessThan(Math.max(1025, 2.2 * row))
  }
})
