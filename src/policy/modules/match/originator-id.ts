import { AttributeCode } from '../../../wire/attribute/attribute.ts'
import { findAttribute, valueEnd, valueStart } from '../../rewrite/attribute-rewrite.ts'
import type { Entries } from '../argument/entries.ts'
import { isTrouble } from '../argument/fields.ts'
import { addresses, addressSet } from '../argument/prefixes.ts'
import type { MatchModule } from '../module.ts'

const OCTETS = 4

export const originatorId: MatchModule<Entries> = {
  name: 'originatorId',
  looksAt: 'attributes',
  reads: AttributeCode.originatorId,
  summary: 'The ORIGINATOR_ID (RFC 4456): the router id of who brought the route into this AS, as another reflector has put it in.',
  examples: [
    { typed: '192.0.2.11', means: 'this router' },
    { typed: ['192.0.2.0/28', '198.51.100.1'], means: 'any of these' },
  ],
  schema: addresses,
  compile(argument, environment) {
    const wanted = addressSet(argument, environment)
    if (isTrouble(wanted)) return wanted
    return ({ bytes, from, to }) => {
      const at = findAttribute(bytes, from, to, AttributeCode.originatorId)
      if (at < 0) return false
      const value = valueStart(bytes, at)
      return valueEnd(bytes, at) - value === OCTETS && wanted.hasAddress(bytes, value, OCTETS)
    }
  },
}
