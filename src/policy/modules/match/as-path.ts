import { known } from '../../../address/parsed.ts'
import { AttributeCode } from '../../../wire/attribute/attribute.ts'
import { anyOf, either, listOf, type OneOrMore, text, whole } from '../argument/fields.ts'
import { AS_PATH_PATTERN, parseAsPathPattern } from '../lookup/as-path-pattern.ts'
import type { MatchModule } from '../module.ts'

export const asPath: MatchModule<OneOrMore<number | string>> = {
  name: 'asPath',
  looksAt: 'attributes',
  reads: AttributeCode.asPath,
  summary:
    'The AS_PATH, by a pattern over AS numbers (not characters): numbers, ranges, `.` for any AS, `*` `+` `?` behind what is repeated, `|` and groups, `^` where the path begins (the AS that sent it last) and `$` where it ends (the origin). Without them: anywhere in it.',
  examples: [
    { typed: '^$', means: 'the empty path: from our own AS' },
    { typed: 65010, means: 'AS 65010 anywhere in the path' },
    { typed: '^65002 .* 65010$', means: 'sent by AS 65002 and originated by AS 65010' },
    { typed: '^(65001|65002)+ 64512-65534$', means: 'only 65001 and 65002, then a private AS' },
    { typed: ['^65002$', '_65003_'], means: 'either' },
  ],
  schema: anyOf(either(AS_PATH_PATTERN, whole(AS_PATH_PATTERN, 1, 0xffffffff), text(AS_PATH_PATTERN, parseAsPathPattern)), AS_PATH_PATTERN),
  compile(argument) {
    const patterns = listOf(argument).map((one) => known(parseAsPathPattern(String(one))))
    return (route) => patterns.some((pattern) => pattern.matches(route))
  },
}
