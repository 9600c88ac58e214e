import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkText } from '../../src/config/check-text.ts'
import { checkEdgeText } from '../../src/config/edge.ts'

const folder = new URL('../../configs/', import.meta.url).pathname

/** A good file with a few pieces of it overwritten. */
function damaged(name: string): fc.Arbitrary<string> {
  const good = readFileSync(folder + name, 'utf8')
  const piece = fc.constantFrom(
    '',
    ' ',
    '\n',
    '\t',
    ':',
    '- ',
    '{',
    '}',
    '[',
    ']',
    '"',
    '*a',
    '&a ',
    '!x ',
    '? ',
    '#',
    '|',
    '-1',
    '0',
    'x',
    'null',
    '<<: *a',
    '\0',
  )
  const cut = fc.record({ at: fc.nat(good.length - 1), drop: fc.nat(12), piece })
  return fc
    .array(cut, { minLength: 1, maxLength: 6 })
    .map((cuts) => cuts.reduce((text, { at, drop, piece }) => text.slice(0, at) + piece + text.slice(at + drop), good))
}

test.each([
  ['reference.yaml', checkText],
  ['edge.yaml', checkEdgeText],
] as const)('a damaged %s gives settings or problems with a place, and never an exception', (name, check) => {
  fc.assert(
    fc.property(damaged(name), (text) => {
      const result = check(text, 'f.yaml')
      if (result.ok) return
      expect(result.problems.length).toBeGreaterThan(0)
      for (const { line, column, message } of result.problems) {
        expect(line).toBeGreaterThan(0)
        expect(column).toBeGreaterThan(0)
        expect(message).toMatch(/found .*, expected |unknown key|not available/)
      }
    }),
    { numRuns: 150 },
  )
})
