import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Chains } from '../../src/bytes/chains.ts'

const LISTS = 3
const row = fc.oneof(fc.nat(4), fc.nat(500))
const step = fc.record({ row, list: fc.nat(LISTS - 1), puts: fc.boolean() })

/** Takes rows from the front of a list until it is empty. */
function drain(chains: Chains, list: number): number[] {
  const rows: number[] = []
  for (let first = chains.firstOf(list); first >= 0; first = chains.firstOf(list)) {
    rows.push(first)
    chains.remove(first)
  }
  return rows
}

test('rows stand on one list or none, in the order in which they came', () => {
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const chains = new Chains()
      const model: number[][] = Array.from({ length: LISTS }, () => [])
      for (const { row, list, puts } of steps) {
        chains.remove(row)
        for (const rows of model) if (rows.includes(row)) rows.splice(rows.indexOf(row), 1)
        if (puts) {
          chains.append(row, list)
          model[list]?.push(row)
        }
        expect(chains.listOf(row)).toBe(model.findIndex((rows) => rows.includes(row)))
        expect(model.map((_, one) => [chains.sizeOf(one), chains.firstOf(one)])).toEqual(model.map((rows) => [rows.length, rows[0] ?? -1]))
      }
      expect(model.map((_, list) => drain(chains, list))).toEqual(model)
      chains.append(7, 0)
      chains.clear()
      expect([chains.listOf(7), chains.firstOf(0), chains.sizeOf(0)]).toEqual([-1, -1, 0])
    }),
  )
})
