import type { Prefix } from '../../address/prefix.ts'

/** Which next hops another domain may name. */
export interface NextHopSettings {
  /** Those that may be named at all; null: any. */
  readonly within: readonly Prefix[] | null
  /** Those that may be named although our own domain uses them: NVEs that both serve, anycast VTEPs. They need not lie in `within`. */
  readonly shared: readonly Prefix[]
}

/** Any but our own. */
export const ANY_BUT_OURS: NextHopSettings = { within: null, shared: [] }
