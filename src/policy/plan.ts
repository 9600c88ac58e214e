/**
 * What is left of the chains for the routes of one attribute set when everything has been asked that does not hang on the single route: the terms that match
 * for sure, and those that still may. Sets for which the same is left share one plan.
 */
import type { Chain, Judgement, Step, Term } from './chain.ts'
import type { RouteView, Test } from './modules/module.ts'

/** The chains a route must pass at this point; asked when it gets there, with what has been changed by then. */
export type Stage = (route: RouteView) => readonly Chain[]

/** A term of which the tests of attributes hold. */
export interface PlanTerm {
  readonly term: Term
  /** Its place in the chain. */
  readonly place: number
  /** It matches every route, and changes all of them alike. */
  readonly certain: boolean
  /** What is still to be asked of a route. */
  readonly tests: readonly Step<Test>[]
}

/** What is left of one chain, in order. */
export interface PlanChain {
  readonly chain: Chain
  readonly terms: readonly PlanTerm[]
  /** The stage it belongs to, by number, and its place among the chains of that stage. */
  readonly stage: number
  readonly place: number
  /** All chains of that stage. */
  readonly beside: readonly Chain[]
}

/** What became of a route, and who decided it. */
export interface Decision {
  readonly judgement: Judgement
  readonly chain: Chain | null
  /** null: none decided, and what is said for the end of the chain holds. */
  readonly term: Term | null
}

export interface Plan {
  readonly chains: readonly PlanChain[]
  /** Where to begin with a route; null: nothing hangs on the route, and `decision` holds for all of them. */
  readonly from: { readonly chain: number; readonly term: number } | null
  /** Of a plan that does not hang on the route. */
  readonly decision: Decision
  /** Terms before `from`: they match every route. */
  readonly matched: readonly Term[]
}

export const PASSED: Decision = { judgement: 'accept', chain: null, term: null }

/** Whether it hangs on the route that a term matches, although its tests of attributes hold, or what it changes. */
export function hangsOnRoute({ tests, edits }: Term): boolean {
  return tests.some(({ looksAt }) => looksAt === 'route') || edits.some(({ looksAt }) => looksAt === 'route')
}

/** The parts of a plan in order: each stage, its chains, and behind each chain its terms that are left. */
export type Part = Stage | Chain | Term

/** Most plans kept: a set is a number away from its plan, and memory must have an end. */
const PLANS_MOST = 16_384

interface Branch {
  readonly next: Map<Part, Branch>
  number: number
}

/** Plans by number, and by their parts. */
export class Plans {
  private readonly plans: Plan[] = []
  private readonly root: Branch = { next: new Map(), number: -1 }
  private branches = 0

  at(number: number): Plan {
    return this.plans[number]!
  }

  /** The number of the plan with these parts. -1: it is new, and there are too many already. */
  numberOf(parts: readonly Part[]): number {
    let branch = this.root
    for (const part of parts) {
      let next = branch.next.get(part)
      if (next === undefined) {
        if (++this.branches > 8 * PLANS_MOST) return -1
        next = { next: new Map(), number: -1 }
        branch.next.set(part, next)
      }
      branch = next
    }
    if (branch.number < 0 && this.plans.length < PLANS_MOST) branch.number = this.plans.push(planOf(parts)) - 1
    return branch.number
  }
}

function planOf(parts: readonly Part[]): Plan {
  const chains: { chain: Chain; terms: PlanTerm[]; stage: number; place: number; beside: Chain[] }[] = []
  const matched: Term[] = []
  let from: Plan['from'] = null
  let stage = -1
  let beside: Chain[] = []
  for (const part of parts) {
    if (typeof part === 'function') {
      stage++
      beside = []
    } else if ('otherwise' in part) {
      chains.push({ chain: part, terms: [], stage, place: beside.length, beside })
      beside.push(part)
    } else {
      const { terms, chain } = chains.at(-1)!
      const certain = !hangsOnRoute(part)
      if (from === null && certain) matched.push(part)
      if (!certain) from ??= { chain: chains.length - 1, term: terms.length }
      terms.push({ term: part, place: chain.terms.indexOf(part), certain, tests: part.tests.filter(({ looksAt }) => looksAt === 'route') })
    }
  }
  return { chains, from, decision: from === null ? endOf(chains) : PASSED, matched }
}

/** What a plan comes to in which every term matches. */
function endOf(chains: readonly PlanChain[]): Decision {
  for (const { chain, terms } of chains) {
    const term = terms.at(-1)?.term
    if (term?.decides === 'reject') return { judgement: 'reject', chain, term }
    if (term?.decides !== 'accept' && chain.otherwise === 'reject') return { judgement: 'reject', chain, term: null }
  }
  return PASSED
}
