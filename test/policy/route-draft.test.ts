import fc from 'fast-check'
import { expect, test } from 'vitest'
import { copy, copyOf, hex } from '../../src/bytes/octets.ts'
import { NOBODY, RouteDraft } from '../../src/policy/route-draft.ts'
import { AttributeSets } from '../../src/rib/attribute-sets.ts'
import { attributesOf, intern } from '../rib/feed.ts'

/** Puts in a community of these octets, whatever was there. */
const communities = (octets: Uint8Array) => [
  {
    ...{ code: 8, flags: 0xc0, add: true },
    value: (_bytes: Uint8Array, _from: number, _to: number, out: Uint8Array, at: number) => copy(octets, 0, octets.length, out, at),
  },
]

const step = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 400 }).map((octets) => ({ is: 'edit' as const, octets })),
  fc.uint8Array({ minLength: 4, maxLength: 4 }).map((octets) => ({ is: 'next hop' as const, octets })),
  fc.constant({ is: 'keep' as const, octets: new Uint8Array(0) }),
)

function edit(draft: RouteDraft, { is, octets }: { is: 'edit' | 'next hop'; octets: Uint8Array }): void {
  if (is === 'edit') draft.rewrite(communities(octets))
  else draft.setNextHop(octets)
}

const seen = ({ bytes, nextHopAt, nextHopLength, from, to }: RouteDraft) =>
  `${hex(copyOf(bytes, nextHopAt, nextHopAt + nextHopLength))} ${hex(copyOf(bytes, from, to))}`

test('states that were kept come back as they were, however many, whatever is made of each; and the sets of all are made of their octets', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.boolean(), fc.uint8Array({ maxLength: 8 }), (steps, before, order) => {
      const sets = new AttributeSets()
      const set = intern(sets, 1, attributesOf({ localPref: 7 }))
      const draft = new RouteDraft()
      draft.begin(sets.octetsOf(set), NOBODY, before ? communities(Uint8Array.of(1, 2, 3, 4)) : [])
      const first = seen(draft)
      const states: string[] = []
      for (const one of steps) {
        if (one.is !== 'keep') edit(draft, { is: one.is, octets: one.octets })
        else {
          draft.keep()
          states.push(seen(draft))
        }
      }
      for (const [i, wanted] of order.entries()) {
        if (states.length === 0) break
        const number = wanted % states.length
        draft.restore(number)
        expect(seen(draft)).toBe(states[number])
        const { bytes, nextHopAt, nextHopLength, from, to } = draft
        const made = sets.deriveFrom(set, draft, true)
        // Without the memory of the draft being that of a key it is the same set.
        expect(sets.deriveFrom(set, { bytes, nextHopAt, nextHopLength, from, to }, true)).toBe(made)
        const octets = sets.octetsOf(made)
        expect(`${hex(copyOf(octets.bytes, octets.nextHopAt, octets.from))} ${hex(copyOf(octets.bytes, octets.from, octets.to))}`).toBe(
          states[number],
        )
        edit(draft, { is: i % 2 === 0 ? 'edit' : 'next hop', octets: Uint8Array.of(i, i, i, i) })
      }
      draft.beginAgain()
      expect(seen(draft)).toBe(first)
    }),
  )
})
