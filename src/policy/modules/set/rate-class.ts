import { whole } from '../argument/fields.ts'
import type { SetModule } from '../module.ts'

export const rateClass: SetModule<number> = {
  name: 'rateClass',
  looksAt: 'attributes',
  touches: [],
  summary:
    'Marks the route with a rate class. On the way in from another domain, `limits.classes` of that domain holds for it. Nobody is told of the mark. 0: no class.',
  examples: [
    { typed: 1, means: 'class 1' },
    { typed: 0, means: 'no class, whatever a term before has said' },
  ],
  schema: whole('a rate class from 0 to 255', 0, 255),
  compile(argument) {
    return (draft) => draft.markRateClass(argument)
  },
}
