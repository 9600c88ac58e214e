/** Asks chains plainly, one term after the other, and writes down everything: for people who want to know why. Counts nothing and keeps no plan. */
import { copyOf } from '../bytes/octets.ts'
import type { Chain, Judgement, Step, Term } from './chain.ts'
import type { Edit, LooksAt, Test } from './modules/module.ts'
import type { Stage } from './plan.ts'
import type { RouteDraft } from './route-draft.ts'

/** A route at one moment, in octets of its own. */
export interface Snapshot {
  readonly attributes: Uint8Array
  readonly nextHop: Uint8Array
  readonly nlri: Uint8Array
  readonly rateClass: number
}

export interface TracedTest {
  readonly module: string
  readonly looksAt: LooksAt
  /** null: not asked, because one before it did not hold. `failed`: a module of the operator's did not answer. */
  readonly held: boolean | 'failed' | null
}

export interface TracedTerm {
  readonly policy: string
  readonly name: string
  readonly tests: readonly TracedTest[]
  readonly matched: boolean
  /** What it decided; null: it did not match. */
  readonly decided: Judgement | 'next' | null
  /** A module of the operator's failed, and `decided` is what was said for that. */
  readonly failed: boolean
  /** The route after its edits; null: it has none, or did not match. */
  readonly after: Snapshot | null
}

export interface TracedChain {
  readonly policies: readonly string[]
  /** Those that were asked. */
  readonly terms: readonly TracedTerm[]
  readonly judgement: Judgement
  /** Nobody decided, and this is said for the end of the chain. */
  readonly byEnd: boolean
}

export interface Trace {
  readonly before: Snapshot
  readonly chains: readonly TracedChain[]
  readonly judgement: Judgement
  readonly after: Snapshot
}

/** The draft has begun with a set and holds a route. */
export function trace(stages: readonly Stage[], draft: RouteDraft): Trace {
  const before = snapshot(draft)
  const chains: TracedChain[] = []
  let judgement: Judgement = 'accept'
  for (const stage of stages) {
    if (judgement === 'reject') break
    for (const chain of stage(draft)) {
      const traced = traceChain(chain, draft)
      chains.push(traced)
      judgement = traced.judgement
      if (judgement === 'reject') break
    }
  }
  return { before, chains, judgement, after: snapshot(draft) }
}

export function snapshot({ bytes, from, to, nextHopAt, nextHopLength, nlri, nlriAt, nlriLength, rateClass }: RouteDraft): Snapshot {
  return {
    attributes: copyOf(bytes, from, to),
    nextHop: copyOf(bytes, nextHopAt, nextHopAt + nextHopLength),
    nlri: copyOf(nlri, nlriAt, nlriAt + nlriLength),
    rateClass,
  }
}

function traceChain(chain: Chain, draft: RouteDraft): TracedChain {
  const policies = chain.policies.map(({ name }) => name)
  const terms: TracedTerm[] = []
  for (const term of chain.terms) {
    const traced = traceTerm(term, draft)
    terms.push(traced)
    if (traced.decided === 'accept' || traced.decided === 'reject') return { policies, terms, judgement: traced.decided, byEnd: false }
  }
  return { policies, terms, judgement: chain.otherwise, byEnd: true }
}

function traceTerm({ policy, name, tests, edits, decides }: Term, draft: RouteDraft): TracedTerm {
  const asked: TracedTest[] = []
  let held: TracedTest['held'] = true
  let onError: Judgement = 'reject'
  for (const test of tests) {
    if (held === true) {
      held = attempt(test, (run) => run(draft))
      onError = test.guard?.onError ?? onError
      asked.push({ module: test.module, looksAt: test.looksAt, held })
    } else asked.push({ module: test.module, looksAt: test.looksAt, held: null })
  }
  const base = { policy, name, tests: asked }
  if (held === false) return { ...base, matched: false, decided: null, failed: false, after: null }
  if (held === 'failed') return { ...base, matched: false, decided: onError, failed: true, after: null }
  for (const edit of edits) {
    const made = attempt(edit, (run) => {
      run(draft)
      return true
    })
    if (made === 'failed') return { ...base, matched: true, decided: edit.guard?.onError ?? 'reject', failed: true, after: snapshot(draft) }
  }
  return { ...base, matched: true, decided: decides, failed: false, after: edits.length > 0 ? snapshot(draft) : null }
}

function attempt<Function extends Test | Edit>({ run, guard }: Step<Function>, ask: (run: Function) => boolean): boolean | 'failed' {
  return guard === null ? ask(run) : (guard.attempt(() => ask(run)) ?? 'failed')
}
