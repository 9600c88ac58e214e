/** Numbers and ranges of numbers as arguments: `10100`, `"10000-10999"`, or a list of both. */
import { z } from 'zod'
import { decimal, type Parsed, parsed, unreadable } from '../../../address/parsed.ts'
import { anyOf, listOf, type OneOrMore, text, whole } from './fields.ts'

export type Numbers = OneOrMore<number | string>

const MAX = 0xffffffff

interface Range {
  readonly from: number
  readonly to: number
}

/** `10000-10999`, or a single number. */
export function parseRange(typed: string, what: string, least = 0, most = MAX): Parsed<Range> {
  const dash = typed.indexOf('-')
  const from = decimal(dash < 0 ? typed : typed.slice(0, dash).trim(), most)
  const to = dash < 0 ? from : decimal(typed.slice(dash + 1).trim(), most)
  return from < least || to < from ? unreadable(typed, what) : parsed({ from, to })
}

/** The schema of numbers from `least` to `most`; `noun`: `a VNI`. */
export function numbers(noun: string, least = 0, most = MAX): z.ZodType<Numbers> {
  const what = `${noun} from ${least} to ${most}, or a range such as "${Math.max(least, 100)}-${Math.min(most, 199)}"`
  return anyOf(z.union([whole(what, least, most), text(what, (typed) => parseRange(typed, what, least, most))], what), what)
}

/** A set of unsigned numbers of 32 bits, as ranges that neither touch nor overlap. */
export class NumberRanges {
  private readonly from: Uint32Array
  private readonly to: Uint32Array

  /** `argument`: what the schema has passed. */
  constructor(argument: Numbers) {
    const ranges = listOf(argument)
      .map((one): Range => {
        if (typeof one === 'number') return { from: one, to: one }
        const range = parseRange(one, '')
        return range.ok ? range.value : { from: 1, to: 0 }
      })
      .filter(({ from, to }) => from <= to)
      .sort((a, b) => a.from - b.from)
    const merged: { from: number; to: number }[] = []
    for (const { from, to } of ranges) {
      const last = merged.at(-1)
      if (last !== undefined && from <= last.to + 1) last.to = Math.max(last.to, to)
      else merged.push({ from, to })
    }
    this.from = Uint32Array.from(merged, ({ from }) => from)
    this.to = Uint32Array.from(merged, ({ to }) => to)
  }

  /** Hot: allocates nothing; as many steps as the number of ranges has bits. */
  has(value: number): boolean {
    let low = 0
    let high = this.from.length - 1
    while (low <= high) {
      const middle = (low + high) >>> 1
      if (value < this.from[middle]!) high = middle - 1
      else if (value > this.to[middle]!) low = middle + 1
      else return true
    }
    return false
  }
}
