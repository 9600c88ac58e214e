import { z } from 'zod'
import { count } from './parts.ts'

export const statusView = z.strictObject({
  name: z.string(),
  domain: z.string(),
  asn: z.int(),
  routerId: z.string(),
  version: z.string(),
  uptimeSeconds: z.number().min(0),
  /** How long the work of the NVA kept everything else waiting at most, in milliseconds: in the last second, the last minute, since the start. */
  longestBlockMs: z.strictObject({ lastSecond: z.number().min(0), lastMinute: z.number().min(0), ever: z.number().min(0) }),
  peers: count,
  peersEstablished: count,
  /** Connections that were not taken: no peer or listen range has their address, or its range is full. */
  connectionsRefused: count,
  /** Paths held, of all peers. */
  routes: count,
})

export type StatusView = z.output<typeof statusView>
