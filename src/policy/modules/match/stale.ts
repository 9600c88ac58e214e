import { flag } from '../argument/fields.ts'
import type { MatchModule } from '../module.ts'

export const stale: MatchModule<boolean> = {
  name: 'stale',
  looksAt: 'route',
  summary: 'Whether the route is kept from a session that is gone and has not been heard again.',
  examples: [
    { typed: true, means: 'stale routes' },
    { typed: false, means: 'fresh ones' },
  ],
  schema: flag,
  compile(argument) {
    return (route) => route.stale === argument
  },
}
