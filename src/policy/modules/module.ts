/**
 * What a policy module is. Every match and every action is one file in `match/` or `set/` with one line in `table.ts`; the configuration schema, the
 * reference page and the compiled policy are made from that table.
 */
import type { z } from 'zod'
import type { RewriteStep } from '../rewrite/attribute-rewrite.ts'

/**
 * `attributes`: the answer is the same for all routes of one attribute set (they share path attributes, next hop and the peer they came from), so it
 * is asked once per set. `route`: it also depends on the NLRI, age or staleness of the single route.
 */
export type LooksAt = 'attributes' | 'route'

/** What alone the answer about attributes hangs on: a path attribute (its type code), the next hop, or whom the route came from. */
export type Reads = number | 'nextHop' | 'origin'

/** Who a route was learned from. */
export interface Origin {
  /** Name of the peer; empty for routes of our own. */
  readonly name: string
  readonly group: string | null
  /** Federated domain it speaks for, or null. */
  readonly domain: string | null
  readonly asn: number
  readonly external: boolean
}

/** A route as modules see it. One view is used for all routes, one after the other: nothing of it may be kept. */
export interface RouteView {
  /** Memory of the path attributes and the next hop. */
  readonly bytes: Uint8Array
  /** Canonical path attributes without MP_REACH_NLRI: ascending type codes, 4-octet AS numbers (`findAttribute` reads them). */
  readonly from: number
  readonly to: number
  /** Next hop octets in `bytes`: 4, 16 or 32. */
  readonly nextHopAt: number
  readonly nextHopLength: number
  readonly origin: Origin
  /** The NLRI as on the wire (type, length, value). Only modules that look at routes may ask for it; empty for others. */
  readonly nlri: Uint8Array
  readonly nlriAt: number
  readonly nlriLength: number
  /** Seconds since the route last changed. Only for modules that look at routes. */
  readonly ageSeconds: number
  /** The route is kept from a session that is gone. Only for modules that look at routes. */
  readonly stale: boolean
}

/** A route being changed; what has been set by earlier terms is already in it. */
export interface Draft extends RouteView {
  /** Rewrites path attributes; `steps` in ascending type codes. */
  rewrite(steps: readonly RewriteStep[]): void
  /** 4 or 16 octets. */
  setNextHop(octets: Uint8Array): void
  /** VNIs in the labels of the NLRI (and of a PMSI tunnel): found -> written. VNIs that are not keys stay. Later maps apply to what earlier ones made. */
  mapVnis(vnis: ReadonlyMap<number, number>): void
  /** Marks the route with a rate class, 0..255; 0: none. Limits on routes of other domains heed it. */
  markRateClass(rateClass: number): void
}

export type Test = (route: RouteView) => boolean
export type Edit = (draft: Draft) => void

/** A VN of the local domain, as far as policy names it. Route targets are 8 octets each. */
export interface PolicyVn {
  readonly name: string
  readonly vni: number
  readonly importTargets: readonly Uint8Array[]
  readonly exportTargets: readonly Uint8Array[]
}

/** What a module may ask about where it is used. */
export interface Environment {
  /** AS number of this NVA. */
  readonly asn: number
  readonly routerId: number
  /** Address of this NVA for `self` next hops, 4 or 16 octets; null: unknown. */
  readonly ownAddress: Uint8Array | null
  readonly vns: readonly PolicyVn[]
  /** Lines of a file named in the configuration, with their numbers (from 1); comments (#) and blank lines left out. */
  lines(path: string): readonly { readonly number: number; readonly text: string }[] | Trouble
}

/** Why an argument cannot be used although its form is right: what was found, and what would be right. */
export interface Trouble {
  readonly found: string
  readonly expected: string
}

interface Module<Argument> {
  /** The key under `match:` or `set:`. */
  readonly name: string
  readonly looksAt: LooksAt
  /** One sentence for the reference page and the JSON Schema. */
  readonly summary: string
  /** Arguments as they are typed in YAML, and what they mean. Tested: each must be taken by `schema`. */
  readonly examples: readonly { readonly typed: unknown; readonly means: string }[]
  /** Form of the argument as it stands in the configuration file. Error texts say what would be right. */
  readonly schema: z.ZodType<Argument>
}

export interface MatchModule<Argument> extends Module<Argument> {
  /** Routes that agree in this get the same answer, which is then found once for all of them. null, or nothing: it looks at more. */
  readonly reads?: Reads | null
  compile(argument: Argument, environment: Environment): Test | Trouble
}

export interface SetModule<Argument> extends Module<Argument> {
  /**
   * Of one that looks at attributes: all that it changes, and all that it hangs on what becomes of that; nothing else of a route plays a part. null: more than
   * can be said.
   */
  readonly touches: readonly Reads[] | null
  compile(argument: Argument, environment: Environment): Edit | Trouble
}
