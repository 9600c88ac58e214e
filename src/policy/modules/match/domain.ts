import { listOf } from '../argument/fields.ts'
import { type Names, namesOf, namesTest } from '../argument/names.ts'
import type { MatchModule } from '../module.ts'

const LOCAL = 'local'

export const domain: MatchModule<Names> = {
  name: 'domain',
  looksAt: 'attributes',
  reads: 'origin',
  summary: `The federated domain the route was learned from; \`${LOCAL}\` for routes of our own domain.`,
  examples: [
    { typed: 'fra', means: 'learned from the domain fra' },
    { typed: ['fra', 'par'], means: 'from either' },
    { typed: LOCAL, means: 'from our own domain' },
  ],
  schema: namesOf(`a federated domain, or ${LOCAL}`),
  compile(argument) {
    const wanted = namesTest(argument)
    const own = listOf(argument).includes(LOCAL)
    return ({ origin }) => (origin.domain === null ? own : wanted(origin.domain))
  },
}
