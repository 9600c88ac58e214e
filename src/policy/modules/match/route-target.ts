import { ROUTE_TARGET_OCTETS } from '../../../address/route-target.ts'
import { AttributeCode } from '../../../wire/attribute/attribute.ts'
import { type Administereds, targetPatterns, targetSet } from '../argument/administered.ts'
import { anyItem } from '../lookup/items.ts'
import type { MatchModule } from '../module.ts'

export const routeTarget: MatchModule<Administereds> = {
  name: 'routeTarget',
  looksAt: 'attributes',
  reads: AttributeCode.extCommunities,
  summary: 'A route target of the route: one of those it carries is one of these.',
  examples: [
    { typed: '65001:10100', means: 'this one' },
    { typed: '*:10100', means: 'number 10100 of any AS or address' },
    { typed: ['65001:10000-10999', '65002:*'], means: 'these numbers of AS 65001, and all of AS 65002' },
  ],
  schema: targetPatterns,
  compile(argument) {
    const wanted = targetSet(argument)
    return (route) => anyItem(route, AttributeCode.extCommunities, ROUTE_TARGET_OCTETS, wanted)
  },
}
