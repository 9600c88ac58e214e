import { AttributeCode } from '../../../wire/attribute/attribute.ts'
import { type Numbers, numberRanges, numbers } from '../argument/numbers.ts'
import { AsPathTokens } from '../lookup/as-path.ts'
import type { MatchModule } from '../module.ts'

export const asPathLength: MatchModule<Numbers> = {
  name: 'asPathLength',
  looksAt: 'attributes',
  reads: AttributeCode.asPath,
  summary: 'The length of the AS_PATH as the decision process counts it: an AS_SET is one, segments of a confederation are none.',
  examples: [
    { typed: 0, means: 'from our own AS' },
    { typed: '10-', means: '10 or more' },
  ],
  schema: numbers('a number of AS numbers', 0, 65535),
  compile(argument) {
    const wanted = numberRanges(argument)
    const tokens = new AsPathTokens()
    return (route) => {
      let length = 0
      tokens.start(route)
      while (tokens.next()) length++
      return wanted.has(length)
    }
  },
}
