import { z } from 'zod'
import { count } from './parts.ts'

const outcomes = {
  /** Routes that are not told (or, for import, not used) and would be. */
  starts: count,
  stops: count,
  /** Told or used, and would be as another one. */
  changes: count,
}

/** What other policies would do, and did not: nothing is applied. */
export const policyDiffAnswer = z.strictObject({
  /** false: it could not be told, and `problems` says why. */
  asked: z.boolean(),
  /** `file:line:column: field: found X, expected Y`. */
  problems: z.array(z.string()),
  warnings: z.array(z.string()),
  /** All that a reload with the candidate would change, in the words of `POST /v1/reload`. */
  changes: z.array(z.strictObject({ what: z.string(), count, which: z.array(z.string()) })),
  /** What of that is not in the figures below, in sentences. */
  beside: z.array(z.string()),
  /** Destinations that were looked at. */
  looked: count,
  /** Peers for whom anything would be otherwise. */
  peers: z.array(
    z.strictObject({
      peer: z.string(),
      direction: z.enum(['import', 'export']),
      ...outcomes,
      /** The same by VN, as VNs are now; null: of no VN. A route of several VNs counts in each. */
      vns: z.array(z.strictObject({ vn: z.string().nullable(), ...outcomes })),
    }),
  ),
  /** The first routes, as many as were asked for: each once for all peers for whom it comes to the same. */
  routes: z.array(
    z.strictObject({
      direction: z.enum(['import', 'export']),
      outcome: z.enum(['starts', 'stops', 'changes']),
      /** The first of them, and how many there are. */
      peers: z.array(z.string()),
      peersInAll: count,
      /** Who sent the route; null: it was made here. */
      source: z.string().nullable(),
      rd: z.string().nullable(),
      route: z.string(),
      routeType: z.int(),
      vns: z.array(z.string()),
      /** What decides now, and what would; null: there is no such route. */
      now: z.string().nullable(),
      later: z.string().nullable(),
      /** What of it would be another. */
      changes: z.array(z.strictObject({ what: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
    }),
  ),
  /** There are more than the routes above. */
  more: z.boolean(),
})

export type PolicyDiffAnswer = z.output<typeof policyDiffAnswer>
