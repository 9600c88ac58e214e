/** Policies when they are ready to be asked: ordered terms whose tests and edits are functions, and chains of them. `compile.ts` makes them. */
import type { Edit, LooksAt, Test } from './modules/module.ts'
import type { Decision } from './modules/term-schema.ts'

/** What becomes of a route in the end. */
export type Judgement = 'accept' | 'reject'

/** What is known of a module that is not ours: it may throw, or take too long. */
export interface Guard {
  /** What becomes of a route on which it fails. */
  readonly onError: Judgement
  /** Asked instead of the module itself: runs it, and counts and tells its failure. Returns what the module did; null: it failed. */
  attempt(run: () => boolean): boolean | null
}

/** One module in a term. */
export interface Step<Function> {
  /** The key under `match:` or `set:`. */
  readonly module: string
  readonly run: Function
  readonly looksAt: LooksAt
  /** null: one of ours, which does not fail. */
  readonly guard: Guard | null
}

/** How often a term has matched, since it was compiled. */
export interface Hits {
  /** Attribute sets for which the term was decided once and for all their routes. */
  sets: number
  routes: number
}

export interface Term {
  readonly policy: string
  readonly name: string
  /** All must hold. */
  readonly tests: readonly Step<Test>[]
  readonly edits: readonly Step<Edit>[]
  /** What is under `then:`. */
  readonly decides: Decision
  readonly hits: Hits
}

/** Compared by identity: a policy that says the same after a reload is the same object. */
export class Policy {
  readonly name: string
  readonly terms: readonly Term[]

  constructor(name: string, terms: readonly Term[]) {
    this.name = name
    this.terms = terms
  }
}

/** The policies named in one place, one after the other; the first decision ends it. Compared by identity, as policies are. */
export class Chain {
  readonly policies: readonly Policy[]
  /** Of all policies. */
  readonly terms: readonly Term[]
  /** What becomes of a route about which no term decides. */
  readonly otherwise: Judgement

  constructor(policies: readonly Policy[], otherwise: Judgement) {
    this.policies = policies
    this.terms = policies.flatMap(({ terms }) => terms)
    this.otherwise = otherwise
  }
}

/** A term without conditions. */
export function always(policy: string, name: string, judgement: Judgement): Term {
  return { policy, name, tests: [], edits: [], decides: judgement, hits: { sets: 0, routes: 0 } }
}
