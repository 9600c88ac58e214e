/** A route as modules of the operator's own see it. */
import { expect, test } from 'vitest'
import { readQuestion, writeQuestion } from '../../../src/policy/own/question.ts'
import { type RouteSeen, seen } from '../../../src/policy/own/route.ts'
import { captured, LEAF, withAttributes } from '../modules/route.ts'

const HOST = captured('gobgpd-ibgp-macadv-2labels-rmac-1', { ageSeconds: 70, stale: true })

test('a host is seen in the words of fednva/wire and in texts', () => {
  const route = seen(HOST, 'route')
  expect(route).toMatchObject({ routeType: 2, prefix: null, ageSeconds: 70, stale: true, peer: LEAF })
  expect(route.nlri).toMatchObject({
    routeType: 2,
    mac: route.mac,
    ip: route.ip,
    rd: route.rd,
    esi: route.esi,
    ethernetTag: route.ethernetTag,
  })
  expect(route.vnis).toEqual([route.nlri.vni1, route.nlri.vni2])
  expect(route.text).toBe(`[2]:[${route.ethernetTag}]:[48]:[${route.mac}]:[32]:[${route.ip}]`)
  expect(route.extendedCommunities.filter((text) => text.startsWith('RT:')).map((text) => text.slice(3))).toEqual(route.routeTargets)
  expect(route.routeTargets.length).toBeGreaterThan(0)
})

test('a prefix has a prefix and no MAC', () => {
  const route = seen(captured('gobgpd-ibgp-prefix-v4-rmac-1'), 'route')
  expect(route).toMatchObject({ routeType: 5, mac: null, ip: null })
  expect(route.prefix).toMatch(/^\d+\.\d+\.\d+\.\d+\/\d+$/)
})

test('attributes are there by name, and what is not there is null or empty', () => {
  const bare = seen(withAttributes(HOST, {}), 'attributes')
  expect(
    shown(bare, ['origin', 'asPath', 'localPref', 'med', 'communities', 'largeCommunities', 'extendedCommunities', 'routeTargets']),
  ).toEqual({
    origin: 'igp',
    asPath: [],
    localPref: 100,
    med: null,
    communities: [],
    largeCommunities: [],
    extendedCommunities: [],
    routeTargets: [],
  })
  const full = seen(
    withAttributes(HOST, {
      asPath: [
        { type: 'sequence', asns: [65001, 4200000001] },
        { type: 'confed-sequence', asns: [65111] },
        { type: 'set', asns: [65003] },
      ],
      med: 7,
      communities: ['65000:7001', '65535:65281'],
      largeCommunities: ['65000:1:2'],
      unknown: [{ type: 99, flags: 0xc0, hex: '0102' }],
    }),
    'attributes',
  )
  expect(shown(full, ['asPath', 'med', 'communities', 'largeCommunities'])).toEqual({
    asPath: [65001, 4200000001, 65003],
    med: 7,
    communities: ['65000:7001', '65535:65281'],
    largeCommunities: ['65000:1:2'],
  })
  expect(full.attributes.unknown).toEqual([{ type: 99, flags: 0xc0, hex: '0102' }])
})

test.each(['mac', 'nlri', 'routeType', 'vnis', 'text', 'ageSeconds', 'stale'] as const)(
  'a module that looks at attributes is refused %s, for its answer counts for other routes too',
  (member) => {
    expect(() => seen(HOST, 'attributes')[member]).toThrow("looksAt: 'attributes'")
  },
)

test('nothing of it can be changed', () => {
  const route = seen(HOST, 'route')
  expect(() => Object.assign(route, { mac: null })).toThrow(TypeError)
  expect(() => Object.assign(route.nlri, { mac: null })).toThrow(TypeError)
  expect(() => Object.assign(route.attributes, { med: 1 })).toThrow(TypeError)
})

test('written as a question and read again it is the same route, whatever it is', () => {
  const out = new Uint8Array(70_000)
  const read = readQuestion(out.slice(0, writeQuestion(HOST, 'route', out)))
  expect(seenPlainly(read)).toEqual(seenPlainly(HOST))
  // Who looks at attributes is handed no route.
  expect(readQuestion(out.slice(0, writeQuestion(HOST, 'attributes', out))).nlriLength).toBe(0)
})

function seenPlainly(view: Parameters<typeof seen>[0]) {
  const { nlri, attributes, nextHop, ageSeconds, stale } = seen(view, 'route')
  return { nlri, attributes, nextHop, ageSeconds, stale }
}

/** Members of a route; it has them by getters. */
function shown<Key extends keyof RouteSeen>(route: RouteSeen, keys: readonly Key[]) {
  return Object.fromEntries(keys.map((key) => [key, route[key]]))
}
