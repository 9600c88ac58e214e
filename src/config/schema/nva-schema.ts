/** The configuration file of an NVA (`fednva run`), as text: keys and their forms. What the keys mean together is judged in `checks/`. */
import { z } from 'zod'
import type { Profile } from '../../policy/rewrite/profile.ts'
import {
  address,
  asn,
  bgpIdentifier,
  changeCount,
  changeRate,
  communityMark,
  connectRetry,
  domainId,
  endOfRibTime,
  endpoint,
  flag,
  freezeTime,
  holdTime,
  listenEndpoint,
  logLevel,
  moveCount,
  moveTime,
  NAME,
  oneOf,
  password,
  port,
  prefix,
  rateClassNumber,
  routeCount,
  routeTarget,
  sessionLimit,
  socketPath,
  staleTime,
  unavailable,
  vni,
} from './fields.ts'
import { interVnFile } from './inter-vn-schema.ts'
import { attached, type PolicyFile, policyModuleFile } from './policy-schema.ts'
import { viaFile } from './via-schema.ts'

export const apiFile = z.strictObject({ socket: socketPath.optional() })
export const logFile = z.strictObject({ level: logLevel.optional() })

export const nvaFile = z.strictObject({
  name: NAME,
  domain: NAME,
  asn,
  routerId: bgpIdentifier,
  clusterId: bgpIdentifier.optional(),
  listen: z.array(listenEndpoint).optional(),
  api: apiFile.optional(),
  log: logFile.optional(),
})

export const vnFile = z.strictObject({
  vni,
  service: oneOf('l2', 'l3').optional(),
  routeTargets: z.strictObject({ import: z.array(routeTarget).optional(), export: z.array(routeTarget).optional() }).optional(),
})

const PROFILES = ['frr8'] as const satisfies readonly Profile[]

/** A VN of an NVA: of an edge's VNs nothing is imported or exported by policy. */
const nvaVnFile = vnFile.extend(attached)

/** What people look for at a peer, from other BGP speakers, and this version has not. */
const toCome = {
  bfd: unavailable('BFD'),
  gracefulRestart: unavailable('graceful restart'),
  addPath: unavailable('ADD-PATH'),
  routeTargetConstrain: unavailable('RT-Constrain'),
  ttlSecurity: unavailable('a check of the TTL (GTSM)'),
}

/** What may stand in a peer group, and again in a peer, where it is stronger. */
const session = {
  asn: asn.optional(),
  role: z
    .enum(['nve', 'plain'], 'nve or plain (an NVA of another domain belongs under federation.domains)')
    .meta({ description: 'nve: an edge of this domain; plain: another BGP speaker of this domain' })
    .optional(),
  routeReflectorClient: flag.optional(),
  port: port.optional(),
  passive: flag.optional(),
  localAddress: address.optional(),
  holdTime: holdTime.optional(),
  connectRetry: connectRetry.optional(),
  password: password.optional(),
  profile: oneOf(...PROFILES)
    .meta({ description: 'frr8: keeps from FRR 8.x what it would end the session on' })
    .optional(),
  ...attached,
  ...toCome,
}

const groupFile = z.strictObject(session)
const peerFile = z.strictObject({ address, group: NAME.optional(), ...session })
const rangeFile = z.strictObject({ prefix, group: NAME, limit: sessionLimit.optional() })

const limit = {
  routes: routeCount.optional(),
  changesPerSecond: changeRate.optional(),
  burst: changeCount.optional(),
  onExcess: oneOf('warn', 'hold', 'shed', 'suspend').optional(),
}

/** Route types that may cross between domains, by the names in `limits.routeTypes`. */
export const ROUTE_TYPES = { macip: 2, imet: 3, prefix: 5 } as const
export type RouteTypeName = keyof typeof ROUTE_TYPES

const limitFile = z.strictObject(limit)
const routeTypes = z.strictObject({ macip: limitFile.optional(), imet: limitFile.optional(), prefix: limitFile.optional() }).optional()
const shareLimitsFile = z.strictObject({
  ...limit,
  out: limitFile.optional().meta({ description: 'on the routes of the VN that the domain is told' }),
})
const domainLimitsFile = z.strictObject({
  ...limit,
  routeTypes,
  classes: z
    .record(rateClassNumber, limitFile)
    .optional()
    .meta({ description: 'on routes that import policy has marked with a rate class (set: { rateClass: N }), by its number' }),
  out: z
    .strictObject({ ...limit, routeTypes })
    .optional()
    .meta({ description: 'on what the domain is told: how many routes, and how fast what changes' }),
})

