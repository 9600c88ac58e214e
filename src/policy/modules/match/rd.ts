import { rdAt } from '../../../wire/nlri/evpn/in-place.ts'
import { type Administereds, rdPatterns, rdSet } from '../argument/administered.ts'
import type { MatchModule } from '../module.ts'

export const rd: MatchModule<Administereds> = {
  name: 'rd',
  looksAt: 'route',
  summary: 'The route distinguisher, of types 1 to 10.',
  examples: [
    { typed: '192.0.2.11:1', means: 'this one' },
    { typed: '192.0.2.11:*', means: 'all that begin with this address: mostly one switch' },
    { typed: ['65001:100-199', '*:7'], means: 'any of these; * alone stands for any AS or address' },
  ],
  schema: rdPatterns,
  compile(argument) {
    const wanted = rdSet(argument)
    return ({ nlri, nlriAt, nlriLength }) => {
      const at = rdAt(nlri, nlriAt, nlriLength)
      return at >= 0 && wanted.has(nlri, at)
    }
  },
}
