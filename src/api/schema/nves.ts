import { z } from 'zod'
import { count, sessionState } from './parts.ts'

const nveRow = z.strictObject({
  /** Name of its peer, or its address when it is behind another NVA. */
  name: z.string(),
  /** VXLAN tunnel endpoint. */
  vtep: z.string(),
  /** The domain it is in. */
  domain: z.string(),
  /** State of its own session; null when it has none here. */
  state: sessionState.nullable(),
  vns: z.array(z.string()),
  tenantSystems: count,
  routes: count,
})

export const nvesAnswer = z.strictObject({ nves: z.array(nveRow) })

export type NveRow = z.output<typeof nveRow>
