import { hostAt, hostOctets } from '../../../wire/nlri/evpn/in-place.ts'
import type { Entries } from '../argument/entries.ts'
import { isTrouble } from '../argument/fields.ts'
import { addresses, addressSet } from '../argument/prefixes.ts'
import type { MatchModule } from '../module.ts'

export const ip: MatchModule<Entries> = {
  name: 'ip',
  looksAt: 'route',
  summary: 'The IP address of a type 2 route is one of these, or lies in one of these prefixes. Routes for a MAC alone have none.',
  examples: [
    { typed: '10.1.0.1', means: 'this host' },
    { typed: ['10.0.0.0/8', '2001:db8::/32'], means: 'a host in either' },
    { typed: { file: 'hosts.txt' }, means: 'those of a file with one entry a line' },
  ],
  schema: addresses,
  compile(argument, environment) {
    const wanted = addressSet(argument, environment)
    if (isTrouble(wanted)) return wanted
    return ({ nlri, nlriAt, nlriLength }) => {
      const octets = hostOctets(nlri, nlriAt, nlriLength)
      return octets > 0 && wanted.hasAddress(nlri, hostAt(nlri, nlriAt, nlriLength), octets)
    }
  },
}
