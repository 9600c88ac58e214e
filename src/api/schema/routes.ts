import { z } from 'zod'

export const routeRow = z.strictObject({
  /** `l2vpn evpn`. */
  family: z.string(),
  rd: z.string().nullable(),
  /** As operators know it: `[2]:[0]:[48]:[02:01:00:00:01:64]:[32]:[10.1.1.1]`. */
  route: z.string(),
  routeType: z.int(),
  /** Local names of the VNs whose route targets it carries. */
  vns: z.array(z.string()),
  /** Why it belongs to none, where that is likely to be a mistake. */
  noVn: z.string().nullable(),
  nextHop: z.string(),
  routeTargets: z.array(z.string()),
  /** The 24-bit label fields read as VNIs. */
  vnis: z.array(z.int()),
  esi: z.string().nullable(),
  gatewayIp: z.string().nullable(),
  mac: z.string().nullable(),
  ip: z.string().nullable(),
  /** Of type 5. */
  prefix: z.string().nullable(),
  best: z.boolean(),
  /** The NVAs of its domain are lost, and it stands for a while yet; or it has not been said again since they are back. */
  stale: z.boolean(),
  /** Name of the peer it came from; null: made here. */
  peer: z.string().nullable(),
  /** Of one that was made here in the place of ours, which only another domain is told: the name of that domain. */
  madeFor: z.string().nullable(),
  origin: z.enum(['igp', 'egp', 'incomplete']),
  asPath: z.string(),
  localPref: z.int().nullable(),
  med: z.int().nullable(),
  originatorId: z.string().nullable(),
  clusterList: z.array(z.string()),
  communities: z.array(z.string()),
  extCommunities: z.array(z.string()),
  /** MAC Mobility, RFC 7432 §7.7. */
  mobility: z.strictObject({ sequence: z.int(), sticky: z.boolean() }).nullable(),
  ageSeconds: z.number().nullable(),
  accepted: z.boolean(),
  /** Why it may not be chosen. */
  refused: z.string().nullable(),
})

/** One page. It may hold fewer rows than asked for, even none, with more to come: `next` alone tells the end. */
export const routesAnswer = z.strictObject({ routes: z.array(routeRow), next: z.string().nullable() })

export type RouteRow = z.output<typeof routeRow>
export type RoutesAnswer = z.output<typeof routesAnswer>
