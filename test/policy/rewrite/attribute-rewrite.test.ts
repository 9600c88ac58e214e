import { describe, expect, test } from 'vitest'
import { onlyTypes, REFUSAL_TEXT, REFUSALS, refusal, refusalOf } from '../../../src/policy/refusal.ts'
import { DROP, findAttribute, type RewriteStep, rewrite, valueEnd, valueStart } from '../../../src/policy/rewrite/attribute-rewrite.ts'
import {
  drop,
  dropNonTransitiveCommunities,
  ensureLocalPref,
  ensureOriginator,
  prependAs,
  prependCluster,
  translateTargets,
} from '../../../src/policy/rewrite/steps.ts'
import { MAX_REASONS } from '../../../src/rib/import-counts.ts'
import { LONG_FORM, ROUTE_CLASSES } from '../../../src/wire/nlri/route-class.ts'
import { asPath, attribute, extCommunities, join, LOCAL_PREF_100, ORIGIN_IGP, u32Octets } from '../../wire/update-octets.ts'

function rewritten(attributes: readonly Uint8Array[], ...steps: readonly RewriteStep[]): Uint8Array {
  const bytes = join([9, 9], ...attributes, [9])
  const out = new Uint8Array(70_000).fill(0xaa)
  const end = rewrite(bytes, 2, bytes.length - 1, steps, out, 3)
  expect([...out.slice(0, 3)]).toEqual([0xaa, 0xaa, 0xaa])
  return out.slice(3, end)
}

const octets = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))
const put = (code: number, length: number, add = true): RewriteStep => ({
  code,
  flags: 0xc0,
  add,
  value: (_bytes, _from, _to, out, at) => out.fill(7, at, at + length) && at + length,
})

describe('rewrite', () => {
  const three = [ORIGIN_IGP, LOCAL_PREF_100, extCommunities('0002fde900002774')]

  test('copies what no step names, octet for octet', () => {
    expect(rewritten(three)).toEqual(join(...three))
    expect(rewritten([])).toEqual(new Uint8Array(0))
  })

  test('puts missing attributes in at their place: first, between, last', () => {
    const added = (code: number) => attribute(0xc0, code, [7, 7])
    expect(rewritten([attribute(0x40, 5, [1])], put(2, 2), put(9, 2))).toEqual(join(added(2), attribute(0x40, 5, [1]), added(9)))
    expect(rewritten([ORIGIN_IGP, attribute(0xc0, 32, [1])], put(8, 2), put(16, 2))).toEqual(
      join(ORIGIN_IGP, added(8), added(16), attribute(0xc0, 32, [1])),
    )
    expect(rewritten([], put(8, 2))).toEqual(added(8))
  })

  test('puts nothing in that is only to be changed where it stands', () => {
    expect(rewritten([ORIGIN_IGP], put(8, 2, false))).toEqual(ORIGIN_IGP)
  })

  test('drops what says so', () => {
    expect(rewritten(three, drop(1), drop(5), drop(16))).toEqual(new Uint8Array(0))
    expect(rewritten(three, { code: 5, flags: 0x40, add: true, value: () => DROP })).toEqual(join(three[0]!, three[2]!))
  })

  test('keeps the flags of an attribute that was there', () => {
    expect(rewritten([attribute(0xe0, 16, [1])], put(16, 3))).toEqual(attribute(0xe0, 16, [7, 7, 7]))
  })

  test.each([
    [1, 255],
    [1, 256],
    [255, 256],
    [256, 255],
    [300, 1],
    [300, 0],
    [1, 65535],
  ])('from %i octets to %i: the length field fits', (before, after) => {
    const behind = attribute(0xc0, 32, [5])
    const result = rewritten([attribute(0xc0, 16, Array(before).fill(1)), behind], put(16, after))
    expect(result).toEqual(join(attribute(0xc0, 16, Array(after).fill(7)), behind))
  })

  test('findAttribute finds in ascending codes and stops behind', () => {
    const bytes = join(ORIGIN_IGP, attribute(0xc0, 16, Array(300).fill(0)), attribute(0xc0, 32, [1]))
    expect(findAttribute(bytes, 0, bytes.length, 32)).toBe(4 + 304)
    expect(findAttribute(bytes, 0, bytes.length, 17)).toBe(-1)
    expect(findAttribute(bytes, 0, bytes.length, 40)).toBe(-1)
    expect([valueStart(bytes, 0), valueEnd(bytes, 0), valueStart(bytes, 4), valueEnd(bytes, 4)]).toEqual([3, 4, 8, 308])
  })
})

