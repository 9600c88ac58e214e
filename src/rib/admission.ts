import type { SetId, Verdict } from './verdict.ts'

/** What `Admission.admit` answers for a path that is not even to be kept. */
export const NOT_KEPT = Number.MIN_SAFE_INTEGER

/**
 * Has the last word on the paths of peers that are not trusted: on what they send, and how much of it. It is asked about every path that import would use, and told
 * when one ends. What it refuses stays in the Adj-RIB-In, with the refusal as its verdict.
 */
export interface Admission {
  /**
   * The verdict with which a path is stored: `used`, a refusal, or `NOT_KEPT`. `before`: the verdict of the path that it replaces, `NO_SET` when it is new.
   * `same`: it is that path again, set and NLRI. The NLRI, as it came, is the `size` octets at `at`.
   */
  admit(dest: number, peer: number, before: Verdict, used: SetId, same: boolean, nlri: Uint8Array, at: number, size: number): Verdict
  /** The refusal of a path that would not be admitted however few there were, or 0. Has no effect. */
  misfit(used: SetId, nlri: Uint8Array, at: number, size: number): Verdict
  /** A path whose verdict was `before` is gone, or has got another verdict without `admit` being asked. */
  ended(dest: number, peer: number, before: Verdict): void
}
