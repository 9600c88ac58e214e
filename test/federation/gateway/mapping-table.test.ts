import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KEY_START } from '../../../src/bytes/byte-key.ts'
import { put16 } from '../../../src/bytes/octets.ts'
import { MappingTable } from '../../../src/federation/gateway/mapping-table.ts'

const steps = fc.array(
  fc.oneof(
    fc.record({
      is: fc.constant('link' as const),
      dest: fc.integer({ min: 0, max: 3000 }),
      keys: fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { maxLength: 3 }),
    }),
    fc.record({ is: fc.constant('unlink' as const), dest: fc.integer({ min: 0, max: 3000 }), keys: fc.constant([]) }),
    fc.record({ is: fc.constant('tell' as const), dest: fc.constant(0), keys: fc.constant([]) }),
  ),
  { minLength: 1, maxLength: 300 },
)

test('whatever is linked, unlinked and told, the table holds what a map of sets holds, and every entry that changed comes up', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const table = new MappingTable()
      const model = new Map<number, Set<number>>()
      const changed = new Set<number>()
      const nameOf = new Map<number, number>()
      for (const { is, dest, keys } of all) {
        if (is === 'tell') {
          while (table.waiting > 0) {
            const entry = table.takeDirty()
            const name = nameOf.get(entry)!
            expect(changed.delete(name)).toBe(true)
            const dests: number[] = []
            for (let link = table.first(entry); link !== 0; link = table.next(link)) dests.push(table.destOf(link))
            expect(new Set(dests)).toEqual(model.get(name) ?? new Set())
            expect(dests).toHaveLength(new Set(dests).size)
            if (!table.isLive(entry)) table.drop(entry)
          }
          expect([...changed]).toEqual([])
          continue
        }
        // A destination that changes is taken out before it is put where it belongs now.
        table.unlink(dest)
        for (const [name, dests] of model) if (dests.delete(dest)) changed.add(name)
        for (const name of keys) {
          table.link(dest, put16(table.key.octets, KEY_START, name))
          nameOf.set(table.find(put16(table.key.octets, KEY_START, name)), name)
          model.set(name, (model.get(name) ?? new Set()).add(dest))
          changed.add(name)
        }
      }
    }),
    { numRuns: 300 },
  )
})