/** When a MAC that moves between domains is frozen. */
const macMovesFile = z.strictObject({
  moves: moveCount.optional(),
  within: moveTime.optional(),
  freeze: freezeTime.meta({ description: 'seconds for which it stays frozen; 0: until fednva thaw' }).optional(),
  keep: oneOf('local', 'last')
    .meta({ description: 'whose routes stay in use: those of our own NVEs, or those of where it stood last' })
    .optional(),
})

/** When an NVA that has just started says to other domains that it has told all. */
const endOfRibFile = z.strictObject({
  within: endOfRibTime
    .meta({ description: 'seconds from the start after which other domains are told in any case that this was all' })
    .optional(),
  quiet: endOfRibTime
    .meta({ description: 'seconds for which nobody must have come by a listen range before nobody else is waited for' })
    .optional(),
})

const shareFile = z.strictObject({
  vni: vni.optional(),
  routeTargets: z.array(routeTarget).min(1, 'at least one route target').optional(),
  encapsulation: oneOf('vxlan', 'nvgre', 'vxlan-gpe', 'geneve').optional(),
  downstreamVni: flag.optional(),
  limits: shareLimitsFile.optional(),
  via: viaFile.optional(),
})

/** Which next hops a domain may name. */
const nextHopsFile = z.strictObject({
  within: z
    .array(prefix)
    .min(1, 'at least one prefix')
    .optional()
    .meta({ description: 'prefixes in which the next hops (VTEPs) of its routes lie; routes with another one are refused. Default: any' }),
  shared: z.array(prefix).optional().meta({
    description:
      'prefixes of next hops that it may name although our own domain uses them: NVEs that both serve, anycast VTEPs. Default: none, routes with a next hop of ours are refused',
  }),
})

const federatedDomainFile = z.strictObject({
  asn,
  domainId: domainId.optional(),
  peers: z.array(endpoint).min(1, 'at least one address of an NVA'),
  port: port.optional(),
  passive: flag.optional(),
  localAddress: address.optional(),
  holdTime: holdTime.optional(),
  connectRetry: connectRetry.optional(),
  password: password.optional(),
  share: z.record(NAME, shareFile.nullable()).optional(),
  tls: unavailable('sessions over TLS'),
  ...toCome,
  ...attached,
  limits: domainLimitsFile.optional(),
  macMoves: macMovesFile.optional(),
  stickyMacs: oneOf('ignore', 'heed')
    .meta({
      description:
        'whether the word of the domain that a MAC is sticky, or that of a default gateway, wins over NVEs here that have it (RFC 7432 15.2)',
    })
    .optional(),
  nextHops: nextHopsFile.optional(),
  staleTime: staleTime.optional(),
  interconnectSegments: flag
    .meta({ description: 'take the Ethernet A-D routes (type 1) of its gateways, which share an interconnect Ethernet segment (RFC 9014)' })
    .optional(),
})

const PAIR = 'two names of domains, [fra, par]'

const federationFile = z.strictObject({
  region: NAME.optional(),
  domains: z.record(NAME, federatedDomainFile).nullish(),
  domainId: domainId.optional(),
  macMoves: macMovesFile.optional(),
  endOfRib: endOfRibFile.optional(),
  internalCommunities: z.array(communityMark).optional().meta({
    description: 'communities that stay in the own domain; with it, all others cross through gateways too, which else take none along',
  }),
  transit: z
    .array(z.tuple([NAME, NAME], PAIR))
    .optional()
    .meta({ description: 'pairs of other domains between which routes may pass through this one' }),
})

/** The file of an NVA whose policies have the form `policy`. */
export function configurationFileOf(policy: z.ZodType<PolicyFile>) {
  return z
    .strictObject({
      nva: nvaFile,
      vns: z.record(NAME, nvaVnFile).nullish(),
      peerGroups: z.record(NAME, groupFile.nullable()).nullish(),
      peers: z.record(NAME, peerFile).nullish(),
      listenRanges: z.array(rangeFile).nullish(),
      federation: federationFile.nullish(),
      interVn: z.array(interVnFile).nullish(),
      policies: z.record(NAME, policy).nullish(),
      policyModules: z.record(NAME, policyModuleFile).nullish(),
    })
    .meta({ title: 'fednva: configuration of an NVA' })
}

export type NvaFile = z.output<typeof nvaFile>
export type VnFile = z.output<typeof vnFile>
export type GroupFile = z.output<typeof groupFile>
export type LimitFile = z.output<typeof limitFile>
export type ShareLimitsFile = z.output<typeof shareLimitsFile>
export type DomainLimitsFile = z.output<typeof domainLimitsFile>
export type MacMovesFile = z.output<typeof macMovesFile>
export type ShareFile = z.output<typeof shareFile>
export type NextHopsFile = z.output<typeof nextHopsFile>
export type FederatedDomainFile = z.output<typeof federatedDomainFile>
export type ConfigurationFile = z.output<ReturnType<typeof configurationFileOf>>
