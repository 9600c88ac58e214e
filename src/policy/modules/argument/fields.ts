/**
 * The leaves of the modules' schemas. Each knows in words what it expects; those words are the error of `fednva check` and the description in the JSON
 * Schema. They check and keep what was typed; `compile` reads it again when the whole file is good.
 */
import { z } from 'zod'
import type { Parsed } from '../../../address/parsed.ts'
import type { Trouble } from '../module.ts'

/** A text that `parse` understands; what it would have understood instead is the error. */
export function text(what: string, parse: (typed: string) => Parsed<unknown>) {
  return z
    .string(what)
    .superRefine((typed, context) => {
      const result = parse(typed)
      if (!result.ok) context.addIssue({ code: 'custom', message: result.expected })
    })
    .meta({ description: what })
}

export function whole(what: string, from: number, to: number) {
  return z.int(what).min(from, what).max(to, what).meta({ description: what })
}

export const flag = z.boolean('true or false').meta({ description: 'true or false' })

export function oneOf<const T extends readonly [string, ...string[]]>(...words: T) {
  return z.enum(words, `one of ${words.join(', ')}`)
}

/** One form or another; the words for all of them together. */
export function either<A, B>(what: string, one: z.ZodType<A>, other: z.ZodType<B>): z.ZodType<A | B> {
  return z.union([one, other], what).meta({ description: what })
}

/** One or a list of them, any of which will do. */
export function anyOf<T>(one: z.ZodType<T>, what: string): z.ZodType<OneOrMore<T>> {
  const all = `${what}, or a list of them`
  return z.union([one, z.array(one, what).min(1, `${what}; the list is empty`)], all).meta({ description: all })
}

export type OneOrMore<T> = T | readonly T[]

export function listOf<T>(argument: OneOrMore<T>): readonly T[] {
  return Array.isArray(argument) ? (argument as readonly T[]) : [argument as T]
}

export function trouble(found: string, expected: string): Trouble {
  return { found, expected }
}

export function isTrouble(value: object): value is Trouble {
  return 'found' in value && 'expected' in value
}
