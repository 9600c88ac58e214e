/** The sets that matches are made of, against plain loops over what was put in. */
import fc from 'fast-check'
import { test } from 'vitest'
import { contains, masked } from '../../../src/address/prefix.ts'
import { MaskedSet } from '../../../src/policy/modules/lookup/masked-set.ts'
import { NumberRanges } from '../../../src/policy/modules/lookup/number-ranges.ts'
import { OctetIndex } from '../../../src/policy/modules/lookup/octet-index.ts'
import { PrefixSet } from '../../../src/policy/modules/lookup/prefix-set.ts'
import { RangedSet } from '../../../src/policy/modules/lookup/ranged-set.ts'

/** Few values, so that something is found. */
const few = fc.integer({ min: 0, max: 3 })
const octets = (length: number) => fc.array(few, { minLength: length, maxLength: length }).map((values) => Uint8Array.from(values))
const masks = (length: number) =>
  fc.array(fc.constantFrom(0, 1, 0xff), { minLength: length, maxLength: length }).map((values) => Uint8Array.from(values))
const like = (value: Uint8Array, mask: Uint8Array, asked: Uint8Array) =>
  value.every((octet, i) => (octet & mask[i]!) === (asked[i]! & mask[i]!))
/** Where the key stands must not matter. */
const at3 = (key: Uint8Array) => Uint8Array.from([9, 9, 9, ...key, 9])

test('OctetIndex numbers what was put in, in order, once', () => {
  fc.assert(
    fc.property(fc.array(octets(6), { maxLength: 200 }), octets(6), (keys, asked) => {
      const index = new OctetIndex(6)
      const distinct = [...new Set(keys.map((key) => key.join()))]
      for (const key of keys) if (index.add(at3(key), 3) !== distinct.indexOf(key.join())) return false
      return index.size === distinct.length && index.find(at3(asked), 3) === distinct.indexOf(asked.join())
    }),
  )
})

test('OctetIndex finds all of many keys and none of many others, whatever their length', () => {
  for (const length of [4, 6, 10]) {
    const key = (n: number) => {
      const octets = new Uint8Array(length).fill(2)
      new DataView(octets.buffer).setUint32(length - 4, n)
      return octets
    }
    const index = new OctetIndex(length)
    for (let n = 0; n < 5000; n++) index.add(key(3 * n))
    for (let n = 0; n < 15_000; n++) if (index.find(key(n), 0) !== (n % 3 === 0 ? n / 3 : -1)) throw new Error(`${n} of ${length} octets`)
  }
})

test('MaskedSet has what is like one of its values under its mask', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(octets(6), masks(6)), { maxLength: 20 }), octets(6), (entries, asked) => {
      const set = new MaskedSet(6)
      for (const [value, mask] of entries) set.add(value, mask)
      return set.has(at3(asked), 3) === entries.some(([value, mask]) => like(value, mask, asked))
    }),
  )
})

const range = fc
  .tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 300 }))
  .map(([from, more]) => ({ from, to: from + more }))

test('NumberRanges has what lies in one of its ranges, at both ends of 32 bits', () => {
  const wide = fc.oneof(
    range,
    range.map(({ from, to }) => ({ from: 0xffffffff - to, to: 0xffffffff - from })),
  )
  const number = fc.integer({ min: 0, max: 1000 }).chain((n) => fc.constantFrom(n, 0xffffffff - n))
  fc.assert(
    fc.property(
      fc.array(wide, { maxLength: 20 }),
      number,
      (ranges, asked) => new NumberRanges(ranges).has(asked) === ranges.some(({ from, to }) => from <= asked && asked <= to),
    ),
  )
})

test('RangedSet has what is like a lead and has a number in its ranges', () => {
  const entry = fc.record({ lead: octets(4), mask: masks(4), numbers: range })
  fc.assert(
    fc.property(
      fc.array(entry, { maxLength: 20 }),
      octets(4),
      fc.integer({ min: 0, max: 1000 }),
      fc.constantFrom(2 as const, 4 as const),
      (entries, lead, number, width) => {
        const tail = width === 2 ? [number >>> 8, number & 0xff] : [0, 0, number >>> 8, number & 0xff]
        const asked = at3(Uint8Array.from([...lead, ...tail]))
        const wanted = entries.some(({ lead: of, mask, numbers }) => like(of, mask, lead) && numbers.from <= number && number <= numbers.to)
        return new RangedSet(4, width, entries).has(asked, 3) === wanted
      },
    ),
  )
})

test('PrefixSet has prefixes within one of its own whose length it allows', () => {
  const of = (length: 4 | 16) => {
    const bits = 8 * length
    const prefix = fc
      .tuple(octets(length), fc.integer({ min: 0, max: bits }))
      .map(([address, n]) => ({ address: masked(address, n), length: n }))
    const entry = fc
      .tuple(prefix, fc.integer({ min: 0, max: bits }), fc.integer({ min: 0, max: bits }))
      .map(([one, a, b]) => ({ prefix: one, from: Math.max(one.length, Math.min(a, b)), to: Math.max(one.length, a, b) }))
    return { prefix, entry }
  }
  const v4 = of(4)
  const v6 = of(16)
  fc.assert(
    fc.property(fc.array(fc.oneof(v4.entry, v6.entry), { maxLength: 20 }), fc.oneof(v4.prefix, v6.prefix), (entries, asked) => {
      const wanted = entries.some(
        ({ prefix, from, to }) =>
          asked.length >= prefix.length && contains(prefix, asked.address) && from <= asked.length && asked.length <= to,
      )
      return new PrefixSet(entries).has(at3(asked.address), 3, asked.address.length, asked.length) === wanted
    }),
    { numRuns: 500 },
  )
})
