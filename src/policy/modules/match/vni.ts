import { type Numbers, numberRanges, numbers } from '../argument/numbers.ts'
import { hasVni } from '../lookup/encapsulations.ts'
import { firstField, secondField } from '../lookup/vnis.ts'
import type { MatchModule } from '../module.ts'

export const vni: MatchModule<Numbers> = {
  name: 'vni',
  looksAt: 'route',
  summary:
    'A VNI of the route: either label of type 2, that of types 1 and 5, that of the PMSI tunnel of others. Routes whose Encapsulation is none with a VNI (MPLS) have none.',
  examples: [
    { typed: 10100, means: 'VNI 10100' },
    { typed: '10000-10999', means: 'a VNI from 10000 to 10999' },
    { typed: [10100, '20000-20999'], means: 'any of these' },
  ],
  schema: numbers('a VNI', 1, 0xffffff),
  compile(argument) {
    const wanted = numberRanges(argument)
    // Encapsulations are asked last: most routes are of another VNI.
    return (route) => (wanted.has(firstField(route)) || wanted.has(secondField(route))) && hasVni(route)
  },
}
