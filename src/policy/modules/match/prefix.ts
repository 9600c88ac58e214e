import { hostAt, hostOctets, prefixAt, prefixBits, prefixOctets } from '../../../wire/nlri/evpn/in-place.ts'
import type { Entries } from '../argument/entries.ts'
import { isTrouble } from '../argument/fields.ts'
import { prefixRanges, prefixSet } from '../argument/prefixes.ts'
import type { MatchModule } from '../module.ts'

export const prefix: MatchModule<Entries> = {
  name: 'prefix',
  looksAt: 'route',
  summary:
    'The IP prefix of a type 5 route, or the host of a type 2 route as a /32 or /128. With ge and le: those within the prefix of such lengths; ge alone up to hosts.',
  examples: [
    { typed: '10.0.0.0/8', means: 'exactly this one' },
    { typed: '10.0.0.0/8 le 24', means: 'this one, and those in it down to a /24' },
    { typed: ['10.0.0.0/8 ge 24 le 28', '::/0 ge 48'], means: 'those in it of /24 to /28; and all of IPv6 from /48 on, hosts too' },
    { typed: { file: 'prefixes.txt' }, means: 'those of a file with one entry a line' },
  ],
  schema: prefixRanges,
  compile(argument, environment) {
    const wanted = prefixSet(argument, environment)
    if (isTrouble(wanted)) return wanted
    return ({ nlri, nlriAt, nlriLength }) => {
      const octets = prefixOctets(nlri, nlriAt, nlriLength)
      if (octets > 0) return wanted.has(nlri, prefixAt(nlri, nlriAt, nlriLength), octets, prefixBits(nlri, nlriAt, nlriLength))
      const host = hostOctets(nlri, nlriAt, nlriLength)
      return host > 0 && wanted.hasAddress(nlri, hostAt(nlri, nlriAt, nlriLength), host)
    }
  },
}
