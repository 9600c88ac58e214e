import { z } from 'zod'
import { count } from './parts.ts'

/** What became of `POST /v1/reload`. */
export const reloadAnswer = z.strictObject({
  /** false: everything is as it was, and `problems` says why. */
  applied: z.boolean(),
  /** `file:line:column: field: found X, expected Y`. */
  problems: z.array(z.string()),
  warnings: z.array(z.string()),
  /** What differed from what was running: `peers added`, how many, and which; with what was changed the fields in brackets. */
  changes: z.array(z.strictObject({ what: z.string(), count, which: z.array(z.string()) })),
})

export type ReloadAnswer = z.output<typeof reloadAnswer>
