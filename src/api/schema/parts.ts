/** What several answers are made of. */
import { z } from 'zod'

export const count = z.int().min(0)

/** Numbers by reason, in the words an operator reads: `{ "no route target of a shared VN": 12 }`. */
export const byReason = z.record(z.string(), count)

export const sessionState = z.enum(['Idle', 'Connect', 'Active', 'OpenSent', 'OpenConfirm', 'Established'])

export type SessionStateName = z.output<typeof sessionState>
