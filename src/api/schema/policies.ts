import { z } from 'zod'
import { count } from './parts.ts'

/** A policy, where it is attached, and what its terms have done since it says what it says. */
export const policyRow = z.strictObject({
  name: z.string(),
  /** `peer leaf1`, `group leaves`, `listen range 192.0.2.64/26`, `domain fra`, `VN web`; none: nowhere. */
  attached: z.array(
    z.strictObject({
      direction: z.enum(['import', 'export']),
      to: z.string(),
      /** Routes refused because no term of the policies named there decided; a sum over all places with the same policies and the same default. */
      undecided: count,
    }),
  ),
  /** Routes that one of its terms has accepted, and rejected. */
  accepted: count,
  rejected: count,
  /** In order. */
  terms: z.array(
    z.strictObject({
      term: z.string(),
      /** Names of its modules; no match: every route. */
      match: z.array(z.string()),
      set: z.array(z.string()),
      decides: z.enum(['accept', 'reject', 'next']),
      /** Routes that it has matched, each time one was asked about: after a reload more than once. On the way out once for all peers that are told the same. */
      routes: count,
      /** Times it was decided for all routes with the same attributes at once. */
      sets: count,
    }),
  ),
})

export const policiesAnswer = z.strictObject({ policies: z.array(policyRow) })

export type PolicyRow = z.output<typeof policyRow>
