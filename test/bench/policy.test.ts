/** The bench of policy measures what it says: all routes come in, those in the file are refused (else it throws), and there are as many terms. */
import { expect, test } from 'vitest'
import { importPairs, terms } from './policy/import.ts'

test.each([100, 1])('routes come in with and without policy, %i in an UPDATE', async (perUpdate) => {
  expect(terms().length).toBe(100)
  const pairs = await importPairs({ title: '', routes: 1000, perUpdate, sets: 1000 / perUpdate, most: 0 }, 2)
  for (const { withoutMs, withMs } of pairs) expect(Math.min(withoutMs, withMs)).toBeGreaterThanOrEqual(0)
  expect(pairs.length).toBe(2)
})
