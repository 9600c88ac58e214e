/** What becomes of more than was agreed, from the mildest to the strictest. */
export const EXCESS = ['warn', 'hold', 'shed', 'suspend'] as const
/**
 * `warn`: it is used all the same. `hold`: what is too much waits, unused, and is used when there is room. `shed`: it is not kept; the other side is asked for it again
 * when there is room. `suspend`: nothing of what the limit is on is used any more, until it has been quiet. On what is told, the same with telling in place of using,
 * but that a change that is too much for `hold` leaves what is told as it was until its turn.
 */
export type Excess = (typeof EXCESS)[number]

/** One limit on what another domain sends, or on what it is told. */
export interface LimitSettings {
  /** Most routes in use, or told; null: any number. */
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
  /** The pace at which it is told what changes, for each of its sessions; null: none. */
  readonly outgoing: RateSettings | null
  /** On what it is told, for all its sessions together. */
  readonly told: ToldLimits
}

/** The limits on what one other domain is told. Those on a VN are with its share. */
export interface ToldLimits {
  /** Without the rate of `hold`, which is the pace. */
  readonly domain: LimitSettings | null
  /** By route type. */
  readonly types: readonly (readonly [number, LimitSettings])[]
}

export const NO_TOLD_LIMITS: ToldLimits = { domain: null, types: [] }

export const NO_LIMITS: DomainLimits = { domain: null, types: [], classes: [], outgoing: null, told: NO_TOLD_LIMITS }
