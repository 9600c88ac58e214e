import { type Names, namesOf, namesTest } from '../argument/names.ts'
import type { MatchModule } from '../module.ts'

export const peerGroup: MatchModule<Names> = {
  name: 'peerGroup',
  looksAt: 'attributes',
  reads: 'origin',
  summary: 'The group of the peer the route was learned from. Peers without a group are in none.',
  examples: [
    { typed: 'leaves', means: 'learned from a peer of the group leaves' },
    { typed: ['leaves', 'border-*'], means: 'from a peer of any of these groups' },
  ],
  schema: namesOf('a peer group'),
  compile(argument) {
    const wanted = namesTest(argument)
    return ({ origin }) => origin.group !== null && wanted(origin.group)
  },
}
