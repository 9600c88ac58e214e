import { AttributeCode } from '../../../wire/attribute/attribute.ts'
import { type Numbers, numberRanges, numbers } from '../argument/numbers.ts'
import { AsPathTokens } from '../lookup/as-path.ts'
import type { MatchModule } from '../module.ts'

export const originAs: MatchModule<Numbers> = {
  name: 'originAs',
  looksAt: 'attributes',
  reads: AttributeCode.asPath,
  summary:
    'The AS that originated the route: the last of its AS_PATH, or any of the last when that is an AS_SET; our own AS when the path is empty.',
  examples: [
    { typed: 65010, means: 'originated in AS 65010' },
    { typed: ['64512-65534', '4200000000-4294967294'], means: 'originated in a private AS' },
  ],
  schema: numbers('an AS number', 1),
  compile(argument, { asn }) {
    const wanted = numberRanges(argument)
    const tokens = new AsPathTokens()
    return (route) => {
      let some = false
      tokens.start(route)
      while (tokens.next()) some = true
      if (!some) return wanted.has(asn)
      // The walk has stopped on the last token.
      for (let i = 0; i < tokens.count; i++) if (wanted.has(tokens.as(i))) return true
      return false
    }
  },
}
