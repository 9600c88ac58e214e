/** Laws over the whole table: whatever a route is made of, a match gives an answer, and a set leaves path attributes that can be read. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { copy, u8 } from '../../../src/bytes/octets.ts'
import { isTrouble } from '../../../src/policy/modules/argument/fields.ts'
import type { Reads, RouteView, Test } from '../../../src/policy/modules/module.ts'
import { MATCHES, SETS } from '../../../src/policy/modules/table.ts'
import { DROP, findAttribute, type RewriteStep, rewrite, valueEnd, valueStart } from '../../../src/policy/rewrite/attribute-rewrite.ts'
import { RouteDraft } from '../../../src/policy/route-draft.ts'
import { loadVectors } from '../../wire/vectors.ts'
import { captured, changedBy, environment, matches, withNlri } from './route.ts'

const FILES = environment({
  'storage-macs.txt': '02:53:00:00:00:01',
  'hosts.txt': '10.1.0.1',
  'prefixes.txt': '10.0.0.0/8 le 24',
  'old-vteps.txt': '192.0.2.66',
  'routers.txt': '192.0.2.11',
})

/** Every route of EVPN that was captured or drawn up, with the attributes it had. */
const ROUTES: readonly RouteView[] = loadVectors('messages')
  .filter(({ verdict, expect: view }) => {
    const reach = (view.attributes as { mpReach?: { afi: number; nlri?: unknown[] } } | undefined)?.mpReach
    return verdict === 'ok' && reach?.afi === 25 && (reach.nlri?.length ?? 0) > 0
  })
  .flatMap(({ id }) => {
    try {
      return [captured(id.replace(/^msg-/, ''))]
    } catch {
      // Of an external peer, without LOCAL_PREF.
      return []
    }
  })
const NLRI = loadVectors('evpn-nlri').filter(({ verdict, context }) => verdict === 'ok' && context.addpath === undefined)

test('there is something to try them on', () => {
  expect(ROUTES.length).toBeGreaterThan(25)
  expect(NLRI.length).toBeGreaterThan(40)
})

/** `route` with the thing of `from`. */
function withThing(route: RouteView, from: RouteView, reads: Reads): RouteView {
  if (reads === 'origin') return { ...route, origin: from.origin }
  if (reads === 'nextHop') {
    const bytes = Uint8Array.from([...route.bytes, ...from.bytes.subarray(from.nextHopAt, from.nextHopAt + from.nextHopLength)])
    return { ...route, bytes, nextHopAt: route.bytes.length, nextHopLength: from.nextHopLength }
  }
  const at = findAttribute(from.bytes, from.from, from.to, reads)
  const copied = (out: Uint8Array, to: number) => copy(from.bytes, valueStart(from.bytes, at), valueEnd(from.bytes, at), out, to)
  const step: RewriteStep = {
    code: reads,
    flags: at < 0 ? 0 : u8(from.bytes, at),
    add: at >= 0,
    value: (_bytes, _from, _to, out, to) => (at < 0 ? DROP : copied(out, to)),
  }
  const bytes = new Uint8Array(2 * (route.bytes.length + from.bytes.length))
  bytes.set(route.bytes)
  const begin = route.bytes.length
  return { ...route, bytes, from: begin, to: rewrite(route.bytes, route.from, route.to, [step], bytes, begin) }
}

test('every match of attributes says what it reads, or that it is more than one thing', () => {
  expect(MATCHES.filter(({ looksAt, reads }) => looksAt === 'attributes' && reads === undefined).map(({ name }) => name)).toEqual([])
})