describe('steps', () => {
  test('prependAs joins a leading AS_SEQUENCE (RFC 4271 5.1.2 b)', () => {
    expect(rewritten([asPath(65002)], prependAs(4_200_000_001))).toEqual(asPath(4_200_000_001, 65002))
    expect(rewritten([asPath()], prependAs(65001))).toEqual(asPath(65001))
    expect(rewritten([], prependAs(65001))).toEqual(asPath(65001))
  })

  test('prependAs leaves confederation segments behind (RFC 5065 5)', () => {
    const inside = [3, 1, ...u32Octets(65101), 4, 1, ...u32Octets(65102)]
    const path = [...inside, 2, 1, ...u32Octets(65002), 3, 1, ...u32Octets(65103), 1, 1, ...u32Octets(9)]
    const outside = [2, 2, ...u32Octets(65001), ...u32Octets(65002), 1, 1, ...u32Octets(9)]
    expect(rewritten([attribute(0x40, 2, path)], prependAs(65001))).toEqual(attribute(0x40, 2, outside))
    expect(rewritten([attribute(0x40, 2, inside)], prependAs(65001))).toEqual(asPath(65001))
  })

  test('prependAs opens a new segment before a set or a full sequence', () => {
    const set = [1, 1, ...u32Octets(7)]
    expect(rewritten([attribute(0x40, 2, set)], prependAs(65001))).toEqual(attribute(0x40, 2, [2, 1, ...u32Octets(65001), ...set]))
    const full = [2, 255, ...Array(255).fill(u32Octets(9)).flat()]
    expect(rewritten([attribute(0x40, 2, full)], prependAs(65001))).toEqual(attribute(0x40, 2, [2, 1, ...u32Octets(65001), ...full]))
    const almost = [2, 254, ...Array(254).fill(u32Octets(9)).flat()]
    expect(rewritten([attribute(0x40, 2, almost)], prependAs(9))).toEqual(attribute(0x40, 2, full))
  })

  test('prependCluster stands before the others (RFC 4456 8)', () => {
    expect(rewritten([attribute(0x80, 10, u32Octets(5))], prependCluster(4))).toEqual(
      attribute(0x80, 10, [...u32Octets(4), ...u32Octets(5)]),
    )
    expect(rewritten([ORIGIN_IGP], prependCluster(4))).toEqual(join(ORIGIN_IGP, attribute(0x80, 10, u32Octets(4))))
    const sixtyThree = Array(63).fill(u32Octets(5)).flat()
    expect(rewritten([attribute(0x80, 10, sixtyThree)], prependCluster(4))).toEqual(attribute(0x80, 10, [...u32Octets(4), ...sixtyThree]))
  })

  test('ensureOriginator and ensureLocalPref leave what is there (RFC 4456 8, RFC 4271 5.1.5)', () => {
    const originator = attribute(0x80, 9, u32Octets(5))
    expect(rewritten([originator], ensureOriginator(4))).toEqual(originator)
    expect(rewritten([], ensureOriginator(0xffffffff))).toEqual(attribute(0x80, 9, u32Octets(0xffffffff)))
    expect(rewritten([attribute(0x40, 5, u32Octets(0))], ensureLocalPref(100))).toEqual(attribute(0x40, 5, u32Octets(0)))
    expect(rewritten([], ensureLocalPref(100))).toEqual(LOCAL_PREF_100)
  })

  const RT = '0002fde900002774'
  const OTHER = '0002fde900002775'
  const MM = '0600000000000001'

  test('dropNonTransitiveCommunities takes the attribute out with the last one (RFC 4360 6)', () => {
    expect(rewritten([extCommunities('4306000000000001', RT)], dropNonTransitiveCommunities)).toEqual(extCommunities(RT))
    expect(rewritten([extCommunities('4306000000000001')], dropNonTransitiveCommunities)).toEqual(new Uint8Array(0))
  })

  test('translateTargets writes each target once, keeps what is no target and drops what becomes nothing', () => {
    const step = translateTargets((bytes, at) => (bytes[at + 7] === 0x74 ? [octets(OTHER), octets(OTHER)] : []))
    expect(rewritten([extCommunities(RT, MM, RT, '4306000000000001', OTHER)], step)).toEqual(extCommunities(OTHER, MM))
    expect(rewritten([extCommunities(OTHER)], step)).toEqual(new Uint8Array(0))
  })

  test('translateTargets knows the targets of all three kinds (RFC 4360 4, RFC 5668)', () => {
    const step = translateTargets(() => [])
    expect(rewritten([extCommunities(RT, '0102c00002010064', '0202fa56ea010064', MM)], step)).toEqual(extCommunities(MM))
  })
})

describe('refusals', () => {
  test("verdict and reason are each other's inverse, and there is room for all in the counters", () => {
    for (const reason of REFUSALS) {
      expect(refusal(reason)).toBeLessThan(-1)
      expect(refusalOf(refusal(reason))).toBe(reason)
      expect(REFUSAL_TEXT[reason]).not.toBe('')
    }
    expect([refusalOf(0), refusalOf(-1), refusalOf(7)]).toEqual([null, null, null])
    expect(REFUSALS.length).toBeLessThanOrEqual(MAX_REASONS)
  })

  test('onlyTypes refuses every other type, in the short form and the long one', () => {
    const verdicts = onlyTypes([2, 5], 'route-type-stays-home')
    const passing = [2, 5, 2 + LONG_FORM, 5 + LONG_FORM]
    const expected = Array.from({ length: ROUTE_CLASSES }, (_, index) => (passing.includes(index) ? 0 : refusal('route-type-stays-home')))
    expect([...verdicts]).toEqual(expected)
  })
})
