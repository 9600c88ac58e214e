import { z } from 'zod'
import { type Duration, duration, secondsOf } from '../argument/duration.ts'
import type { MatchModule } from '../module.ts'

interface AgeArgument {
  readonly over?: Duration | undefined
  readonly under?: Duration | undefined
}

const WHAT = 'over, under or both'

export const age: MatchModule<AgeArgument> = {
  name: 'age',
  looksAt: 'route',
  summary: 'How long ago the route last changed, at the moment at which it is judged. Time alone does not make it be judged again.',
  examples: [
    { typed: { over: '1h' }, means: 'for more than an hour as it is' },
    { typed: { under: 30 }, means: 'changed less than 30 seconds ago' },
    { typed: { over: '5m', under: '1d' }, means: 'both must hold' },
  ],
  schema: z
    .strictObject({ over: duration.optional(), under: duration.optional() }, WHAT)
    .refine(({ over, under }) => over !== undefined || under !== undefined, WHAT),
  compile({ over, under }) {
    const least = over === undefined ? -1 : secondsOf(over)
    const most = under === undefined ? Number.POSITIVE_INFINITY : secondsOf(under)
    return ({ ageSeconds }) => ageSeconds > least && ageSeconds < most
  },
}
