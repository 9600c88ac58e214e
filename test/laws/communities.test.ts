import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  EXTENDED_COMMUNITIES,
  formatExtendedCommunity,
  readExtendedCommunity,
  writeExtendedCommunity,
} from '../../src/wire/community/table.ts'
import { octets } from './values.ts'

describe('every extended community', () => {
  for (const entry of EXTENDED_COMMUNITIES) {
    it(`${entry.name} keeps its members from octets to octets`, () => {
      const kinds = fc.constantFrom(...entry.kinds)
      fc.assert(
        fc.property(kinds, octets(6), fc.nat(9), (kind, value, at) => {
          const bytes = new Uint8Array(at + 8)
          bytes.set([kind >>> 8, kind, ...value], at)
          const { hex: _hex, ...first } = readExtendedCommunity(bytes, at)
          expect(first.name).toBe(entry.name)
          fc.pre(!Object.values(first).some(Number.isNaN))
          const out = new Uint8Array(at + 8)
          expect(writeExtendedCommunity(first, out, at)).toBe(at + 8)
          const { hex: _again, valueHex: _value, ...second } = readExtendedCommunity(out, at)
          const { valueHex: _reserved, ...wanted } = first
          expect(second).toEqual(wanted)
          expect(formatExtendedCommunity(readExtendedCommunity(bytes, at))).not.toMatch(/^UNK/)
        }),
      )
    })
  }

  it('has a name and a text for any octets, and writes them back from the view', () => {
    fc.assert(
      fc.property(octets(8), (bytes) => {
        const view = readExtendedCommunity(bytes, 0)
        expect(view.name).not.toBe('')
        expect(formatExtendedCommunity(view)).not.toBe('')
        const out = new Uint8Array(8)
        writeExtendedCommunity(view, out, 0)
        expect(out).toEqual(bytes)
      }),
    )
  })

  it('has one name per type and subtype', () => {
    const kinds = EXTENDED_COMMUNITIES.flatMap((entry) => entry.kinds)
    expect(new Set(kinds).size).toBe(kinds.length)
  })
})
