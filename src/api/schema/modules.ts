import { z } from 'zod'
import { count } from './parts.ts'

/** A policy module of the operator's own. */
const moduleRow = z.strictObject({
  name: z.string(),
  file: z.string(),
  looksAt: z.enum(['attributes', 'route']),
  match: z.boolean(),
  set: z.boolean(),
  /** What becomes of a route on which it fails. */
  onError: z.enum(['accept', 'reject', 'next']),
  budgetMs: count,
  /** off: too many calls took too long; `onError` stands for its answers until a reload. */
  state: z.enum(['running', 'off']),
  /** Since it was loaded. */
  calls: count,
  errors: count,
  overruns: count,
  /** Not asked, because it is switched off. */
  spared: count,
  lastFailure: z.string().nullable(),
})

export const modulesAnswer = z.strictObject({ modules: z.array(moduleRow) })

export type ModuleRow = z.output<typeof moduleRow>
