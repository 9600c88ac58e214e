import { z } from 'zod'
import { configurationFile } from './policies/policy-language.ts'
import { edgeFile } from './schema/edge-schema.ts'

/** JSON Schema (2020-12) of a configuration file, for editors: of an NVA, or of an edge. */
export function configurationSchema(of: 'nva' | 'nve'): unknown {
  return z.toJSONSchema(of === 'nva' ? configurationFile : edgeFile, { io: 'input', reused: 'inline' })
}
