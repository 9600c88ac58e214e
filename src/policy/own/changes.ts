/** What a module of the operator's own may change in a route: what the set modules of fednva change, by their names and with their arguments. */
import type { SetModule } from '../modules/module.ts'
import type { asPath } from '../modules/set/as-path.ts'
import type { communities } from '../modules/set/communities.ts'
import type { extendedCommunities } from '../modules/set/extended-communities.ts'
import type { largeCommunities } from '../modules/set/large-communities.ts'
import type { localPref } from '../modules/set/local-pref.ts'
import type { med } from '../modules/set/med.ts'
import type { nextHop } from '../modules/set/next-hop.ts'
import type { rateClass } from '../modules/set/rate-class.ts'
import type { rewriteEvpnRtAsn } from '../modules/set/rewrite-evpn-rt-asn.ts'
import type { routeTargets } from '../modules/set/route-targets.ts'
import type { routerMac } from '../modules/set/router-mac.ts'
import type { strip } from '../modules/set/strip.ts'
import type { vni } from '../modules/set/vni.ts'
import type { vniRouteTargets } from '../modules/set/vni-route-targets.ts'

type Change<Module> = Module extends SetModule<infer Argument> ? (argument: Argument) => void : never

/**
 * Each takes what stands in a term behind the same key under `set:`, and is judged as that is: an argument that cannot be used is a fault of the module. All
 * of it is done when the module has returned, in the order of the calls; until then the route is seen as it was.
 */
export interface AttributeChanges {
  readonly strip: Change<typeof strip>
  readonly localPref: Change<typeof localPref>
  readonly med: Change<typeof med>
  readonly asPath: Change<typeof asPath>
  readonly communities: Change<typeof communities>
  readonly largeCommunities: Change<typeof largeCommunities>
  readonly extendedCommunities: Change<typeof extendedCommunities>
  readonly nextHop: Change<typeof nextHop>
  readonly routerMac: Change<typeof routerMac>
  readonly vni: Change<typeof vni>
  readonly rewriteEvpnRtAsn: Change<typeof rewriteEvpnRtAsn>
  readonly routeTargets: Change<typeof routeTargets>
  readonly rateClass: Change<typeof rateClass>
}

/** For modules that look at the route there are those too that hang on it. */
export interface RouteChanges extends AttributeChanges {
  readonly vniRouteTargets: Change<typeof vniRouteTargets>
}

const ATTRIBUTE_CHANGES: readonly (keyof AttributeChanges)[] = [
  'strip',
  'localPref',
  'med',
  'asPath',
  'communities',
  'largeCommunities',
  'extendedCommunities',
  'nextHop',
  'routerMac',
  'vni',
  'rewriteEvpnRtAsn',
  'routeTargets',
  'rateClass',
]

/** By what a module looks at. The table of set modules is not read here: it is not needed where modules run, and takes time to load. */
export const CHANGES: Readonly<Record<'attributes' | 'route', readonly string[]>> = {
  attributes: ATTRIBUTE_CHANGES,
  route: [...ATTRIBUTE_CHANGES, 'vniRouteTargets' satisfies keyof RouteChanges],
}

/** A change that was asked for: the name of a set module, and its argument. */
export type Wanted = readonly [name: string, argument: unknown]

/** Most changes that one call may ask for. */
export const CHANGES_MOST = 64

/** Notes in `wanted` what is asked for. */
export function recorder(names: readonly string[], wanted: Wanted[]): RouteChanges {
  const members = names.map((name) => [
    name,
    (argument: unknown): void => {
      if (wanted.length >= CHANGES_MOST) throw new RangeError(`more than ${CHANGES_MOST} changes of one route`)
      wanted.push([name, argument])
    },
  ])
  return Object.freeze(Object.fromEntries(members)) as RouteChanges
}
