/** The policy modules. A new one: its file and its line here. In `set` the order is that in which one term applies them. */
import { age } from './match/age.ts'
import { asPath } from './match/as-path.ts'
import { asPathLength } from './match/as-path-length.ts'
import { community } from './match/community.ts'
import { defaultGateway } from './match/default-gateway.ts'
import { domain } from './match/domain.ts'
import { encapsulation } from './match/encapsulation.ts'
import { esi } from './match/esi.ts'
import { ethernetTag } from './match/ethernet-tag.ts'
import { extendedCommunity } from './match/extended-community.ts'
import { gateway } from './match/gateway.ts'
import { ip } from './match/ip.ts'
import { largeCommunity } from './match/large-community.ts'
import { mac } from './match/mac.ts'
import { macMobility } from './match/mac-mobility.ts'
import { nextHop } from './match/next-hop.ts'
import { originAs } from './match/origin-as.ts'
import { originator } from './match/originator.ts'
import { originatorId } from './match/originator-id.ts'
import { peer } from './match/peer.ts'
import { peerGroup } from './match/peer-group.ts'
import { pmsi } from './match/pmsi.ts'
import { prefix } from './match/prefix.ts'
import { rd } from './match/rd.ts'
import { routeTarget } from './match/route-target.ts'
import { routeType } from './match/route-type.ts'
import { routerMac } from './match/router-mac.ts'
import { stale } from './match/stale.ts'
import { vn } from './match/vn.ts'
import { vni } from './match/vni.ts'
import type { MatchModule, SetModule } from './module.ts'
import { asPath as setAsPath } from './set/as-path.ts'
import { communities } from './set/communities.ts'
import { extendedCommunities } from './set/extended-communities.ts'
import { largeCommunities } from './set/large-communities.ts'
import { localPref } from './set/local-pref.ts'
import { med } from './set/med.ts'
import { nextHop as setNextHop } from './set/next-hop.ts'
import { rateClass } from './set/rate-class.ts'
import { rewriteEvpnRtAsn } from './set/rewrite-evpn-rt-asn.ts'
import { routeTargets } from './set/route-targets.ts'
import { routerMac as setRouterMac } from './set/router-mac.ts'
import { strip } from './set/strip.ts'
import { vni as setVni } from './set/vni.ts'
import { vniRouteTargets } from './set/vni-route-targets.ts'

export const MATCHES = [
  routeType,
  vn,
  vni,
  rd,
  routeTarget,
  ethernetTag,
  mac,
  ip,
  prefix,
  esi,
  nextHop,
  gateway,
  community,
  extendedCommunity,
  largeCommunity,
  asPath,
  asPathLength,
  originAs,
  macMobility,
  defaultGateway,
  routerMac,
  encapsulation,
  pmsi,
  originator,
  originatorId,
  peer,
  peerGroup,
  domain,
  age,
  stale,
] as readonly MatchModule<unknown>[]

/** What is stripped goes first; targets are mapped before some are made from VNIs, and those from VNIs as they are mapped. */
export const SETS = [
  strip,
  localPref,
  med,
  setAsPath,
  communities,
  largeCommunities,
  extendedCommunities,
  setNextHop,
  setRouterMac,
  setVni,
  rewriteEvpnRtAsn,
  routeTargets,
  vniRouteTargets,
  rateClass,
] as readonly SetModule<unknown>[]

const MATCH_BY_NAME = new Map(MATCHES.map((module) => [module.name, module]))
const SET_BY_NAME = new Map(SETS.map((module) => [module.name, module]))

/** The module of a key under `match:`. */
export function matchModule(name: string): MatchModule<unknown> | null {
  return MATCH_BY_NAME.get(name) ?? null
}

/** The module of a key under `set:`. */
export function setModule(name: string): SetModule<unknown> | null {
  return SET_BY_NAME.get(name) ?? null
}
