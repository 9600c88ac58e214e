/** What is done to a list of items: `{ remove, add }`, or `{ replace }`. */
import { z } from 'zod'

export interface Change {
  /** Taken out first. */
  readonly remove?: readonly string[] | string | undefined
  readonly add?: readonly string[] | string | undefined
  /** What stands in place of all that was there. */
  readonly replace?: readonly string[] | string | undefined
}

interface Words {
  readonly remove: string
  readonly add: string
  readonly replace: string
}

type Values = z.ZodType<readonly string[] | string>

/** `values` are what can be put in, `patterns` what can be taken out. */
export function change(values: Values, patterns: Values, words: Words): z.ZodType<Change> {
  const what = 'remove, add or both, or replace alone'
  return z
    .strictObject(
      {
        remove: patterns.meta({ description: words.remove }).optional(),
        add: values.meta({ description: words.add }).optional(),
        replace: values.meta({ description: words.replace }).optional(),
      },
      what,
    )
    .superRefine(({ remove, add, replace }, context) => {
      const alone = replace !== undefined
      if ((remove ?? add) === undefined ? !alone : alone) context.addIssue({ code: 'custom', message: what })
    })
}
