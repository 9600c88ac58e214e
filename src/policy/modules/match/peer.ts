import { type Names, namesOf, namesTest } from '../argument/names.ts'
import type { MatchModule } from '../module.ts'

export const peer: MatchModule<Names> = {
  name: 'peer',
  looksAt: 'attributes',
  reads: 'origin',
  summary:
    'The peer the route was learned from, by name. NVAs of other domains are called `domain/address`. Routes of our own have no peer.',
  examples: [
    { typed: 'leaf1', means: 'learned from leaf1' },
    { typed: ['leaf1', 'leaf2'], means: 'from either' },
    { typed: 'fra/*', means: 'from any NVA of the domain fra' },
  ],
  schema: namesOf('a peer'),
  compile(argument) {
    const wanted = namesTest(argument)
    return ({ origin }) => origin.name !== '' && wanted(origin.name)
  },
}
