import { isRouteTarget, ROUTE_TARGET_OCTETS } from '../../../address/route-target.ts'
import { AttributeCode } from '../../../wire/attribute/attribute.ts'
import { listOf, trouble } from '../argument/fields.ts'
import { type Names, namesOf, namesTest } from '../argument/names.ts'
import { anyItem } from '../lookup/items.ts'
import { OctetIndex } from '../lookup/octet-index.ts'
import type { MatchModule } from '../module.ts'

export const vn: MatchModule<Names> = {
  name: 'vn',
  looksAt: 'attributes',
  reads: AttributeCode.extCommunities,
  summary: 'A virtual network of this configuration, by name: the route carries one of its route targets, for import or export.',
  examples: [
    { typed: 'web', means: 'routes of the VN web' },
    { typed: ['web', 'db'], means: 'routes of either' },
    { typed: '*', means: 'routes of any VN of this configuration' },
  ],
  schema: namesOf('a VN'),
  compile(argument, { vns }) {
    for (const name of listOf(argument)) {
      if (!vns.some((one) => namesTest(name)(one.name))) {
        const known = vns.length === 0 ? 'of which there is none' : vns.map((one) => one.name).join(', ')
        return trouble(JSON.stringify(name), `the name of a VN of this configuration: ${known}`)
      }
    }
    const wanted = namesTest(argument)
    const targets = new OctetIndex(ROUTE_TARGET_OCTETS)
    for (const one of vns.filter(({ name }) => wanted(name))) {
      for (const target of [...one.importTargets, ...one.exportTargets]) targets.add(target)
    }
    const ofVns = { has: (bytes: Uint8Array, at: number) => isRouteTarget(bytes, at) && targets.find(bytes, at) >= 0 }
    return (route) => anyItem(route, AttributeCode.extCommunities, ROUTE_TARGET_OCTETS, ofVns)
  },
}
