import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TargetMap } from '../../src/address/target-map.ts'
import { hex } from '../../src/bytes/octets.ts'

/** Few values for each half, so that halves are often alike. */
const octet = fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)
const target = fc.tuple(octet, octet, octet, octet, octet, octet, octet, octet).map((octets) => Uint8Array.from(octets))

test('is a map by the 8 octets, wherever they stand', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(target, fc.integer())), target, ([...set], asked) => {
      const map = new TargetMap<number>()
      const model = new Map<string, number>()
      for (const [one, value] of set) {
        map.set(value, Uint8Array.of(7, ...one), 1)
        model.set(hex(one, 0, 8), value)
      }
      expect(map.size).toBe(model.size)
      expect(new Map([...map].map(([one, value]) => [hex(one, 0, 8), value]))).toEqual(model)
      for (const one of [asked, ...set.map(([known]) => known)]) {
        expect(map.get(Uint8Array.of(7, 7, ...one), 2)).toBe(model.get(hex(one, 0, 8)))
        expect(map.has(one)).toBe(model.has(hex(one, 0, 8)))
      }
    }),
  )
})
