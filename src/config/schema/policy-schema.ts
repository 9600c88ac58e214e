/** Policies in the configuration file, but for their terms: where they are named, and modules of the operator's own. The terms are in `policies/policy-language.ts`. */
import { z } from 'zod'
import type { Term } from '../../policy/modules/term-schema.ts'
import { moduleBudget, NAME, oneOf } from './fields.ts'

/** Policies that are always there. */
export const BUILT_IN = ['accept', 'reject'] as const

const NAMES = 'the name of a policy, or a list of them'

/** One or several: the terms of all, one after the other. */
const policyNames = z
  .union([NAME, z.array(NAME, NAMES).min(1, 'at least one policy')], NAMES)
  .meta({ description: 'policies by name, asked one after the other; accept and reject are always there' })

/** What may stand wherever routes come in and go out. */
export const attached = { import: policyNames.optional(), export: policyNames.optional() }

const MODULE_FILE = 'the path of a TypeScript or JavaScript file, from the folder of this file'
export const policyModuleFile = z.strictObject({
  file: z.string(MODULE_FILE).min(1, MODULE_FILE).meta({ description: MODULE_FILE }),
  onError: oneOf('reject', 'accept', 'next')
    .meta({ description: 'what becomes of a route on which the module fails; next: as if the term did not match. Default: reject' })
    .optional(),
  budget: moduleBudget.meta({ description: 'milliseconds of computing that one call may take. Default: 10' }).optional(),
})

export type PolicyNames = z.output<typeof policyNames>
/** A policy as typed, in either of its forms. */
export type PolicyFile = readonly Term[] | { readonly terms: readonly Term[] }
