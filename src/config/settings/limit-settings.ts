/** Limits on other domains, from the file: on what they send, and on what they are told. */
import type { DomainLimits, LimitSettings, RateSettings, ToldLimits } from '../../federation/limits/limits.ts'
import type { ShareSettings } from '../../federation/settings.ts'
import { type DomainLimitsFile, type LimitFile, ROUTE_TYPES, type RouteTypeName, type ShareLimitsFile } from '../schema/nva-schema.ts'

/** A burst is ten seconds' worth of changes, unless said. */
const BURST_SECONDS = 10

export function domainLimits({ routeTypes, classes = {}, out = {}, ...domain }: DomainLimitsFile = {}): DomainLimits {
  return {
    domain: whenGiven(domain),
    types: typeLimits(routeTypes),
    classes: Object.entries(classes).map(([rateClass, typed]) => [Number(rateClass), limit(typed)] as const),
    outgoing: paceOf(out),
    told: toldLimits(out),
  }
}

/** The limits on the routes of one VN, in and out. */
export function shareLimits(typed: ShareLimitsFile | undefined): Pick<ShareSettings, 'limits' | 'toldLimits'> {
  const { out, ...limits } = typed ?? {}
  // What is there and says nothing is a limit all the same: it counts.
  return { limits: out === undefined && typed !== undefined ? limit(limits) : whenGiven(limits), toldLimits: whenGiven(out ?? {}) }
}

type OutFile = NonNullable<DomainLimitsFile['out']>

/** A rate on all that a domain is told that holds what is too much is a pace: no session of it hears more than that. */
function paceOf({ changesPerSecond, burst, onExcess = 'hold' }: OutFile): RateSettings | null {
  return changesPerSecond === undefined || onExcess !== 'hold'
    ? null
    : { changesPerSecond, burst: burst ?? BURST_SECONDS * changesPerSecond }
}

function toldLimits({ routeTypes, ...out }: OutFile): ToldLimits {
  const { routes, onExcess } = out
  const rest: LimitFile = { ...(routes === undefined ? {} : { routes }), ...(onExcess === undefined ? {} : { onExcess }) }
  const paced = paceOf(out) !== null
  return { domain: paced && routes === undefined ? null : whenGiven(paced ? rest : out), types: typeLimits(routeTypes) }
}

function typeLimits(routeTypes: DomainLimitsFile['routeTypes'] = {}): DomainLimits['types'] {
  return Object.entries(ROUTE_TYPES).flatMap(([name, type]) => {
    const typed = routeTypes[name as RouteTypeName]
    return typed === undefined ? [] : [[type, limit(typed)] as const]
  })
}

/** null: nothing is said. */
function whenGiven(typed: LimitFile): LimitSettings | null {
  return Object.keys(typed).length === 0 ? null : limit(typed)
}

function limit({ routes, changesPerSecond, burst, onExcess }: LimitFile): LimitSettings {
  return {
    routes: routes ?? null,
    changesPerSecond: changesPerSecond ?? null,
    burst: burst ?? BURST_SECONDS * (changesPerSecond ?? 0),
    onExcess: onExcess ?? 'hold',
  }
}
