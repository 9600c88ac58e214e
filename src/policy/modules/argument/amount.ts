/** A number to set, or with a sign a number to add or take off: `200`, `"+50"`, `"-50"`. */
import type { z } from 'zod'
import { decimal, type Parsed, parsed, unreadable } from '../../../address/parsed.ts'
import { either, text, whole } from './fields.ts'

export type Amount = number | string

const MAX = 0xffffffff

/** `noun`: `a local preference`. */
export function amount(noun: string): z.ZodType<Amount> {
  const what = `${noun} from 0 to ${MAX}, or a change such as "+50" or "-50"`
  return either(
    what,
    whole(what, 0, MAX),
    text(what, (typed) => parseChange(typed, what)),
  )
}

function parseChange(typed: string, what: string): Parsed<number> {
  const by = decimal(typed.slice(1), MAX)
  return by < 0 || !/^[+-]/.test(typed) ? unreadable(typed, what) : parsed(typed.startsWith('-') ? -by : by)
}

/** What becomes of a number; never below 0 or above 32 bits. */
export function changed(argument: Amount): (old: number) => number {
  if (typeof argument === 'number') return () => argument
  const change = parseChange(argument, '')
  const by = change.ok ? change.value : 0
  return (old) => Math.min(MAX, Math.max(0, old + by))
}
