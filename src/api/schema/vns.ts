import { z } from 'zod'
import { count } from './parts.ts'

const vnRow = z.strictObject({
  name: z.string(),
  vni: z.int(),
  service: z.enum(['l2', 'l3']),
  routeTargets: z.strictObject({ import: z.array(z.string()), export: z.array(z.string()) }),
  routes: count,
  nves: count,
  tenantSystems: count,
  /** Names of the domains it is shared with. */
  sharedWith: z.array(z.string()),
})

export const vnsAnswer = z.strictObject({ vns: z.array(vnRow) })

export type VnRow = z.output<typeof vnRow>
