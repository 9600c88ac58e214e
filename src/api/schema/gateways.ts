import { z } from 'zod'
import { count } from './parts.ts'

const floodList = z.strictObject({
  vni: z.int(),
  /** Addresses. */
  vteps: z.array(z.string()),
})

/** A data gateway in one VN towards one other domain. */
const gatewayRow = z.strictObject({
  /** Its VTEP towards the other domain. */
  gateway: z.string(),
  /** Its VTEP towards the local NVEs. */
  inside: z.string(),
  /** Local NVEs whose addresses are higher: they may give way to a claim to a MAC that nobody else gives way to (docs/macs-between-domains.md). */
  nvesAbove: z.array(z.string()),
  routerMac: z.string().nullable(),
  vn: z.string(),
  domain: z.string(),
  /** 1 is the highest. */
  rank: z.int().min(1),
  up: z.boolean(),
  /** Who says whether it is up: its BGP session, the operator, or nobody. */
  watchedBy: z.enum(['session', 'operator', 'nobody']),
  /** Whether it is the one that is told: only then it has to flood. */
  active: z.boolean(),
  /** Where it floods on the side of the local NVEs, and what VNI it has there. */
  local: floodList,
  /** Where it floods on the side of the other domain, and what VNI it has there. */
  interconnect: floodList,
  /** Routes told to the other domain, and to the local NVEs, with it as next hop. */
  routesOut: count,
  routesIn: count,
})

export const gatewaysAnswer = z.strictObject({ gateways: z.array(gatewayRow) })

export type GatewayRow = z.output<typeof gatewayRow>
