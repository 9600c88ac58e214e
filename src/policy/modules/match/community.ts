import { AttributeCode } from '../../../wire/attribute/attribute.ts'
import { type Communities, communityPatterns, communitySet } from '../argument/communities.ts'
import { anyItem } from '../lookup/items.ts'
import type { MatchModule } from '../module.ts'

/** Octets of one. */
const OCTETS = 4

export const community: MatchModule<Communities> = {
  name: 'community',
  looksAt: 'attributes',
  reads: AttributeCode.communities,
  summary: 'A standard community (RFC 1997): one of those the route carries is one of these.',
  examples: [
    { typed: '65001:100', means: 'this one' },
    { typed: 'no-export', means: 'a well-known one by its name' },
    { typed: ['65001:*', '65002:100-199'], means: 'all of 65001, and these of 65002' },
  ],
  schema: communityPatterns,
  compile(argument) {
    const wanted = communitySet(argument)
    return (route) => anyItem(route, AttributeCode.communities, OCTETS, wanted)
  },
}
