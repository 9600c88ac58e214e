import type { SetId, Verdict } from './verdict.ts'

/** What `Admission.admit` answers for a path that is not even to be kept. */
export const NOT_KEPT = Number.MIN_SAFE_INTEGER

/**
 * Who has the last word on paths of peers that are not trusted with what they send, and how much. It is asked of every path that import would use, and told
 * of every one that ends; what it refuses stays in the Adj-RIB-In with the refusal as its verdict.
 */
export interface Admission {
  /**
   * The verdict with which a path is stored: `used`, a refusal, or `NOT_KEPT`. `before`: the verdict of the path that it replaces, `NO_SET` when it is new.
   * `same`: it is that path again, set and NLRI. The NLRI, as it came, is the `size` octets at `at`.
   */
  admit(dest: number, peer: number, before: Verdict, used: SetId, same: boolean, nlri: Uint8Array, at: number, size: number): Verdict
  /** 0, or the refusal of a path that would not be admitted however little there is. Notes nothing. */
  misfit(used: SetId, nlri: Uint8Array, at: number, size: number): Verdict
  /** A path that stood with this verdict is gone, or has another verdict now that `admit` was not asked about. */
  ended(dest: number, peer: number, before: Verdict): void
}
