/**
 * What is left of the chains for the routes of one attribute set when everything has been asked that does not hang on the single route: the terms that match
 * for sure, and those that still may. Sets for which the same is left share one plan.
 *
 * A plan supposes that no term matches that only may. The states a route then goes through are the same for all routes of the set, and numbered: 0 before the
 * first term that may match, one more wherever a term that matches for sure has changed something since.
 */
import { type Chain, changes, type Judgement, type Term, type TestStep } from '../chain.ts'
import type { Reads, RouteView, Test } from '../modules/module.ts'

/** A point at which a route must pass chains. */
export interface Stage {
  /** Those of a route; asked when it gets there, with what has been changed by then. */
  of(route: RouteView): readonly Chain[]
  /** All that there can be. */
  readonly chains: readonly Chain[]
  /** What alone it hangs on which of them are those of a route. */
  readonly reads: readonly Reads[]
}

/** A point at which every route must pass the same chains. */
export function always(chains: readonly Chain[]): Stage {
  return { of: () => chains, chains, reads: [] }
}

/** What became of a route, and who decided it. */
export interface Decision {
  readonly judgement: Judgement
  readonly chain: Chain | null
  /** null: none decided, and what is said for the end of the chain holds. */
  readonly term: Term | null
}

export const PASSED: Decision = { judgement: 'accept', chain: null, term: null }

/** A term that may match: it is still to be asked about each route. */
export interface Question {
  readonly term: Term
  readonly tests: readonly TestStep[]
  /** The only one of them, if it cannot fail; null: there are several, or it can. */
  readonly only: Test | null
  /** The state in which it finds the route. */
  readonly state: number
  readonly chain: Chain
  /** Its place in the chain, that of the chain in its stage, and which stage that is; all chains of it. */
  readonly place: number
  readonly chainPlace: number
  readonly stage: number
  readonly beside: readonly Chain[]
  /** Terms before it that match for sure. */
  readonly before: number
}

export interface Plan {
  readonly questions: readonly Question[]
  /** So many of them there are up to the last one in which modules can be asked about many routes in one go. */
  readonly foreseeable: number
  /** Each of them is of one test alone, which cannot fail. */
  readonly simple: boolean
  /** Terms that match for sure, in order. */
  readonly matched: readonly Term[]
  /** How the states come about: the terms that match for sure and change something; null: the place of a state. */
  readonly replay: readonly (Term | null)[]
  /** What becomes of a route of which no question is answered with yes, and the state it is then in. */
  readonly decision: Decision
  readonly state: number
}

/** Whether it hangs on the route that a term matches, although its tests of attributes hold, or what it changes. */
export function hangsOnRoute({ tests, edits, proposals }: Term): boolean {
  return [...tests, ...edits, ...proposals].some(({ looksAt }) => looksAt === 'route')
}

/** The parts of a plan in order: each stage, its chains, and behind each chain its terms that are left. */
export type Part = Stage | Chain | Term

/** Most plans kept: a set is a number away from its plan, and memory must have an end. */
const PLANS_MOST = 16_384
const BRANCHES_MOST = 8 * PLANS_MOST

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
        if (++this.branches > BRANCHES_MOST) return -1
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
  const questions: Question[] = []
  const matched: Term[] = []
  const replay: (Term | null)[] = []
  const ends: { chain: Chain; last: Term | null }[] = []
  let states = 0
  let changed = true
  let stage = -1
  let beside: Chain[] = []
  const keep = (): number => {
    if (changed) {
      replay.push(null)
      states++
      changed = false
    }
    return states - 1
  }
  for (const part of parts) {
    if ('of' in part) {
      stage++
      beside = []
    } else if ('otherwise' in part) {
      ends.push({ chain: part, last: null })
      beside.push(part)
    } else if (hangsOnRoute(part)) {
      const { chain } = ends.at(-1)!
      const tests = part.tests.filter(({ looksAt }) => looksAt === 'route')
      questions.push({
        term: part,
        tests,
        only: onlyOf(tests),
        state: keep(),
        chain,
        place: chain.terms.indexOf(part),
        chainPlace: beside.length - 1,
        stage,
        beside,
        before: matched.length,
      })
    } else {
      matched.push(part)
      ends.at(-1)!.last = part
      if (!changes(part)) continue
      replay.push(part)
      changed = true
    }
  }
  const state = keep()
  const foreseeable =
    1 + questions.findLastIndex(({ term, tests }) => [...tests, ...term.proposals].some(({ ahead }) => ahead !== undefined))
  return { questions, foreseeable, simple: questions.every(({ only }) => only !== null), matched, replay, decision: endOf(ends), state }
}

function onlyOf([first, ...more]: readonly TestStep[]): Test | null {
  return first !== undefined && more.length === 0 && first.own === null ? (first.run as Test) : null
}

/** What it comes to when only the terms match that do so for sure. `last`: the last one of these in each chain. */
function endOf(ends: readonly { readonly chain: Chain; readonly last: Term | null }[]): Decision {
  for (const { chain, last } of ends) {
    if (last?.decides === 'reject') return { judgement: 'reject', chain, term: last }
    if (last?.decides !== 'accept' && chain.otherwise === 'reject') return { judgement: 'reject', chain, term: null }
  }
  return PASSED
}
