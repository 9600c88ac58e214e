/** Numbers and ranges of numbers as arguments: `10100`, `"10000-10999"`, `"10000-"` (and more), or a list of these. */
import { z } from 'zod'
import { known } from '../../../address/parsed.ts'
import { NumberRanges } from '../lookup/number-ranges.ts'
import { anyOf, listOf, type OneOrMore, text, whole } from './fields.ts'
import { MAX, parseRange } from './range.ts'

export type Numbers = OneOrMore<number | string>

/** The schema of numbers from `least` to `most`; `noun`: `a VNI`. */
export function numbers(noun: string, least = 0, most = MAX): z.ZodType<Numbers> {
  const what = `${noun} from ${least} to ${most}, or a range such as "${Math.max(least, 100)}-${Math.min(most, 199)}"`
  return anyOf(z.union([whole(what, least, most), text(what, (typed) => parseRange(typed, what, least, most))], what), what)
}

/** `argument`: what the schema has passed. */
export function numberRanges(argument: Numbers): NumberRanges {
  return new NumberRanges(
    listOf(argument).map((one) => (typeof one === 'number' ? { from: one, to: one } : known(parseRange(one, 'a range')))),
  )
}
