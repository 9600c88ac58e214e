import { decimal, type Parsed, parsed, unreadable } from '../../../address/parsed.ts'
import type { Range } from '../lookup/number-ranges.ts'

export const MAX = 0xffffffff

/** `10000-10999`, `10000-` or a single number. */
export function parseRange(typed: string, what: string, least = 0, most = MAX): Parsed<Range> {
  const dash = typed.indexOf('-')
  const last = typed.slice(dash + 1).trim()
  const from = decimal((dash < 0 ? typed : typed.slice(0, dash)).trim(), most)
  const to = dash < 0 ? from : last === '' ? most : decimal(last, most)
  return from < least || to < from ? unreadable(typed, what) : parsed({ from, to })
}
