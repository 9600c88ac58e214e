import { z } from 'zod'

const verdict = z.enum(['accept', 'reject'])

/** The way of one route through policy, to or from one peer. */
export const explainRow = z.strictObject({
  direction: z.enum(['import', 'export']),
  peer: z.string(),
  /** Who sent the route; null: it was made here. */
  source: z.string().nullable(),
  rd: z.string().nullable(),
  route: z.string(),
  routeType: z.int(),
  mac: z.string().nullable(),
  ip: z.string().nullable(),
  prefix: z.string().nullable(),
  /** The route as policy meets it: next hop, VNIs and path attributes by name. */
  attributes: z.record(z.string(), z.string()),
  /** Refused for another reason before policy was asked. */
  refusedBefore: z.string().nullable(),
  /** All chains that were asked, in order: of the session and of the VNs of the route. */
  chains: z.array(
    z.strictObject({
      policies: z.array(z.string()),
      terms: z.array(
        z.strictObject({
          policy: z.string(),
          term: z.string(),
          matched: z.boolean(),
          /** A module of your own failed, and `decided` is what was said for that. */
          failure: z.strictObject({ module: z.string(), why: z.string() }).nullable(),
          /** In the order in which they were asked. null: it was not, as one before it did not hold. */
          tests: z.array(z.strictObject({ module: z.string(), held: z.boolean().nullable(), failed: z.boolean() })),
          changes: z.array(z.strictObject({ what: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
          decided: z.enum(['accept', 'reject', 'next']).nullable(),
        }),
      ),
      verdict,
      /** No term decided. */
      byEnd: z.boolean(),
    }),
  ),
  verdict,
  /** What decided, in a line. */
  because: z.string(),
  /** For import: it is the chosen one. For export: the peer has been told. */
  effective: z.boolean(),
  /** Policy accepts it, and it is not used or not told all the same: why. */
  heldBack: z.string().nullable(),
  /** When the route went; null: it is there. */
  gone: z.iso.datetime().nullable(),
})

/** One page; `next` alone tells the end. */
const explainAnswer = z.strictObject({ routes: z.array(explainRow), next: z.string().nullable() })

export type ExplainRow = z.output<typeof explainRow>
export type ExplainAnswer = z.output<typeof explainAnswer>
