import { originatorAt, originatorOctets } from '../../../wire/nlri/evpn/in-place.ts'
import type { Entries } from '../argument/entries.ts'
import { isTrouble } from '../argument/fields.ts'
import { addresses, addressSet } from '../argument/prefixes.ts'
import type { MatchModule } from '../module.ts'

export const originator: MatchModule<Entries> = {
  name: 'originator',
  looksAt: 'route',
  summary:
    'The originating router of types 3, 4, 6 to 8, 10 and 11, as the route itself names it. For the ORIGINATOR_ID of reflection see originatorId.',
  examples: [
    { typed: '192.0.2.11', means: 'this router' },
    { typed: ['192.0.2.0/24', { file: 'routers.txt' }], means: 'a router there, or of a file with one entry a line' },
  ],
  schema: addresses,
  compile(argument, environment) {
    const wanted = addressSet(argument, environment)
    if (isTrouble(wanted)) return wanted
    return ({ nlri, nlriAt, nlriLength }) => {
      const octets = originatorOctets(nlri, nlriAt, nlriLength)
      return octets > 0 && wanted.hasAddress(nlri, originatorAt(nlri, nlriAt, nlriLength), octets)
    }
  },
}
