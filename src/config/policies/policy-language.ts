/**
 * What it takes to read policies: the form of their terms, which is made from the policy modules, and the compiler. It is a fair part of what a start takes, so
 * it is loaded only for files that have policies (`loadConfiguration`), or where nobody waits (`checkText`).
 */
import { z } from 'zod'
import { policySchema } from '../../policy/modules/term-schema.ts'
import { configurationFileOf } from '../schema/nva-schema.ts'

export { compilePolicy } from '../../policy/compile.ts'

const TERMS = 'a list of terms, or { terms: [...] }'

/** The file of an NVA. */
export const configurationFile = configurationFileOf(z.union([policySchema, z.strictObject({ terms: policySchema }, TERMS)], TERMS))
