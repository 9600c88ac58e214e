/**
 * What routes must pass in one place and one direction: chains, one after the other, all of which must accept. Evaluation has two parts: `plan` asks, once for
 * an attribute set, what does not hang on the single route; `pass` asks the rest of a route. Most sets need no second part.
 */
import { type Chain, changes, type Term } from '../chain.ts'
import type { RouteDraft } from '../route-draft.ts'
import { asked, edited, failedTerm, NO, YES } from './ask-term.ts'
import { type Foreseen, foresee, forgetForeseen } from './foresee.ts'
import { KnownPlans, plansHangOn } from './known-plans.ts'
import { type Decision, hangsOnRoute, PASSED, type Part, type Plan, Plans, type Question, type Stage } from './plan.ts'
import { indexOf } from './term-index.ts'
import { type Trace, trace } from './trace.ts'

/** The plan where there are too many plans: of a route everything is asked. */
const EVERYTHING = -1

export class Gate {
  private readonly stages: readonly Stage[]
  private readonly plans = new Plans()
  /** null: what plans hang on cannot be told. */
  private readonly known: KnownPlans | null
  private readonly rejections = new Map<Chain | Term, Decision>()
  /** Modules of the operator's are among what is asked. */
  readonly hasModules: boolean
  /** Whether the route last asked about in `pass` was as its plan supposes. */
  wasUsual = false

  constructor(stages: readonly Stage[]) {
    this.stages = stages
    const terms = stages.flatMap(({ chains }) => chains.flatMap((chain) => chain.terms))
    this.hasModules = terms.some(({ tests, proposals }) => proposals.length > 0 || tests.some(({ own }) => own !== null))
    const hangOn = plansHangOn(stages)
    this.known = hangOn === null ? null : new KnownPlans(hangOn)
  }

  /**
   * What is left to ask of the routes of a set; the draft has begun with the set and has no route. Where nothing is left (`decisionOf` tells), the draft is as
   * all routes of the set leave; else it has kept the states in which `pass` wants it for each route.
   */
  plan(draft: RouteDraft): number {
    const { known } = this
    if (known === null) return this.planAnew(draft)
    const found = known.find(draft)
    if (found !== undefined) {
      this.resume(found, draft)
      // Edits that are not made because the attributes are too long leave others than the plan supposes.
      if (!draft.tooLong) {
        const { matched } = this.plans.at(found)
        for (let i = 0; i < matched.length; i++) matched[i]!.hits.sets++
        return found
      }
      draft.beginAgain()
    }
    const number = this.planAnew(draft)
    if (found === undefined && number !== EVERYTHING && !draft.tooLong) known.remember(number)
    return number
  }

  private planAnew(draft: RouteDraft): number {
    const parts: Part[] = []
    let changed = true
    let ended = false
    const keep = (): void => {
      if (changed) draft.keep()
      changed = false
    }
    // Of terms that may match it is supposed that they do not: `pass` leaves the plan when one does and that makes a difference.
    for (const stage of this.stages) {
      if (ended) break
      parts.push(stage)
      for (const chain of stage.of(draft)) {
        parts.push(chain)
        if (ended) continue
        let then: Term['decides'] | null = null
        const index = indexOf(chain)
        index.look(draft)
        for (let t = index.next(0); t < chain.terms.length; t = index.next(t + 1)) {
          const term = chain.terms[t]!
          const met = asked(index.rest[t]!, draft, 'attributes')
          if (met === NO) continue
          if (met === YES && hangsOnRoute(term)) {
            keep()
            parts.push(term)
            continue
          }
          const made = met === YES ? edited(term, draft) : met
          if (made === 'next') continue
          if (made === YES) {
            term.hits.sets++
            parts.push(term)
            if (changes(term)) {
              changed = true
              index.look(draft)
            }
            then = term.decides
          } else {
            parts.push(failedTerm(term, made))
            then = made
          }
          if (then !== 'next') break
        }
        if (then === 'reject' || (then !== 'accept' && chain.otherwise === 'reject')) ended = true
      }
    }
    keep()
    const number = this.plans.numberOf(parts)
    if (number === EVERYTHING) draft.rewind()
    return number
  }

  /** What is decided for all routes of sets with this plan; null: it hangs on the route. */
  decisionOf(number: number): Decision | null {
    if (number === EVERYTHING) return null
    const plan = this.plans.at(number)
    return plan.questions.length === 0 ? plan.decision : null
  }

  /**
   * Brings a draft that has begun with a set of this plan to where `plan` has brought it. Returns the number that `pass` wants for its routes: another one where
   * a module of the operator's has failed that had not before.
   */
  resume(number: number, draft: RouteDraft): number {
    if (number === EVERYTHING) {
      draft.keep()
      return number
    }
    const { replay } = this.plans.at(number)
    for (let i = 0; i < replay.length; i++) {
      const term = replay[i]!
      if (term === null) draft.keep()
      else if (edited(term, draft) !== YES) {
        draft.rewind()
        return EVERYTHING
      }
    }
    return number
  }

  /** The same plainly, with every step written down. The draft has begun with a set and holds a route. */
  trace(draft: RouteDraft): Trace {
    return trace(this.stages, draft)
  }

