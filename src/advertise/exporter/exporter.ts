import type { RewriteStep } from '../../policy/rewrite/attribute-rewrite.ts'
import type { SetId, Verdict } from '../../rib/verdict.ts'

/**
 * What an update group may be sent, and in which octets, but for policy. Everything it says depends on the set alone (and, for `typeVerdicts`, on the
 * route class), so that verdicts are kept per set and octets are shared by all members of the group.
 */
export interface Exporter {
  /** Two peers whose exporters have the same key get the same octets: one update group. */
  readonly key: string
  /** By route class (`wire/nlri/route-class.ts`): 0, or a refusing verdict. null: all alike. */
  readonly typeVerdicts: Int32Array | null
  /** Whether routes with this set may be sent although their type may not. Nothing: none may. */
  readonly anyType?: (set: SetId) => boolean
  /** 0 when routes with this set may be sent, else the refusing verdict. Called once per set. */
  judge(set: SetId): Verdict
  /** What routes lose before export policy sees them: towards another AS, policy must say it or nobody does. */
  readonly beforePolicy: readonly RewriteStep[]
  /** Writes the path attributes but MP_REACH_NLRI, ascending type codes, at `at`; returns the offset behind. Called only for sets that may be sent. */
  write(set: SetId, out: Uint8Array, at: number): number
  /** Writes as `write` does a set that policy has made: what policy says in it (a MED) stays. */
  writeEdited(set: SetId, out: Uint8Array, at: number): number
}
