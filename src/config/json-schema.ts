import { z } from 'zod'
import { edgeFile } from './edge-schema.ts'
import { configurationFile } from './policy-language.ts'

/** JSON Schema (2020-12) of a configuration file, for editors: of an NVA, or of an edge. */
export function configurationSchema(of: 'nva' | 'nve'): unknown {
  return z.toJSONSchema(of === 'nva' ? configurationFile : edgeFile, { io: 'input', reused: 'inline' })
}
