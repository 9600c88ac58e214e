/** What runs a module of the operator's own. It is handed in: the daemon has a thread for each, which can be ended when it does not come back. */
import type { LooksAt, RouteView } from '../modules/module.ts'
import type { Wanted } from './changes.ts'
import type { Here } from './definition.ts'

/** Why a call came to nothing. `overrun`: it took longer than its budget, or did not end. */
export interface Failure {
  readonly failed: 'error' | 'overrun'
  readonly why: string
}

/** What is known of a module once it is loaded. */
export interface Nature {
  readonly looksAt: LooksAt
  readonly match: boolean
  readonly set: boolean
}

/** What a module is asked for. */
export type Part = 'match' | 'set'

/** Answers before it returns. Never throws. */
export interface Runner {
  readonly nature: Nature
  /** Hands over what was typed behind the name of the module; the number stands for it from then on. */
  take(typed: unknown, here: Here): number | Failure
  match(argument: number, route: RouteView): boolean | Failure
  /** The changes as JSON of `Wanted[]`, as they came: nobody has judged them. */
  set(argument: number, route: RouteView): string | Failure
  /** Takes the octets of a route for `answers`; false: there is no room for more. */
  note(route: RouteView): boolean
  /** Routes that are noted. */
  readonly noted: number
  /**
   * Asks about the routes noted, from that of number `first` on, in one go: what `match` or `set` would answer for each, in their order, as far as to the first
   * failure. At least one.
   */
  answers(part: Part, argument: number, first: number): readonly (boolean | string | Failure)[]
  /** No route is noted any more. */
  forget(): void
}

export type { Wanted }
