import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CAPABILITIES, formatCapability, readCapability, writeCapability } from '../../src/wire/capability/table.ts'
import { bent, family, text, u8, u16, u24, u32 } from './values.ts'

const families = (more: Record<string, fc.Arbitrary<unknown>>) =>
  fc.array(
    fc.tuple(family, fc.record(more)).map(([of, members]) => ({ ...of, ...members })),
    { maxLength: 20 },
  )

const VALUES: Readonly<Record<string, fc.Arbitrary<object>>> = {
  multiprotocol: family,
  'route-refresh': fc.constant({}),
  'extended-next-hop': fc.record({ entries: fc.array(fc.record({ afi: u16, safi: u16, nextHopAfi: u16 }), { maxLength: 20 }) }),
  'extended-message': fc.constant({}),
  role: fc.record({ role: u8 }),
  'graceful-restart': fc.record({
    restartState: fc.boolean(),
    notification: fc.boolean(),
    restartTime: fc.integer({ min: 0, max: 0xfff }),
    families: families({ forwardingPreserved: fc.boolean() }),
  }),
  'four-octet-as': fc.record({ as: u32 }),
  'add-path': fc.record({ families: families({ mode: fc.integer({ min: 0, max: 255 }) }) }),
  'enhanced-route-refresh': fc.constant({}),
  'long-lived-graceful-restart': fc.record({ families: families({ forwardingPreserved: fc.boolean(), staleTime: u24 }) }),
  fqdn: fc.record({ hostname: text(100), domain: text(100) }),
  'software-version': fc.record({ version: text(200) }),
  'route-refresh-cisco': fc.constant({}),
}

describe('every capability', () => {
  for (const entry of Object.values(CAPABILITIES)) {
    const values = VALUES[entry.name]
    if (values === undefined) {
      it(`${entry.name} has values to try`, () => expect.unreachable('add its values to the table above'))
      continue
    }

    it(`${entry.name} reads what it writes`, () => {
      fc.assert(
        fc.property(values, (fields) => {
          const value = entry.write(fields)
          expect(entry.check(value)).toBeNull()
          expect(entry.read(value)).toEqual(fields)
          const view = readCapability({ code: entry.code, value })
          expect(view).toEqual({ code: entry.code, name: entry.name, length: value.length, ...fields })
          expect(writeCapability(view)).toEqual({ code: entry.code, value })
          expect(formatCapability(view)).toContain(entry.name)
        }),
      )
    })

    it(`${entry.name} answers bent octets with a reason or a value`, () => {
      fc.assert(
        fc.property(
          fc.oneof(
            values.chain((fields) => bent(entry.write(fields))),
            fc.uint8Array({ maxLength: 255 }),
          ),
          (value) => {
            const why = entry.check(value)
            if (why !== null) expect(why).toContain(entry.name)
            expect(formatCapability(readCapability({ code: entry.code, value }))).toContain(entry.name)
          },
        ),
      )
    })
  }

  it('keeps the octets of one that nobody knows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 127 }), fc.uint8Array({ maxLength: 255 }), (code, value) => {
        const view = readCapability({ code, value })
        expect(view.name).toBe('unknown')
        expect(writeCapability(view)).toEqual({ code, value })
      }),
    )
  })
})
