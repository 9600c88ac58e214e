import { z } from 'zod'
import { byReason, count, sessionState } from './parts.ts'

export const peerRow = z.strictObject({
  name: z.string(),
  address: z.string(),
  port: z.int(),
  role: z.enum(['nve', 'nva', 'plain']),
  group: z.string().nullable(),
  /** The federated domain it speaks for. */
  domain: z.string().nullable(),
  asn: z.int(),
  /** It is not dialled from here. */
  passive: z.boolean(),
  /** How its segments are signed (RFC 2385); null: they are not. */
  authentication: z.enum(['tcp-md5']).nullable(),
  /** FSM state, RFC 4271 §8.2.2. */
  state: sessionState,
  /** Seconds for which the session is up or, in every other state, is not. */
  stateSeconds: z.number().min(0),
  /** How often it has come up since the start. */
  timesUp: count,
  routerId: z.string().nullable(),
  /** Other peers of its AS with the same BGP Identifier: each ignores what the others announce (RFC 4456 §8). */
  sameRouterIdAs: z.array(z.string()),
  /** Negotiated; null while not established. */
  holdTimeSeconds: z.int().nullable(),
  /** Address families agreed, `l2vpn evpn`. */
  families: z.array(z.string()),
  /** In its Adj-RIB-In. */
  routesReceived: count,
  /** Of those, the ones that may be chosen. */
  routesAccepted: count,
  /** Chosen ones that belong to no VN here, by their route targets: they are reflected, but cross to no other domain. 0 where no VN is configured. */
  routesOfNoVn: count,
  /** In its Adj-RIB-Out. */
  routesSent: count,
  /** Of those received, the ones that may not, by reason. */
  refused: byReason,
  /** Routes that it is not sent, by reason; its own are not counted. */
  withheld: byReason,
  /** What was wrong in its messages, by reach and reason (RFC 7606 §2), since the start. */
  faults: byReason,
  messagesIn: count,
  messagesOut: count,
  /** Why the last session or attempt ended. */
  lastError: z.string().nullable(),
})

export const peersAnswer = z.strictObject({ peers: z.array(peerRow) })

export type PeerRow = z.output<typeof peerRow>
