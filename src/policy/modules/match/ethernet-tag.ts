import { u32 } from '../../../bytes/octets.ts'
import { ethernetTagAt } from '../../../wire/nlri/evpn/in-place.ts'
import { type Numbers, numberRanges, numbers } from '../argument/numbers.ts'
import type { MatchModule } from '../module.ts'

export const ethernetTag: MatchModule<Numbers> = {
  name: 'ethernetTag',
  looksAt: 'route',
  summary:
    'The Ethernet Tag, of types 1 to 3 and 5 to 10. 0 with VLAN-based service; 4294967295 marks the type 1 routes of a whole segment.',
  examples: [
    { typed: 0, means: 'no tag' },
    { typed: '1-4094', means: 'a VLAN as tag' },
    { typed: 4294967295, means: 'the routes per Ethernet segment, of type 1' },
  ],
  schema: numbers('an Ethernet Tag'),
  compile(argument) {
    const wanted = numberRanges(argument)
    return ({ nlri, nlriAt, nlriLength }) => {
      const at = ethernetTagAt(nlri, nlriAt, nlriLength)
      return at >= 0 && wanted.has(u32(nlri, at))
    }
  },
}
