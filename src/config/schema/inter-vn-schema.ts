/** A rule of `interVn`: what of one VN is imported into another one. */
import { z } from 'zod'
import { NAME, prefix } from './fields.ts'

const PREFIXES = 'at least one prefix: nothing passes that no rule names'

export const interVnFile = z.strictObject({
  from: NAME.meta({ description: 'the VN whose routes are imported' }),
  to: NAME.meta({ description: 'the VN they are imported into' }),
  prefixes: z
    .array(prefix, PREFIXES)
    .min(1, PREFIXES)
    .meta({ description: 'routes of these prefixes, and of prefixes and hosts within them' }),
})

export type InterVnFile = z.output<typeof interVnFile>
