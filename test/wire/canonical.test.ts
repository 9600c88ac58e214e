import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { writeCanonicalAttributes } from '../../src/wire/attribute/canonical.ts'
import type { Fault } from '../../src/wire/fault.ts'
import { UpdateScan } from '../../src/wire/update-scan.ts'
import { bent } from '../laws/values.ts'
import {
  asPath,
  attribute,
  extCommunities,
  join,
  LOCAL_PREF_100,
  macIpNlri,
  mpReach,
  mpUnreach,
  ORIGIN_IGP,
  u16Octets,
  u32Octets,
  update,
} from './update-octets.ts'

const INTERNAL = { fourOctetAs: true, internal: true }
const EXTERNAL = { fourOctetAs: true, internal: false }
const MANDATORY = [ORIGIN_IGP, asPath(), LOCAL_PREF_100]

function canonical(attributes: readonly Uint8Array[], context = INTERNAL): { octets: string; fault: Fault | null; left: string[] } {
  const bytes = update(attributes)
  const scan = new UpdateScan()
  expect(scan.scan(bytes, 0, bytes.length)).toBeNull()
  const out = new Uint8Array(2 * 65535)
  const left: string[] = []
  const end = writeCanonicalAttributes(bytes, scan, context, out, 5, (why) => left.push(why))
  if (typeof end !== 'number') return { octets: '', fault: end, left }
  return { octets: hex(out.subarray(5, end)), fault: null, left }
}

const hex = (...parts: readonly Uint8Array[]) => Buffer.from(join(...parts)).toString('hex')
const route = (code: number) => ({ reach: 'route', attribute: code })
const RT = '0002fde900002774'
const NON_TRANSITIVE = '4306000000000001'

