import { expect, test } from 'vitest'
import { Slice } from '../../src/speaker/slice.ts'

/** Sizes of `times` goes, when each thing takes `cost` ms. */
function sizes(slice: Slice, clock: { ms: number }, cost: number, times: number): number[] {
  return Array.from({ length: times }, () => {
    let done = 0
    slice.do((many) => {
      done = many
      clock.ms += many * cost
    })
    return done
  })
}

function slice() {
  const clock = { ms: 0 }
  return { clock, slice: new Slice(4096, 5, () => clock.ms) }
}

test('begins with few, and does as many as may be where it takes no time', () => {
  const one = slice()
  expect(sizes(one.slice, one.clock, 0, 5)).toEqual([512, 1024, 2048, 4096, 4096])
})

test('takes about as long as it may, however long each takes', () => {
  const one = slice()
  for (const cost of [0.1, 0.004]) {
    const after = sizes(one.slice, one.clock, cost, 12).slice(6)
    for (const size of after) expect([size * cost > 2, size * cost <= 5.5 || size === 64]).toEqual([true, true])
  }
})

test('work that begins anew begins with few', () => {
  const one = slice()
  sizes(one.slice, one.clock, 0, 4)
  one.slice.reset()
  expect(sizes(one.slice, one.clock, 0, 1)).toEqual([512])
})
