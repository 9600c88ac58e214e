import { AttributeCode } from '../../../wire/attribute/attribute.ts'
import { defaultGateway as community } from '../../../wire/community/hosts.ts'
import { flag } from '../argument/fields.ts'
import { extendedOf } from '../lookup/items.ts'
import type { MatchModule } from '../module.ts'

export const defaultGateway: MatchModule<boolean> = {
  name: 'defaultGateway',
  looksAt: 'attributes',
  reads: AttributeCode.extCommunities,
  summary: 'Whether the route bears the Default Gateway community (RFC 7432 10.1): its MAC and IP are those of a gateway.',
  examples: [
    { typed: true, means: 'gateways' },
    { typed: false, means: 'all others' },
  ],
  schema: flag,
  compile(argument) {
    const kind = community.kinds[0]!
    return (route) => extendedOf(route, kind) >= 0 === argument
  },
}
