import type { Lab } from '../lab/lab.ts'
import type { NvaKind } from '../lab/nva.ts'

/** One thing to be shown. It throws `Unmet` when it is not so. */
export interface Check {
  readonly name: string
  /** The only NVA this can be asked of; without it, every one. */
  readonly only?: NvaKind
  run(lab: Lab): Promise<void>
}