describe.each(MATCHES.map((module) => [module.name, module] as const))('match %s', (name, module) => {
  const tests = module.examples.map(({ typed }): Test => {
    const compiled = module.compile(module.schema.parse(typed), FILES)
    if (isTrouble(compiled)) throw new Error(compiled.found)
    return compiled
  })

  test('answers yes or no about every captured route and every NLRI', () => {
    for (const route of ROUTES) {
      for (const ask of tests) expect(typeof ask(route)).toBe('boolean')
      for (const { typed } of module.examples) matches(name, typed, route, FILES)
    }
    for (const { id } of NLRI) for (const ask of tests) expect(typeof ask(withNlri(ROUTES[0]!, id.replace(/^nlri-/, '')))).toBe('boolean')
  })

  /** Where the tests of a term are answered for all routes that agree in one thing, no route may hang on anything else. */
  test('hangs on nothing but what it says it reads', () => {
    const { looksAt, reads = null } = module
    if (looksAt === 'route' || reads === null) return
    for (const one of ROUTES) {
      for (const other of ROUTES) {
        // All of the other, but for the thing itself.
        const mixed = { ...withThing(other, one, reads), nlri: other.nlri, nlriAt: other.nlriAt, nlriLength: other.nlriLength }
        for (const ask of tests) expect(ask(mixed)).toBe(ask(one))
      }
    }
  })

  test('answers about any octets, and does not read over their end', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 90 }),
        fc.integer({ min: 1, max: 12 }),
        fc.uint8Array({ minLength: 120, maxLength: 120 }),
        (body, type, beyond) => {
          const nlri = Uint8Array.from([type, body.length, ...body])
          const alone = { ...ROUTES[0]!, nlri, nlriAt: 0, nlriLength: nlri.length }
          const amid = { ...alone, nlri: Uint8Array.from([...beyond, ...nlri, ...beyond]), nlriAt: beyond.length }
          return tests.every((ask) => ask(alone) === ask(amid))
        },
      ),
      { numRuns: 60 },
    )
  })
})

test('every set of attributes says what it touches, but for that of which it hangs on the argument', () => {
  expect(SETS.filter(({ looksAt, touches }) => looksAt === 'attributes' && touches === null).map(({ name }) => name)).toEqual(['strip'])
})

/** The path attributes and the next hop that a set leaves, each as text by what it is. */
function thingsOf(route: RouteView): Map<Reads, string> {
  const { bytes, from, to, nextHopAt, nextHopLength } = route
  const things = new Map<Reads, string>([['nextHop', bytes.subarray(nextHopAt, nextHopAt + nextHopLength).join()]])
  for (let at = from; at < to; at = valueEnd(bytes, at)) things.set(u8(bytes, at + 1), bytes.subarray(at, valueEnd(bytes, at)).join())
  return things
}

/** The AS that most route targets of captured routes bear. */
const AS_OF_TARGETS = 65000
/** Of another AS than those that captured routes are from. */
const SOMEBODY = { name: 'somebody', group: 'others', domain: 'far', asn: 64999, external: true }

describe.each(SETS.map((module) => [module.name, module] as const))('set %s', (name, module) => {
  /** Where the terms that match are found again for routes that agree in what is looked at, no edit may reach further than it says. */
  test('touches nothing but what it says, and what becomes of that hangs on nothing else', () => {
    const { touches, looksAt } = module
    if (touches === null || looksAt === 'route') return
    for (const { typed } of module.examples) {
      const edit = module.compile(module.schema.parse(typed), FILES)
      if (isTrouble(edit)) throw new Error(edit.found)
      const edited = (route: RouteView): Map<Reads, string> => {
        const draft = new RouteDraft()
        draft.begin(route, route.origin)
        edit(draft)
        return thingsOf(draft)
      }
      for (const captured of ROUTES) {
        const one = { ...captured, origin: { ...captured.origin, asn: AS_OF_TARGETS } }
        const after = edited(one)
        for (const [thing, octets] of thingsOf(one)) if (!touches.includes(thing)) expect(after.get(thing), `${thing}`).toBe(octets)
        for (const thing of after.keys()) if (!touches.includes(thing)) expect(thingsOf(one).has(thing), `${thing}`).toBe(true)
        for (const other of ROUTES) {
          const mixed = touches.reduce<RouteView>((route, thing) => withThing(route, one, thing), { ...other, origin: SOMEBODY })
          const there = edited(mixed)
          for (const thing of touches) expect(there.get(thing), `${thing}`).toBe(after.get(thing))
        }
      }
    }
  })

  test('leaves attributes that can be read, in ascending order, of every captured route; twice is not once more, where nothing adds up', () => {
    for (const route of ROUTES) {
      for (const { typed } of module.examples) {
        const once = changedBy(name, typed, route, FILES)
        if (JSON.stringify(typed).match(/"[+-]\d|prepend|rfc8365|\{vni\}|true/)) continue
        const again = { ...route, bytes: once.octets, from: 0, to: once.octets.length, nextHopAt: 0, nextHopLength: 4 }
        expect(changedBy(name, typed, again, FILES).octets, `${JSON.stringify(typed)}`).toEqual(once.octets)
      }
    }
  })
})