describe('canonical attributes', () => {
  test('stand in ascending order of their codes whatever order they came in', () => {
    const parts = [
      ORIGIN_IGP,
      asPath(65001),
      attribute(0x80, 4, [0, 0, 0, 7]),
      LOCAL_PREF_100,
      extCommunities(RT),
      attribute(0xc0, 32, Array(12).fill(1)),
    ]
    fc.assert(
      fc.property(fc.shuffledSubarray(parts, { minLength: parts.length }), (shuffled) => {
        expect(canonical(shuffled).octets).toBe(hex(...parts))
      }),
    )
  })

  test('leave MP_REACH_NLRI, MP_UNREACH_NLRI and NEXT_HOP out', () => {
    const others = [mpReach([192, 0, 2, 1], macIpNlri(1)), attribute(0x40, 3, [192, 0, 2, 1]), mpUnreach(macIpNlri(2))]
    expect(canonical([...others, ...MANDATORY]).octets).toBe(hex(...MANDATORY))
  })

  test('have the extended length only where it is needed (RFC 4271 4.3)', () => {
    const long = Uint8Array.from({ length: 320 }, (_, i) => (i % 8 === 0 ? 0 : i))
    const { octets } = canonical([attribute(0x50, 1, [0]), asPath(), LOCAL_PREF_100, attribute(0xd0, 16, long)])
    expect(octets).toBe(hex(ORIGIN_IGP, asPath(), LOCAL_PREF_100, attribute(0xd0, 16, long)))
    for (const length of [248, 256]) {
      const value = long.slice(0, length)
      expect(canonical([...MANDATORY, attribute(0xd0, 16, value)]).octets).toBe(hex(...MANDATORY, attribute(0xc0, 16, value)))
    }
  })

  test('keep unknown optional transitive attributes with Partial set (RFC 4271 5)', () => {
    const { octets } = canonical([...MANDATORY, attribute(0xc0, 200, [1, 2, 3])])
    expect(octets).toBe(hex(...MANDATORY, attribute(0xe0, 200, [1, 2, 3])))
  })

  test('leave unknown optional non-transitive attributes out (RFC 4271 5)', () => {
    expect(canonical([...MANDATORY, attribute(0x80, 200, [1, 2, 3])]).octets).toBe(hex(...MANDATORY))
  })

  test('keep Partial of a known optional transitive attribute', () => {
    expect(canonical([...MANDATORY, attribute(0xe0, 16, Buffer.from(RT, 'hex'))]).octets).toBe(
      hex(...MANDATORY, attribute(0xe0, 16, Buffer.from(RT, 'hex'))),
    )
  })

  test('have no unused flag bits, and no Partial where it must be 0 (RFC 4271 4.3)', () => {
    const { octets } = canonical([attribute(0x6f, 1, [0]), asPath(), attribute(0x4f, 5, [0, 0, 0, 100]), attribute(0xa1, 4, [0, 0, 0, 1])])
    expect(octets).toBe(hex(ORIGIN_IGP, asPath(), attribute(0x80, 4, [0, 0, 0, 1]), LOCAL_PREF_100))
  })

  test('the session ends over an unknown well-known attribute, which is the data (RFC 4271 6.3)', () => {
    const unknown = attribute(0x40, 200, [1, 2, 3])
    expect(canonical([...MANDATORY, unknown]).fault).toMatchObject({ reach: 'session', code: 3, subcode: 2, data: unknown })
    const extended = attribute(0x50, 200, [1, 2, 3])
    expect(canonical([...MANDATORY, extended]).fault).toMatchObject({ data: extended })
  })

  test("flags that are not the attribute's own: treat-as-withdraw (RFC 7606 3 c)", () => {
    expect(canonical([attribute(0xc0, 1, [0]), asPath(), LOCAL_PREF_100]).fault).toMatchObject(route(1))
    expect(canonical([...MANDATORY, attribute(0x80, 16, Buffer.from(RT, 'hex'))]).fault).toMatchObject(route(16))
  })

  test('the widest of several faults wins (RFC 7606 2)', () => {
    const unknown = attribute(0x40, 200, [1])
    expect(canonical([attribute(0x40, 1, [9]), unknown, asPath(), LOCAL_PREF_100]).fault).toMatchObject({ reach: 'session' })
    expect(canonical([attribute(0xc0, 7, [1]), attribute(0x40, 1, [9]), asPath(), LOCAL_PREF_100]).fault).toMatchObject(route(1))
  })

  test('an attribute that is discarded alone is left out and named (RFC 7606 7.7)', () => {
    const { octets, left } = canonical([...MANDATORY, attribute(0xc0, 7, [1, 2, 3])])
    expect(octets).toBe(hex(...MANDATORY))
    expect(left).toEqual(['AGGREGATOR of 3 octets, 8 expected'])
  })

  test.each([
    ['ORIGIN', 1, [asPath(), LOCAL_PREF_100]],
    ['AS_PATH', 2, [ORIGIN_IGP, LOCAL_PREF_100]],
    ['LOCAL_PREF from an internal peer', 5, [ORIGIN_IGP, asPath()]],
  ])('%s missing: treat-as-withdraw (RFC 7606 3 d)', (_name, code, attributes) => {
    expect(canonical(attributes).fault).toMatchObject(route(code))
  })

  test('LOCAL_PREF may be missing from an external peer', () => {
    expect(canonical([ORIGIN_IGP, asPath(65001)], EXTERNAL).octets).toBe(hex(ORIGIN_IGP, asPath(65001)))
  })

  test('LOCAL_PREF, ORIGINATOR_ID and CLUSTER_LIST of an external peer are discarded, sound or not (RFC 7606 7.5, 7.9, 7.10)', () => {
    const inside = [attribute(0x40, 5, [1]), attribute(0x80, 9, [1, 2, 3, 4]), attribute(0xc0, 10, [1, 2])]
    expect(canonical([ORIGIN_IGP, asPath(65001), ...inside], EXTERNAL)).toMatchObject({
      fault: null,
      octets: hex(ORIGIN_IGP, asPath(65001)),
    })
  })

  test('AIGP of an external peer is ignored: nobody enabled it there (RFC 7311 3.2)', () => {
    const aigp = attribute(0x80, 26, [1, 0, 11, 0, 0, 0, 0, 0, 0, 0, 5])
    expect(canonical([ORIGIN_IGP, asPath(65001), aigp], EXTERNAL).octets).toBe(hex(ORIGIN_IGP, asPath(65001)))
    expect(canonical([...MANDATORY, aigp]).octets).toBe(hex(...MANDATORY, aigp))
  })

  test('non-transitive extended communities of an external peer are left out (RFC 4360 6)', () => {
    const plain = [ORIGIN_IGP, asPath(65001)]
    expect(canonical([...plain, extCommunities(RT, NON_TRANSITIVE)], EXTERNAL).octets).toBe(hex(...plain, extCommunities(RT)))
    expect(canonical([...plain, extCommunities(NON_TRANSITIVE)], EXTERNAL).octets).toBe(hex(...plain))
    expect(canonical([...MANDATORY, extCommunities(RT, NON_TRANSITIVE)]).octets).toBe(hex(...MANDATORY, extCommunities(RT, NON_TRANSITIVE)))
  })

  test('AS numbers of 2 octets are widened and the AS4 twins merged in (RFC 6793 4.2.3)', () => {
    const old = { fourOctetAs: false, internal: false }
    const two = attribute(0x40, 2, [2, 2, ...u16Octets(65001), ...u16Octets(23456)])
    const twin = attribute(0xc0, 17, [2, 1, ...u32Octets(4_200_000_001)])
    const aggregator = attribute(0xc0, 7, [...u16Octets(23456), 1, 2, 3, 4])
    const aggregatorTwin = attribute(0xc0, 18, [...u32Octets(4_200_000_001), 1, 2, 3, 4])
    expect(canonical([ORIGIN_IGP, two, twin, aggregator, aggregatorTwin], old).octets).toBe(
      hex(ORIGIN_IGP, asPath(65001, 4_200_000_001), attribute(0xc0, 7, [...u32Octets(4_200_000_001), 1, 2, 3, 4])),
    )
    expect(canonical([ORIGIN_IGP, two], old).octets).toBe(hex(ORIGIN_IGP, asPath(65001, 23456)))
  })

  test('what has become canonical stays as it is', () => {
    const attributes = [
      ...MANDATORY,
      attribute(0xc0, 8, [0, 1, 0, 2]),
      extCommunities(RT),
      attribute(0xc0, 200, [1]),
      attribute(0xc0, 22, Array(9).fill(0)),
    ]
    const once = canonical([...attributes].reverse())
    expect(canonical([Uint8Array.from(Buffer.from(once.octets, 'hex'))]).octets).toBe(once.octets)
  })

  test('whatever the octets, the result is a fault or attributes that read back', () => {
    const whole = join(
      ...MANDATORY,
      attribute(0xc0, 7, [0, 0, 1, 2, 3, 4, 5, 6]),
      attribute(0xc0, 8, [0, 1, 0, 2]),
      extCommunities(RT, NON_TRANSITIVE),
    )
    const context = fc.record({ fourOctetAs: fc.boolean(), internal: fc.boolean() })
    fc.assert(
      fc.property(bent(whole), context, (octets, settings) => {
        const bytes = update([octets])
        const scan = new UpdateScan()
        if (scan.scan(bytes, 0, bytes.length) !== null) return
        const out = new Uint8Array(4096)
        const end = writeCanonicalAttributes(bytes, scan, settings, out, 0, () => {})
        if (typeof end !== 'number') return
        const again = new UpdateScan()
        const back = update([out.slice(0, end)])
        expect(again.scan(back, 0, back.length)).toBeNull()
        const codes = [...again.code.slice(0, again.count)]
        expect(codes).toEqual([...new Set(codes)].sort((a, b) => a - b))
      }),
      { numRuns: 2000 },
    )
  })
})
