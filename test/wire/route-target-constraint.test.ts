import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readNlriList } from '../../src/wire/nlri/list.ts'
import {
  type RouteTargetConstraintView,
  routeTargetConstraint as rtc,
  writeRouteTargetConstraint,
} from '../../src/wire/nlri/route-target-constraint.ts'
import { nlriFamily } from '../../src/wire/nlri/table.ts'
import { bent } from '../laws/values.ts'
import { octets } from './vectors.ts'

const lengths = fc.oneof(fc.constant(0), fc.integer({ min: 32, max: 96 }))
const nlris = lengths.chain((bits) =>
  fc.uint8Array({ minLength: (bits + 7) >> 3, maxLength: (bits + 7) >> 3 }).map((prefix) => Uint8Array.of(bits, ...prefix)),
)

describe('Route Target Constraint NLRI (RFC 4684 4)', () => {
  it.each([
    ['00', 'default'],
    ['200000fde9', '65001:/32'],
    ['600000fde90002fde900000064', '65001:65001:100/96'],
    ['300000fde90002', '65001:0002/48'],
  ])('%s is %s', (hex, line) => {
    const bytes = octets(hex)
    expect(rtc.sizeOf(bytes, 0, bytes.length)).toBe(bytes.length)
    expect(rtc.check(bytes, 0, bytes.length)).toBeNull()
    expect(rtc.format(rtc.read(bytes, 0, bytes.length))).toBe(line)
  })

  it.each(['1f0000fde9', '61'.padEnd(28, '0'), '080a'])('%s cannot be used: a length that is not 0 or 32 to 96', (hex) => {
    expect(rtc.check(octets(hex), 0, hex.length / 2)).toMatch(/length/)
  })

  it('is measured only when it fits', () => {
    expect(rtc.sizeOf(octets('200000fd'), 0, 4)).toBe(-1)
    expect(rtc.sizeOf(octets('20'), 1, 1)).toBe(-1)
  })

  it('comes back as it was from its view, and from its key', () => {
    fc.assert(
      fc.property(nlris, (nlri) => {
        const out = new Uint8Array(64)
        const end = writeRouteTargetConstraint(rtc.read(nlri, 0, nlri.length) as RouteTargetConstraintView, out, 3)
        expect(out.slice(3, end)).toEqual(nlri)
        const key = new Uint8Array(64)
        const keyLength = rtc.keyInto(nlri, 0, nlri.length, key, 0)
        expect(rtc.restInto(nlri, 0, nlri.length, out, 0)).toBe(0)
        expect(out.slice(0, rtc.join(key, 0, keyLength, out, 0, 0, out, 0))).toEqual(nlri)
        expect(out.slice(0, rtc.joinWithdrawn(key, 0, keyLength, out, 0))).toEqual(nlri)
      }),
    )
  })

  it('answers bent octets with a view', () => {
    fc.assert(
      fc.property(fc.oneof(nlris.chain(bent), fc.uint8Array({ minLength: 1, maxLength: 40 })), (bytes) => {
        const size = rtc.sizeOf(bytes, 0, bytes.length)
        if (size >= 0) expect(rtc.format(rtc.read(bytes, 0, size))).not.toBe('')
      }),
    )
  })

  it('is a family of the table whose lists show octets', () => {
    const family = nlriFamily(1, 132)
    expect(family).toBe(rtc)
    const hex = '600000fde90002fde90000006400'
    expect(readNlriList(rtc, octets(hex), 0, hex.length / 2)).toEqual({ nlriHex: hex })
    expect(readNlriList(rtc, octets('6000'), 0, 2)).toMatch(/runs over/)
  })
})
