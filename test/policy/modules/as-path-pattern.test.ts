/** Patterns over AS paths against the regular expressions of the language on a text of one character per AS; and that no path can make one slow. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AsPathPattern, parseAsPathPattern } from '../../../src/policy/modules/lookup/as-path-pattern.ts'
import { captured, withAttributes } from './route.ts'

const ALL = captured('update-all-attributes')
const route = (asns: readonly number[]) => withAttributes(ALL, { asPath: asns.length === 0 ? [] : [{ type: 'sequence', asns }] })

function pattern(text: string): AsPathPattern {
  const read = parseAsPathPattern(text)
  if (!read.ok) throw new Error(read.expected)
  return read.value
}

/** A pattern as typed here, and the same as a regular expression over the letters a to e, which stand for AS 1 to 5. */
interface Twin {
  readonly ours: string
  readonly theirs: string
}

const LETTERS = 'abcde'
const { twin } = fc.letrec<{ twin: Twin }>((tie) => {
  const child = tie('twin')
  return {
    twin: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.integer({ min: 1, max: 5 }).map((as) => ({ ours: `${as}`, theirs: LETTERS[as - 1]! })),
      fc.constant({ ours: '.', theirs: '.' }),
      fc.constant({ ours: '2-4', theirs: '[b-d]' }),
      fc.constantFrom({ ours: '^', theirs: '^' }, { ours: '$', theirs: '$' }, { ours: '()', theirs: '(?:)' }),
      fc.tuple(child, child).map(([a, b]) => ({ ours: `${a.ours} ${b.ours}`, theirs: a.theirs + b.theirs })),
      fc.tuple(child, child).map(([a, b]) => ({ ours: `(${a.ours}|${b.ours})`, theirs: `(?:${a.theirs}|${b.theirs})` })),
      fc
        .tuple(child, fc.constantFrom('*', '+', '?'))
        .map(([a, mark]) => ({ ours: `(${a.ours})${mark}`, theirs: `(?:${a.theirs})${mark}` })),
    ),
  }
})

test('says what a regular expression says', () => {
  fc.assert(
    fc.property(
      twin,
      fc.array(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 7 }), { minLength: 1, maxLength: 6 }),
      ({ ours, theirs }, paths) => {
        const compiled = pattern(ours)
        const expression = new RegExp(theirs)
        for (const path of paths) {
          const text = path.map((as) => LETTERS[as - 1]).join('')
          expect(compiled.matches(route(path)), `${ours} on ${path}`).toBe(expression.test(text))
        }
      },
    ),
    { numRuns: 1500 },
  )
})

test('alternatives reach over whole sequences, not over one AS', () => {
  expect([[1, 2], [3], [1, 3]].map((path) => pattern('^1 2|3$').matches(route(path)))).toEqual([true, true, true])
  expect([[1, 2], [3], [1, 3]].map((path) => pattern('^(1 2|3)$').matches(route(path)))).toEqual([true, true, false])
})

describe('what is no pattern is refused', () => {
  test.each([
    ['(65001', 'a ( without its )'],
    ['65001)', 'a ) without its ('],
    ['*', 'nothing to repeat'],
    ['65001 | +', 'nothing to repeat'],
    ['4294967296', 'is no AS number'],
    ['65010-65001', 'ends before it begins'],
    ['abc', 'is no AS number'],
    ['[1-2]', 'is no AS number'],
    ['', '"^$" for the empty path'],
    ['1 '.repeat(600), 'at most 1000 characters'],
    ['('.repeat(60), 'more than 50 deep'],
  ])('%s', (typed, why) => {
    const read = parseAsPathPattern(typed)
    expect(read.ok ? '' : read.expected).toContain(why)
  })
})

test('no path makes one think for long: the work grows with the path, not with the ways through the pattern', () => {
  // Backtracking takes 2^n steps for each of these.
  for (const typed of ['^(1*)*2$', '^((1|1)+)+$ 2', `^${'(1?)'.repeat(60)} 2$`, '^(.*.*.*.*.*.*.*.*.*.*)*2$']) {
    const compiled = pattern(typed)
    const long = route(Array.from({ length: 240 }, () => 1))
    const start = process.hrtime.bigint()
    expect(compiled.matches(long)).toBe(false)
    expect(Number(process.hrtime.bigint() - start) / 1e6).toBeLessThan(200)
  }
})

test('may be asked any number of times', () => {
  const compiled = pattern('^1+ 2$')
  for (let i = 0; i < 100; i++) {
    expect(compiled.matches(route([1, 1, 2]))).toBe(true)
    expect(compiled.matches(route([1, 1]))).toBe(false)
    expect(compiled.matches(route([]))).toBe(false)
  }
})
