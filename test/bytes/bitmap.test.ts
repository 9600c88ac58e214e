import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Bitmap } from '../../src/bytes/bitmap.ts'

describe('Bitmap', () => {
  test('is a set whose lowest member comes out first', () => {
    const operation = fc.oneof(fc.nat(100), fc.nat(100_000), fc.constant(-1))
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 400, size: 'max' }), (operations) => {
        const bitmap = new Bitmap()
        const model = new Set<number>()
        for (const member of operations) {
          if (member < 0) {
            const lowest = model.size === 0 ? -1 : Math.min(...model)
            expect(bitmap.takeLowest()).toBe(lowest)
            model.delete(lowest)
          } else {
            bitmap.add(member)
            model.add(member)
            expect(bitmap.has(member)).toBe(true)
          }
          expect(bitmap.size).toBe(model.size)
        }
        for (const member of [...model].sort((a, b) => a - b)) expect(bitmap.takeLowest()).toBe(member)
        expect(bitmap.takeLowest()).toBe(-1)
      }),
      { numRuns: 200 },
    )
  })

  test('takes members far beyond twice its room, and the last bit of a word', () => {
    const bitmap = new Bitmap()
    for (const member of [31, 63, 5_000_031, 1023]) bitmap.add(member)
    expect(bitmap.has(5_000_030)).toBe(false)
    expect(bitmap.has(99_999_999)).toBe(false)
    expect([1, 2, 3, 4].map(() => bitmap.takeLowest())).toEqual([31, 63, 1023, 5_000_031])
  })
})
