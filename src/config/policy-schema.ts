/** Policies in the configuration file: their terms (the form of which is that of the policy modules), modules of the operator's own, and where policies are named. */
import { z } from 'zod'
import { policySchema } from '../policy/modules/term-schema.ts'
import { NAME, oneOf } from './fields.ts'

/** Policies that are always there. */
export const BUILT_IN = ['accept', 'reject'] as const

const NAMES = 'the name of a policy, or a list of them'

/** One or several: the terms of all, one after the other. */
export const policyNames = z
  .union([NAME, z.array(NAME, NAMES).min(1, 'at least one policy')], NAMES)
  .meta({ description: 'policies by name, asked one after the other; accept and reject are always there' })

/** What may stand wherever routes come in and go out. */
export const attached = { import: policyNames.optional(), export: policyNames.optional() }

const TERMS = 'a list of terms, or { terms: [...] }'
export const policyFile = z.union([policySchema, z.strictObject({ terms: policySchema }, TERMS)], TERMS)

const MODULE_FILE = 'the path of a TypeScript or JavaScript file, from the folder of this file'
export const policyModuleFile = z.strictObject({
  file: z.string(MODULE_FILE).min(1, MODULE_FILE).meta({ description: MODULE_FILE }),
  onError: oneOf('reject', 'accept').meta({ description: 'what becomes of a route on which the module fails. Default: reject' }).optional(),
})

export type PolicyNames = z.output<typeof policyNames>
export type PolicyFile = z.output<typeof policyFile>
export type PolicyModuleFile = z.output<typeof policyModuleFile>
