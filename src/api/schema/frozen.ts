import { z } from 'zod'
import { count } from './parts.ts'

/** A MAC that moved between domains too often (RFC 7432 §15.1). */
const frozenMacRow = z.strictObject({
  vn: z.string(),
  mac: z.string(),
  /** The domain of which routes stay in use, by name; it may be the own one. */
  keptAt: z.string(),
  /** Domains that it moved between. */
  between: z.array(z.string()),
  /** How many moves were too many. */
  moves: count,
  frozenSeconds: z.number().min(0),
  /** When it is thawed by itself; null: when somebody says so. */
  thawsInSeconds: z.number().min(0).nullable(),
  /** Times that a route has been refused for it. */
  refusals: count,
})

export const frozenMacsAnswer = z.strictObject({
  macs: z.array(frozenMacRow),
  /** MACs that have moved of late. */
  watched: count,
  /** Since the start. `forgotten`: watched no more, to make room; `notFrozen`: too often on the move while as many as can be were frozen. */
  total: z.strictObject({ frozen: count, thawed: count, forgotten: count, notFrozen: count }),
})

export type FrozenMacRow = z.output<typeof frozenMacRow>
export type FrozenMacsAnswer = z.output<typeof frozenMacsAnswer>
