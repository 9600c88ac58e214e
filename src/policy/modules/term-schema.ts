/** The schema of policies in the configuration file: terms, with what the table of modules makes of `match:` and `set:`. */
import { z } from 'zod'
import type { MatchModule, SetModule } from './module.ts'
import { MATCHES, SETS } from './table.ts'

export const DECISIONS = ['accept', 'reject', 'next'] as const
/** What a term decides: `next`, and the following term is asked. */
export type Decision = (typeof DECISIONS)[number]

/** Arguments by name of the module; under `own` those of modules that are not ours (`policy/own/`). */
export type Arguments = Readonly<Record<string, unknown>>

/** A term as typed, in form checked. */
export interface Term {
  readonly name: string
  /** All must hold; none: always. */
  readonly match?: Arguments | undefined
  readonly set?: Arguments | undefined
  /** Left out: `next`. */
  readonly then?: Decision | undefined
}

const NAME = 'a name of letters, digits, ".", "_" and "-" that begins with a letter or digit, at most 63 long'
const name = z
  .string(NAME)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, NAME)
  .meta({ description: NAME })

/** What editors show where a module is typed. */
function documented({ schema, summary, examples }: MatchModule<unknown> | SetModule<unknown>) {
  return schema.meta({ description: summary, examples: examples.map(({ typed }) => typed) })
}

function schemasOf(modules: readonly (MatchModule<unknown> | SetModule<unknown>)[]) {
  const own = z.record(name, z.unknown()).meta({ description: 'Modules of your own by name, with their arguments.' })
  return z.strictObject({
    ...Object.fromEntries(modules.map((module) => [module.name, documented(module).optional()])),
    own: own.optional(),
  })
}

/** Without `then` or `set` a term would do nothing, and somebody would have meant something. */
const IDLE = 'then: accept, reject or next; or something under set'

export const termSchema: z.ZodType<Term> = z
  .strictObject({
    name,
    match: schemasOf(MATCHES).optional(),
    set: schemasOf(SETS).optional(),
    // biome-ignore lint/suspicious/noThenProperty: the word operators know; a schema is no function, so nothing takes this for a promise.
    then: z.enum(DECISIONS, 'accept, reject or next').optional(),
  })
  .superRefine((term, context) => {
    const sets = term.set === undefined ? 0 : Object.keys(term.set).length
    if (sets === 0 && term.then === undefined) context.addIssue({ code: 'custom', message: IDLE })
  })

/** A policy: terms in order, each with a name of its own, for counters and `explain`. */
export const policySchema: z.ZodType<readonly Term[]> = z
  .array(termSchema, 'a list of terms')
  .min(1, 'at least one term')
  .superRefine((terms, context) => {
    terms.forEach((term, i) => {
      const first = terms.findIndex((other) => other.name === term.name)
      if (first < i)
        context.addIssue({
          code: 'custom',
          path: [i, 'name'],
          message: `a name that no other term of the policy has: term ${first + 1} has it`,
        })
    })
  })
