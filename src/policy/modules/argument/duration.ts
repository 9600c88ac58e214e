/** Times as arguments: `30s`, `5m`, `2h`, `1d`, or seconds. */
import type { z } from 'zod'
import { decimal, known, type Parsed, parsed, unreadable } from '../../../address/parsed.ts'
import { either, text, whole } from './fields.ts'

export type Duration = number | string

const WHAT = 'a time such as 30s, 5m, 2h or 1d, or a number of seconds'
const MOST = 0x7fffffff
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400 }

function parseDuration(typed: string): Parsed<number> {
  const number = decimal(typed.slice(0, -1), MOST)
  const unit = SECONDS[typed.slice(-1)]
  return number < 0 || unit === undefined || number * unit > MOST ? unreadable(typed, WHAT) : parsed(number * unit)
}

export const duration: z.ZodType<Duration> = either(WHAT, whole(WHAT, 0, MOST), text(WHAT, parseDuration))

/** `typed`: what the schema has passed. */
export function secondsOf(typed: Duration): number {
  return typeof typed === 'number' ? typed : known(parseDuration(typed))
}
