/** Policies when they are ready to be asked: ordered terms whose tests and edits are functions, and chains of them. `compile.ts` makes them. */
import type { Edit, LooksAt, Reads, RouteView } from './modules/module.ts'
import type { Decision } from './modules/term-schema.ts'

/** What becomes of a route in the end. */
export type Judgement = 'accept' | 'reject'

/** A module that is not ours: it may throw, or take too long. */
export interface Fallible {
  /** What becomes of a route on which it fails; `next`: the term counts as one that does not match. */
  readonly onError: Decision
  /** Why it failed last. */
  readonly lastFailure: () => string
}

/** Asks a module that is not ours about many routes in one go, before each of them is asked about. */
export interface Foresight {
  /** One more to be asked about with the next `ask`. All are in one state; of their octets none changes until `forget`. */
  note(route: RouteView): void
  ask(): void
  /** What will be said of a route; null: it will fail. undefined: nobody knows. */
  known(route: RouteView): boolean | null | undefined
  forget(): void
}

/** One module in a term. */
interface Step {
  /** The key under `match:` or `set:`; of modules of the operator's `own.` and their name. */
  readonly module: string
  readonly looksAt: LooksAt
  /** Only those have it that are not ours. */
  readonly ahead?: Foresight
}

export interface TestStep extends Step {
  /** Of a test of attributes: what alone its answer hangs on. null, or nothing: more than one thing. */
  readonly reads?: Reads | null
  /** null: it failed, which only those do that are not ours. */
  readonly run: (route: RouteView) => boolean | null
  /** null: one of ours. */
  readonly own: Fallible | null
}

export interface EditStep extends Step {
  /** See `SetModule`. */
  readonly touches: readonly Reads[] | null
  readonly run: Edit
}

/** A set module of the operator's. All of a term are asked before anything is changed, so that a term is done as a whole or not at all. */
export interface ProposalStep extends Step {
  /** What is to be done; null: it failed. */
  readonly propose: (route: RouteView) => readonly Edit[] | null
  readonly own: Fallible
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
  readonly tests: readonly TestStep[]
  readonly edits: readonly EditStep[]
  /** What they want is done after `edits`. */
  readonly proposals: readonly ProposalStep[]
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
  /** Routes refused because none decided, each time one was asked about. */
  undecided = 0

  constructor(policies: readonly Policy[], otherwise: Judgement) {
    this.policies = policies
    this.terms = policies.flatMap(({ terms }) => terms)
    this.otherwise = otherwise
  }
}

/** Whether a term changes what it matches. */
export function changes({ edits, proposals }: Term): boolean {
  return edits.length > 0 || proposals.length > 0
}

/** A term without conditions. */
export function always(policy: string, name: string, judgement: Judgement): Term {
  return { policy, name, tests: [], edits: [], proposals: [], decides: judgement, hits: { sets: 0, routes: 0 } }
}
