import { z } from 'zod'
import { isNoEsi } from '../../../address/esi.ts'
import { esiAt } from '../../../wire/nlri/evpn/in-place.ts'
import type { Entries } from '../argument/entries.ts'
import { either, isTrouble } from '../argument/fields.ts'
import { esiPatterns, esiSet } from '../argument/octet-patterns.ts'
import type { MatchModule } from '../module.ts'

const MULTIHOMED = 'multihomed'
const SINGLE_HOMED = 'single-homed'
const words = z.enum([SINGLE_HOMED, MULTIHOMED]).meta({ description: 'all octets zero, or not' })

export const esi: MatchModule<Entries> = {
  name: 'esi',
  looksAt: 'route',
  summary: 'The Ethernet segment identifier, of types 1, 2, 4, 5, 7 and 8. Of type 5 it is an overlay index (RFC 9136).',
  examples: [
    { typed: '00:44:00:00:00:00:00:00:00:01', means: 'this segment' },
    { typed: '03:02:00:5e:*', means: 'all that begin so' },
    { typed: SINGLE_HOMED, means: 'routes without a segment: the ESI is zero' },
    { typed: MULTIHOMED, means: 'routes with any segment' },
  ],
  schema: either(`${esiPatterns.description}`, words, esiPatterns),
  compile(argument, environment) {
    if (argument === SINGLE_HOMED || argument === MULTIHOMED) {
      return ({ nlri, nlriAt, nlriLength }) => {
        const at = esiAt(nlri, nlriAt, nlriLength)
        return at >= 0 && isNoEsi(nlri, at) === (argument === SINGLE_HOMED)
      }
    }
    const wanted = esiSet(argument, environment)
    if (isTrouble(wanted)) return wanted
    return ({ nlri, nlriAt, nlriLength }) => {
      const at = esiAt(nlri, nlriAt, nlriLength)
      return at >= 0 && wanted.has(nlri, at)
    }
  },
}
