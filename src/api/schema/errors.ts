import { z } from 'zod'
import { count } from './parts.ts'

/** A message in which something was wrong (RFC 7606 §2). */
const errorRow = z.strictObject({
  /** Counts from 1 since the start, those that are no longer kept too. */
  number: z.int(),
  time: z.iso.datetime(),
  peer: z.string(),
  address: z.string(),
  reach: z.enum(['ignored', 'attribute-discard', 'treat-as-withdraw', 'session-reset']),
  why: z.string(),
  /** The NOTIFICATION that ended the session. */
  notification: z.strictObject({ code: z.int(), subcode: z.int() }).nullable(),
  /** The message in hex, header included; empty when the stream had none to cut out. */
  hex: z.string(),
  /** What reading the message depends on. */
  fourOctetAs: z.boolean(),
  internal: z.boolean(),
})

export const errorsAnswer = z.strictObject({
  errors: z.array(errorRow),
  /** Records that had to make room for newer ones. */
  forgotten: count,
})

export type ErrorRow = z.output<typeof errorRow>
export type ErrorsAnswer = z.output<typeof errorsAnswer>
