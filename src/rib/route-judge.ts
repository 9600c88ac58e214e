import type { NlriFamily } from '../wire/nlri/family.ts'
import { NO_SET, type SetId, type Verdict } from './verdict.ts'

/** Judges routes one by one, where the attribute set alone does not settle whether and how they are used. `open` and `close` enclose the routes of one set. */
export interface RouteJudge {
  open(peer: number, set: SetId): void
  /**
   * Looks at the routes in octets `from`..`to`, between `open` and the first `judge`: asking about many of them at once is faster than doing so between storing
   * them. The last one may overrun `to`.
   */
  lookAhead(family: NlriFamily, nlri: Uint8Array, from: number, to: number): void
  /**
   * The verdict on the route whose NLRI is the `size` octets at `at`, last told of `ageSeconds` ago; `stale`: it stands although its peer has gone. A set that it names
   * need not be held.
   */
  judge(nlri: Uint8Array, at: number, size: number, ageSeconds: number, stale: boolean): Verdict
  /** The NLRI with which the route judged last is used, `size` octets from 0: the same key with other path data. null: its own. */
  readonly made: Uint8Array | null
  close(): void
}

/** Nobody judges. */
export const NO_JUDGE: RouteJudge = { open() {}, lookAhead() {}, judge: () => NO_SET, made: null, close() {} }
