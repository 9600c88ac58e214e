import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Arena, chunkOf, wordOf } from '../../src/bytes/arena.ts'

const CHUNK_WORDS = 1 << 15

describe('Arena', () => {
  test('blocks never overlap and never cross a chunk', () => {
    const operation = fc.record({
      release: fc.nat(9),
      words: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 16_384 + 2 })),
    })
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 120, size: 'max' }), (operations) => {
        const arena = new Arena()
        const blocks: { address: number; words: number; mark: number }[] = []
        let mark = 1
        for (const { release, words } of operations) {
          if (release < 4 && blocks.length > 0) {
            const [block] = blocks.splice(release % blocks.length, 1)
            arena.release(block!.address, block!.words)
          } else {
            const address = arena.allocate(words)
            expect(wordOf(address) + words).toBeLessThanOrEqual(CHUNK_WORDS)
            arena.words[chunkOf(address)]!.fill(mark, wordOf(address), wordOf(address) + words)
            blocks.push({ address, words, mark: mark++ })
          }
        }
        for (const { address, words, mark } of blocks) {
          const held = arena.words[chunkOf(address)]!.subarray(wordOf(address), wordOf(address) + words)
          expect(held.every((word) => word === mark)).toBe(true)
        }
        expect(arena.memory.used).toBe(4 * blocks.reduce((sum, { words }) => sum + words, 0))
      }),
      { numRuns: 100 },
    )
  })

  test('gives freed blocks of the same size out again before it takes more memory', () => {
    const arena = new Arena()
    const first = Array.from({ length: 1000 }, () => arena.allocate(7))
    for (const address of first) arena.release(address, 7)
    const second = Array.from({ length: 1000 }, () => arena.allocate(7))
    expect([...second].sort((a, b) => a - b)).toEqual(first)
    expect(arena.memory.used).toBe(28_000)
  })

  test('opens a new chunk when a block ends exactly at the end of one', () => {
    const arena = new Arena()
    const half = CHUNK_WORDS / 8
    const addresses = Array.from({ length: 9 }, () => arena.allocate(half))
    expect(addresses.map(chunkOf)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1])
    expect(arena.memory.held).toBe(2 * CHUNK_WORDS * 4)
  })
})
