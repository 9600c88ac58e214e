/** Whatever a module of the operator's own asks for: either it is refused, or the route that comes of it is one that may stand on the wire. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { u8 } from '../../../src/bytes/octets.ts'
import { SETS } from '../../../src/policy/modules/table.ts'
import { CHANGES, type Wanted } from '../../../src/policy/own/changes.ts'
import { EditsOf } from '../../../src/policy/own/edits.ts'
import { valueEnd, valueStart } from '../../../src/policy/rewrite/attribute-rewrite.ts'
import { RouteDraft } from '../../../src/policy/route-draft.ts'
import { checkAttribute } from '../../../src/wire/attribute/table.ts'
import { evpn } from '../../../src/wire/nlri/evpn/evpn.ts'
import { captured, environment, LEAF } from '../modules/route.ts'

const ROUTES = [
  'gobgpd-ibgp-macadv-2labels-rmac-1',
  'gobgpd-ibgp-prefix-v4-rmac-1',
  'gobgpd-ibgp-imet-v4-ir-vxlan-1',
  'gobgpd-ibgp-ad-per-evi-1',
].map((id) => captured(id))

/** Arguments that are good, good ones with something else somewhere in them, and anything JSON can say. */
const good = (name: string) => (SETS.find((module) => module.name === name)?.examples ?? []).map(({ typed }) => typed)
const wanted: fc.Arbitrary<Wanted> = fc.constantFrom(...CHANGES.route).chain((name) => {
  const example = fc.constantFrom(...good(name))
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc.integer(),
    fc.constantFrom('', 'none', '*:*', '65001:1', '0:0', 'self', '::', '1.2.3.4'),
  )
  const bent = fc.tuple(example, odd, fc.nat()).map(([typed, other, at]) => withOther(typed, other, at))
  return fc.tuple(fc.constant(name), fc.oneof({ weight: 3, arbitrary: example }, { weight: 2, arbitrary: bent }, fc.jsonValue()))
})

function withOther(typed: unknown, other: unknown, at: number): unknown {
  if (typeof typed !== 'object' || typed === null) return other
  const keys = Object.keys(typed)
  const key = keys[at % keys.length]
  if (Array.isArray(typed)) return typed.map((one, i) => (String(i) === key ? other : one))
  return key === undefined ? other : { ...typed, [key]: other }
}

test('no change makes a route that is malformed', () => {
  let done = 0
  fc.assert(
    fc.property(
      fc.constantFrom(...ROUTES),
      fc.array(fc.array(wanted, { maxLength: 2 }), { minLength: 1, maxLength: 4 }),
      (route, calls) => {
        const edits = new EditsOf('route', environment())
        const draft = new RouteDraft()
        draft.begin(route, LEAF)
        draft.beginRoute(route.nlri, route.nlriAt, route.nlriLength, 0, false)
        for (const call of calls) {
          const made = edits.of(JSON.stringify(call))
          if ('failed' in made) expect(made.why).toMatch(/^found .*, expected /s)
          else for (const edit of made) edit(draft)
          if (!('failed' in made)) done += made.length
        }
        if (!draft.tooLong) soundly(draft)
      },
    ),
    { numRuns: 2000 },
  )
  // Much of it was not refused.
  expect(done).toBeGreaterThan(1000)
})

/** Attributes in ascending type codes, each as its code demands; a next hop, and an NLRI that can be read. */
function soundly({ bytes, from, to, nextHopLength, nlri, nlriAt, nlriLength }: RouteDraft): void {
  let last = 0
  let at = from
  while (at < to) {
    const code = u8(bytes, at + 1)
    expect(code).toBeGreaterThan(last)
    const value = valueStart(bytes, at)
    const end = valueEnd(bytes, at)
    expect(checkAttribute(u8(bytes, at) & 0xef, code, bytes, value, end - value, { fourOctetAs: true, internal: true })).toBe(null)
    last = code
    at = end
  }
  expect(at).toBe(to)
  expect([4, 16, 32]).toContain(nextHopLength)
  expect(evpn.sizeOf(nlri, nlriAt, nlriAt + nlriLength)).toBe(nlriLength)
  expect(evpn.check(nlri, nlriAt, nlriLength)).toBe(null)
}
