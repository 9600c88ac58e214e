import { z } from 'zod'
import { u16 } from '../../../bytes/octets.ts'
import { AttributeCode } from '../../../wire/attribute/attribute.ts'
import { EXTENDED_COMMUNITY_OCTETS } from '../../../wire/community/extended-community.ts'
import { routerMac as community } from '../../../wire/community/mac-address.ts'
import type { Entries } from '../argument/entries.ts'
import { either, isTrouble } from '../argument/fields.ts'
import { macPatterns, macSet } from '../argument/octet-patterns.ts'
import { anyItem, extendedOf } from '../lookup/items.ts'
import type { MatchModule } from '../module.ts'

const NONE = 'none'
/** Type and subtype stand before the address. */
const MAC = 2

export const routerMac: MatchModule<Entries> = {
  name: 'routerMac',
  looksAt: 'attributes',
  reads: AttributeCode.extCommunities,
  summary: "The Router's MAC of the route (RFC 9135). Of several, one is enough.",
  examples: [
    { typed: '02:00:5e:00:00:01', means: 'this one' },
    { typed: '00:00:00:00:00:00', means: 'zero, which some switches cannot take' },
    { typed: '*', means: 'any: the route is for a layer 3 VN' },
    { typed: NONE, means: 'there is none' },
  ],
  schema: either(`${macPatterns.description}; or ${NONE}`, z.literal(NONE).meta({ description: 'there is none' }), macPatterns),
  compile(argument, environment) {
    const kind = community.kinds[0]!
    if (argument === NONE) return (route) => extendedOf(route, kind) < 0
    const wanted = macSet(argument, environment)
    if (isTrouble(wanted)) return wanted
    const ofKind = { has: (bytes: Uint8Array, at: number) => u16(bytes, at) === kind && wanted.has(bytes, at + MAC) }
    return (route) => anyItem(route, AttributeCode.extCommunities, EXTENDED_COMMUNITY_OCTETS, ofKind)
  },
}
