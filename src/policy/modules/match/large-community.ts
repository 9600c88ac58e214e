import { AttributeCode } from '../../../wire/attribute/attribute.ts'
import { type Communities, largeCommunityPatterns, largeCommunitySet } from '../argument/communities.ts'
import { anyItem } from '../lookup/items.ts'
import type { MatchModule } from '../module.ts'

/** Octets of one. */
const OCTETS = 12

export const largeCommunity: MatchModule<Communities> = {
  name: 'largeCommunity',
  looksAt: 'attributes',
  reads: AttributeCode.largeCommunities,
  summary: 'A large community (RFC 8092): one of those the route carries is one of these.',
  examples: [
    { typed: '65001:1:2', means: 'this one' },
    { typed: ['65001:1:*', '65001:2:100-199'], means: 'all that begin with 65001:1, and some of 65001:2' },
  ],
  schema: largeCommunityPatterns,
  compile(argument) {
    const wanted = largeCommunitySet(argument)
    return (route) => anyItem(route, AttributeCode.largeCommunities, OCTETS, wanted)
  },
}
