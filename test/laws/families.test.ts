/** Laws that hold for the NLRI of every family, and for lists of them as views. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evpn } from '../../src/wire/nlri/evpn/evpn.ts'
import { type NlriList, readNlriList, writeNlriList } from '../../src/wire/nlri/list.ts'
import {
  type RouteTargetConstraintView,
  routeTargetConstraint,
  writeRouteTargetConstraint,
} from '../../src/wire/nlri/route-target-constraint.ts'
import { NLRI_FAMILIES } from '../../src/wire/nlri/table.ts'
import { evpnViews } from './evpn-values.ts'
import { bent, hexText, ipv4, ipv6, u8, u16, u20, u32 } from './values.ts'

const anything = fc.uint8Array({ maxLength: 300 })

describe('every family', () => {
  for (const family of NLRI_FAMILIES) {
    describe(family.name, () => {
      it('cuts any octets into NLRI that do not overrun, each its key and its rest joined', () => {
        fc.assert(
          fc.property(anything, (bytes) => {
            for (let at = 0; at < bytes.length; ) {
              const size = family.sizeOf(bytes, at, bytes.length)
              if (size < 0) return
              expect(size).toBeGreaterThan(0)
              expect(at + size).toBeLessThanOrEqual(bytes.length)
              const nlri = bytes.slice(at, at + size)
              const key = new Uint8Array(600)
              const rest = new Uint8Array(600)
              const keyEnd = family.keyInto(bytes, at, size, key, 7)
              const restEnd = family.restInto(bytes, at, size, rest, 3)
              const out = new Uint8Array(600)
              expect(out.slice(2, family.join(key, 7, keyEnd - 7, rest, 3, restEnd - 3, out, 2))).toEqual(nlri)
              expect(family.format(family.read(bytes, at, size))).not.toBe('')
              at += size
            }
          }),
        )
      })

      it('withdraws what can be used by its key', () => {
        fc.assert(
          fc.property(anything, (bytes) => {
            const size = family.sizeOf(bytes, 0, bytes.length)
            fc.pre(size > 0 && family.check(bytes, 0, size) === null)
            const key = new Uint8Array(600)
            const keyLength = family.keyInto(bytes, 0, size, key, 0)
            const out = new Uint8Array(600)
            const withdrawal = out.slice(0, family.joinWithdrawn(key, 0, keyLength, out, 0))
            expect(family.sizeOf(withdrawal, 0, withdrawal.length)).toBe(withdrawal.length)
            const again = new Uint8Array(600)
            expect(again.slice(0, family.keyInto(withdrawal, 0, withdrawal.length, again, 0))).toEqual(key.slice(0, keyLength))
          }),
          { numRuns: 50, maxSkipsPerRun: 1000 },
        )
      })
    })
  }
})

describe('lists of views', () => {
  const prefix = (address: fc.Arbitrary<string>, bits: number) => address.map((text) => `${text}/${bits}`)
  const unicast = (address: fc.Arbitrary<string>, bits: number) => fc.record({ prefix: prefix(address, bits) })
  const vpn = (address: fc.Arbitrary<string>, bits: number) =>
    fc.record({
      // A label of 0 or 0x80000 ends a stack, as in withdrawals; with three the bits of an IPv6 route are more than 255.
      labels: fc.array(
        u20.filter((label) => label !== 0 && label !== 0x80000),
        { minLength: 1, maxLength: 2 },
      ),
      rdType: fc.constant(0),
      rd: fc.tuple(u16, u32).map(([asn, number]) => `${asn}:${number}`),
      prefix: prefix(address, bits),
    })
  const FAMILIES: readonly (readonly [number, number, fc.Arbitrary<object>])[] = [
    [1, 1, unicast(ipv4, 32)],
    [2, 1, unicast(ipv6, 128)],
    [1, 128, vpn(ipv4, 32)],
    [2, 128, vpn(ipv6, 128)],
    [25, 70, evpnViews],
  ]

  for (const [afi, safi, views] of FAMILIES) {
    const withPathIds = fc.array(fc.tuple(u32, views)).map((pairs) => pairs.map(([pathId, view]) => ({ pathId, ...view })))
    for (const [how, addPath, lists] of [
      ['', [], fc.array(views)],
      [', with path identifiers (RFC 7911)', [{ afi, safi }], withPathIds],
    ] as const) {
      it(`of ${afi}/${safi} read as they were written${how}`, () => {
        fc.assert(
          fc.property(lists, (nlri) => {
            const out = new Uint8Array(20_000)
            const end = writeNlriList({ afi, safi }, { nlri } as unknown as NlriList, out, 0)
            expect(readNlriList({ afi, safi }, out, 0, end, addPath)).toEqual({ nlri })
          }),
          { numRuns: 50 },
        )
      })

      it(`of ${afi}/${safi} answer bent octets with a reason or a list${how}`, () => {
        const written = lists.map((nlri) => {
          const out = new Uint8Array(20_000)
          return out.slice(0, writeNlriList({ afi, safi }, { nlri } as unknown as NlriList, out, 0))
        })
        fc.assert(
          fc.property(fc.oneof(written.chain(bent), anything), (bytes) => {
            const list = readNlriList({ afi, safi }, bytes, 0, bytes.length, addPath)
            expect(typeof list === 'string' ? list.length : 'nlri' in list).toBeTruthy()
          }),
        )
      })
    }
  }
})

describe('a Route Target Constraint', () => {
  const whole = fc.record({ originAs: u32, bits: fc.integer({ min: 32, max: 96 }) }).chain(({ originAs, bits }) => {
    const octets = ((bits + 7) >>> 3) - 4
    return hexText({ minLength: octets, maxLength: octets }).map((routeTargetHex) => ({
      routeType: 0,
      length: bits,
      originAs,
      routeTargetHex,
    }))
  })
  const any = fc.constant({ routeType: 0, length: 0, originAs: null, routeTargetHex: '' })

  it('reads what it writes (RFC 4684 4)', () => {
    fc.assert(
      fc.property(fc.oneof(whole, any), (view: RouteTargetConstraintView) => {
        const out = new Uint8Array(40)
        const end = writeRouteTargetConstraint(view, out, 4)
        expect(routeTargetConstraint.sizeOf(out, 4, end)).toBe(end - 4)
        expect(routeTargetConstraint.check(out, 4, end - 4)).toBeNull()
        const { routeTarget, ...read } = routeTargetConstraint.read(out, 4, end - 4) as RouteTargetConstraintView
        expect(read).toEqual(view)
        expect(routeTarget !== undefined).toBe(end - 4 === 13)
      }),
    )
  })

  it('has a length of 0 or 32 to 96', () => {
    fc.assert(
      fc.property(u8, (bits) => {
        const sound = bits === 0 || (bits >= 32 && bits <= 96)
        expect(routeTargetConstraint.check(Uint8Array.of(bits), 0, 1) === null).toBe(sound)
      }),
    )
  })
})

describe('the table of families', () => {
  it('has EVPN and one entry per family', () => {
    expect(NLRI_FAMILIES).toContain(evpn)
    expect(new Set(NLRI_FAMILIES.map(({ afi, safi }) => `${afi}/${safi}`)).size).toBe(NLRI_FAMILIES.length)
  })
})
