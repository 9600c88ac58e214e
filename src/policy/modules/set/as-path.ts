import { z } from 'zod'
import { AttributeCode } from '../../../wire/attribute/attribute.ts'
import { anyOf, flag, listOf, type OneOrMore, whole } from '../argument/fields.ts'
import { type Numbers, numberRanges, numbers } from '../argument/numbers.ts'
import { editAses, prependAses } from '../edit/as-path.ts'
import { NumberRanges } from '../lookup/number-ranges.ts'
import type { SetModule } from '../module.ts'

interface AsPathArgument {
  readonly prepend?: OneOrMore<number> | undefined
  readonly override?: Numbers | undefined
  readonly removePrivate?: boolean | undefined
}

const MOST_PREPENDED = 25
const AS = 'an AS number from 1 to 4294967294'
const PREPEND = `${AS}, or a list of at most ${MOST_PREPENDED}`
const WHAT = 'prepend, override, removePrivate or several of them'

/** RFC 6996 §5. */
const PRIVATE = new NumberRanges([
  { from: 64512, to: 65534 },
  { from: 4200000000, to: 4294967294 },
])

export const asPath: SetModule<AsPathArgument> = {
  name: 'asPath',
  looksAt: 'attributes',
  touches: [AttributeCode.asPath],
  summary:
    "The AS_PATH: private AS numbers removed (RFC 6996), then AS numbers overridden by that of this NVA, so that sites of one AS take each other's routes, then others put before it. What eBGP puts in front itself comes on top of that. A path without an AS is forgotten where it has been: mind loops.",
  examples: [
    { typed: { prepend: [65001, 65001] }, means: 'two AS numbers longer' },
    { typed: { override: 65010 }, means: 'wherever AS 65010 stands, the AS of this NVA' },
    { typed: { removePrivate: true }, means: 'no private AS any more' },
  ],
  schema: z
    .strictObject(
      {
        prepend: anyOf(whole(AS, 1, 4294967294), AS)
          .refine((typed) => listOf(typed).length <= MOST_PREPENDED, PREPEND)
          .meta({ description: `put before the path, the first of them first: ${PREPEND}` })
          .optional(),
        override: numbers('an AS number', 1).meta({ description: 'replaced by the AS of this NVA wherever they stand' }).optional(),
        removePrivate: flag.meta({ description: 'true: 64512-65534 and 4200000000-4294967294 go' }).optional(),
      },
      WHAT,
    )
    .refine((typed) => Object.keys(typed).length > 0, WHAT),
  compile({ prepend, override, removePrivate }, { asn }) {
    const overridden = override === undefined ? null : numberRanges(override)
    const edits = removePrivate === true || overridden !== null
    const edited = [editAses((as) => (removePrivate === true && PRIVATE.has(as) ? 0 : overridden?.has(as) === true ? asn : as))]
    const prepended = prepend === undefined ? [] : [prependAses(listOf(prepend))]
    return (draft) => {
      if (edits) draft.rewrite(edited)
      if (prepended.length > 0) draft.rewrite(prepended)
    }
  },
}
