import type { NlriFamily } from '../wire/nlri/family.ts'
import { NO_SET, type SetId, type Verdict } from './verdict.ts'

/** Judges routes of which the attribute set alone does not tell whether and how they are used. `open` and `close` stand around the routes of one set. */
export interface RouteJudge {
  open(peer: number, set: SetId): void
  /**
   * Looks at the routes in octets `from`..`to` between `open` and the first `judge`: what is asked of many of them in one go takes less time than amid the work
   * of storing them. They may end earlier, with one that overruns `to`.
   */
  lookAhead(family: NlriFamily, nlri: Uint8Array, from: number, to: number): void
  /** The verdict on the route whose NLRI is the `size` octets at `at`. A set that it names need not be held. */
  judge(nlri: Uint8Array, at: number, size: number): Verdict
  /** The NLRI that the route judged last is used with, `size` octets at 0: other path data, the same key. null: it is used with its own. */
  readonly made: Uint8Array | null
  close(): void
}

/** Nobody judges. */
export const NO_JUDGE: RouteJudge = { open() {}, lookAhead() {}, judge: () => NO_SET, made: null, close() {} }
