/** Policies that are always there. They ask nothing, so that who needs no others need not load the policy modules. */
import { always, Policy } from './chain.ts'

export const ACCEPT = new Policy('accept', [always('accept', 'all', 'accept')])
export const REJECT = new Policy('reject', [always('reject', 'all', 'reject')])
/** For peers of another AS about which nothing was said. */
export const WITHOUT_POLICY = new Policy('none', [always('none', 'no policy for another AS (RFC 8212)', 'reject')])
