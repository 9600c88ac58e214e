import type { Entries } from '../argument/entries.ts'
import { isTrouble } from '../argument/fields.ts'
import { addresses, addressSet } from '../argument/prefixes.ts'
import type { MatchModule } from '../module.ts'

export const nextHop: MatchModule<Entries> = {
  name: 'nextHop',
  looksAt: 'attributes',
  reads: 'nextHop',
  summary: 'The next hop, which is the tunnel endpoint (VTEP), is one of these addresses or lies in one of these prefixes.',
  examples: [
    { typed: '192.0.2.11', means: 'this VTEP' },
    { typed: ['192.0.2.0/24', '2001:db8::/32'], means: 'any VTEP there' },
    { typed: { file: 'old-vteps.txt' }, means: 'those of a file with one entry a line' },
  ],
  schema: addresses,
  compile(argument, environment) {
    const wanted = addressSet(argument, environment)
    if (isTrouble(wanted)) return wanted
    // 32 octets are a global and a link-local address (RFC 2545 §3): the first counts.
    return ({ bytes, nextHopAt, nextHopLength }) =>
      nextHopLength === 4 ? wanted.hasAddress(bytes, nextHopAt, 4) : nextHopLength >= 16 && wanted.hasAddress(bytes, nextHopAt, 16)
  },
}