  /** Counts routes of a set with this plan that have not been asked about one by one. */
  count(number: number, routes: number): void {
    if (number === EVERYTHING) return
    const { matched, decision } = this.plans.at(number)
    for (const term of matched) term.hits.routes += routes
    countUndecided(decision, routes)
  }

  /**
   * Whether a route is as the plan of its set supposes, so that what `pass` has said of another such route (`wasUsual`) holds for it too. False: it is not, or
   * `pass` is the only way to tell. Nothing is counted. The draft as for `pass`. Hot.
   */
  isUsual(number: number, draft: RouteDraft): boolean {
    if (number === EVERYTHING) return false
    const { questions, simple } = this.plans.at(number)
    if (!simple) return false
    for (let q = 0; q < questions.length; q++) {
      const { only, state } = questions[q]!
      if (draft.state !== state) draft.restore(state)
      if (only!(draft)) return false
    }
    return true
  }

  /** Whether it is of use to tell of many routes before each of them is asked about: there are modules of the operator's. */
  canForesee(number: number): boolean {
    return number !== EVERYTHING && this.plans.at(number).foreseeable > 0
  }

  /** Asks modules of the operator's about routes for which `pass` will be called, all in one go. The draft as for `pass`, with any route or none. */
  foresee(number: number, draft: RouteDraft, nlri: Uint8Array, routes: readonly Foreseen[]): void {
    foresee(this.plans.at(number), draft, nlri, routes)
  }

  /** To be called before any octets of these routes, or of the states of the draft, are others. */
  forgetForeseen(number: number): void {
    forgetForeseen(this.plans.at(number))
  }

  /** Whether a route passes, whose set has this plan; the draft holds the route, and the states that `plan` or `resume` have kept. Hot. */
  pass(number: number, draft: RouteDraft): Decision {
    this.wasUsual = false
    if (number === EVERYTHING) {
      draft.restore(0)
      return this.rest(draft, 0, null, 0, 0)
    }
    const plan = this.plans.at(number)
    const { questions } = plan
    for (let q = 0; q < questions.length; q++) {
      const { term, tests, only, state } = questions[q]!
      if (draft.state !== state) draft.restore(state)
      if (only !== null && !only(draft)) continue
      const met = only !== null ? YES : asked(tests, draft, 'route')
      if (met === NO) continue
      const made = met === YES ? edited(term, draft) : met
      if (made === 'next') continue
      if (made === YES) {
        term.hits.routes++
        if (term.decides === 'next' && !changes(term)) continue
      }
      return this.leave(plan, questions[q]!, made === YES ? term.decides : made, draft)
    }
    if (draft.state !== plan.state) draft.restore(plan.state)
    for (let i = 0; i < plan.matched.length; i++) plan.matched[i]!.hits.routes++
    countUndecided(plan.decision, 1)
    this.wasUsual = true
    return plan.decision
  }

  /** Goes on with a route that is otherwise than the plan supposes: term by term. */
  private leave(
    plan: Plan,
    { chain, term, place, chainPlace, stage, beside, before }: Question,
    then: Term['decides'],
    draft: RouteDraft,
  ): Decision {
    for (let i = 0; i < before; i++) plan.matched[i]!.hits.routes++
    if (then === 'reject') return this.rejection(chain, term)
    if (then === 'accept') return this.rest(draft, stage, beside, chainPlace + 1, 0)
    return this.rest(draft, stage, beside, chainPlace, place + 1)
  }

  /** Asks everything, one term after the other, from a place on: chain `place` of the stage, term `termPlace` of that chain. `beside`: the chains of the stage. */
  private rest(draft: RouteDraft, stage: number, beside: readonly Chain[] | null, place: number, termPlace: number): Decision {
    let first = place
    let firstTerm = termPlace
    for (let s = stage; s < this.stages.length; s++) {
      const chains = s === stage && beside !== null ? beside : this.stages[s]!.of(draft)
      for (let c = first; c < chains.length; c++) {
        const decision = this.wholeChain(chains[c]!, firstTerm, draft)
        firstTerm = 0
        if (decision !== null) return decision
      }
      first = 0
      firstTerm = 0
    }
    return PASSED
  }

  /** null: accepted. */
  private wholeChain(chain: Chain, from: number, draft: RouteDraft): Decision | null {
    const index = indexOf(chain)
    index.look(draft)
    for (let t = index.next(from); t < chain.terms.length; t = index.next(t + 1)) {
      const term = chain.terms[t]!
      const met = asked(index.rest[t]!, draft, null)
      if (met === NO) continue
      const made = met === YES ? edited(term, draft) : met
      if (made === YES) {
        term.hits.routes++
        if (changes(term)) index.look(draft)
      }
      const then = made === YES ? term.decides : made
      if (then === 'reject') return this.rejection(chain, term)
      if (then === 'accept') return null
    }
    if (chain.otherwise !== 'reject') return null
    const decision = this.rejection(chain, null)
    countUndecided(decision, 1)
    return decision
  }

  private rejection(chain: Chain, term: Term | null): Decision {
    const of = term ?? chain
    let decision = this.rejections.get(of)
    if (decision === undefined) {
      decision = { judgement: 'reject', chain, term }
      this.rejections.set(of, decision)
    }
    return decision
  }
}

/** Counts routes that are refused because no term of a chain decides. Hot. */
function countUndecided({ chain, term }: Decision, routes: number): void {
  if (chain !== null && term === null) chain.undecided += routes
}
