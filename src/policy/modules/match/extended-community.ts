import { AttributeCode } from '../../../wire/attribute/attribute.ts'
import { type ExtendedCommunities, extendedCommunityPatterns, extendedCommunitySet } from '../argument/extended-communities.ts'
import { anyItem } from '../lookup/items.ts'
import type { MatchModule } from '../module.ts'

/** Octets of one. */
const OCTETS = 8

export const extendedCommunity: MatchModule<ExtendedCommunities> = {
  name: 'extendedCommunity',
  looksAt: 'attributes',
  reads: AttributeCode.extCommunities,
  summary:
    'An extended community of any kind (RFC 4360): one of those the route carries is one of these. Written as show routes writes them; for route targets see routeTarget.',
  examples: [
    { typed: 'SoO:65001:1', means: 'this site of origin' },
    { typed: 'Color:*', means: 'any community of this kind' },
    { typed: ['0x0605*', 'Rmac:02:00:*'], means: 'type and subtype in hex; and Router MACs that begin so' },
  ],
  schema: extendedCommunityPatterns,
  compile(argument) {
    const wanted = extendedCommunitySet(argument)
    return (route) => anyItem(route, AttributeCode.extCommunities, OCTETS, wanted)
  },
}
