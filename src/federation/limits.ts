/** What becomes of more than was agreed. */
export const EXCESS = ['warn', 'hold', 'shed', 'suspend'] as const
/**
 * `warn`: it is used all the same. `hold`: what is too much waits, unused, and is used when there is room. `shed`: it is not kept; the other side is asked for it again
 * when there is room. `suspend`: nothing of what the limit is on is used any more, until it has been quiet.
 */
export type Excess = (typeof EXCESS)[number]

/** One limit on what another domain sends. */
export interface LimitSettings {
  /** Most routes in use; null: any number. */
  readonly routes: number | null
  /** Changes a second, in the long run; null: any number. */
  readonly changesPerSecond: number | null
  /** Changes at once after a quiet time. */
  readonly burst: number
  readonly onExcess: Excess
}

/** How fast another domain is told what changes. */
export interface RateSettings {
  /** Routes that become, change or go, a second, in the long run. */
  readonly changesPerSecond: number
  /** Changes at once after a quiet time. */
  readonly burst: number
}

/** The limits on one other domain. Those on a VN are with its share. */
export interface DomainLimits {
  readonly domain: LimitSettings | null
  /** By route type. */
  readonly types: readonly (readonly [number, LimitSettings])[]
  /** By the rate class with which import policy has marked them. */
  readonly classes: readonly (readonly [number, LimitSettings])[]
  /** On what it is told; null: none. */
  readonly outgoing: RateSettings | null
}

export const NO_LIMITS: DomainLimits = { domain: null, types: [], classes: [], outgoing: null }
