import { z } from 'zod'
import { AttributeCode, type PathAttribute } from '../../../wire/attribute/attribute.ts'
import { PATH_ATTRIBUTES } from '../../../wire/attribute/table.ts'
import { drop } from '../../rewrite/steps.ts'
import { anyOf, listOf, type OneOrMore } from '../argument/fields.ts'
import type { SetModule } from '../module.ts'

/** Without these a route is none, or goes round in circles. */
const NEEDED: readonly number[] = [
  AttributeCode.origin,
  AttributeCode.asPath,
  AttributeCode.nextHop,
  AttributeCode.originatorId,
  AttributeCode.clusterList,
  AttributeCode.mpReach,
  AttributeCode.mpUnreach,
  AttributeCode.as4Path,
  AttributeCode.as4Aggregator,
]

/** Views hold AIGP as octets and say so in its name; here it is the attribute. */
const nameOf = ({ name }: PathAttribute) => (name === 'aigpHex' ? 'aigp' : name)
const CODES = new Map(PATH_ATTRIBUTES.flatMap((known) => (NEEDED.includes(known.code) ? [] : [[nameOf(known), known.code] as const])))
const NEEDED_NAMES = PATH_ATTRIBUTES.filter(({ code }) => NEEDED.includes(code)).map(nameOf)
const WHAT = `one of ${[...CODES.keys()].join(', ')}, or a type code from 1 to 255; not what routes need: ${NEEDED_NAMES.join(', ')}`
const one = z.union(
  [
    z.enum([...CODES.keys()], WHAT).meta({ description: WHAT }),
    z
      .int(WHAT)
      .min(1, WHAT)
      .max(255, WHAT)
      .refine((code) => !NEEDED.includes(code), WHAT)
      .meta({ description: WHAT }),
  ],
  WHAT,
)

export const strip: SetModule<OneOrMore<number | string>> = {
  name: 'strip',
  looksAt: 'attributes',
  touches: null,
  summary: 'Leaves whole path attributes out, by name or type code, before anything else of the term is set.',
  examples: [
    { typed: 'med', means: 'no MULTI_EXIT_DISC' },
    { typed: ['aigp', 'tunnelEncapsulation', 99], means: 'none of these; 99 is one that fednva does not know' },
  ],
  schema: anyOf(one, WHAT),
  compile(argument) {
    const codes = new Set(listOf(argument).map((typed) => (typeof typed === 'number' ? typed : (CODES.get(typed) ?? 0))))
    const steps = [...codes].sort((a, b) => a - b).map(drop)
    return (draft) => draft.rewrite(steps)
  },
}
