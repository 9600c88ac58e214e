/** Numbers and ranges of numbers as arguments: `10100`, `"10000-10999"`, `"10000-"` (and more), or a list of these. */
import { z } from 'zod'
import { decimal, known, type Parsed, parsed, unreadable } from '../../../address/parsed.ts'
import { NumberRanges, type Range } from '../lookup/number-ranges.ts'
import { anyOf, listOf, type OneOrMore, text, whole } from './fields.ts'

export type Numbers = OneOrMore<number | string>

const MAX = 0xffffffff

/** `10000-10999`, `10000-` or a single number. */
export function parseRange(typed: string, what: string, least = 0, most = MAX): Parsed<Range> {
  const dash = typed.indexOf('-')
  const last = typed.slice(dash + 1).trim()
  const from = decimal((dash < 0 ? typed : typed.slice(0, dash)).trim(), most)
  const to = dash < 0 ? from : last === '' ? most : decimal(last, most)
  return from < least || to < from ? unreadable(typed, what) : parsed({ from, to })
}

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
