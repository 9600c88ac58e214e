/** Asks chains plainly, one term after the other, and writes down everything: for people who want to know why. Counts nothing and keeps no plan. */
import { copyOf } from '../../bytes/octets.ts'
import { type Chain, changes, type Fallible, type Judgement, type Term } from '../chain.ts'
import type { Edit, LooksAt } from '../modules/module.ts'
import type { RouteDraft } from '../route-draft.ts'
import type { Stage } from './plan.ts'

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
  /** The module of the operator's that failed, and why; `decided` is what was said for that. null: none did. */
  readonly failure: { readonly module: string; readonly why: string } | null
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
    for (const chain of stage.of(draft)) {
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

function traceTerm(term: Term, draft: RouteDraft): TracedTerm {
  const { policy, name, decides } = term
  const asked: TracedTest[] = []
  let held: TracedTest['held'] = true
  let failed: Failed | null = null
  for (const { module, looksAt, run, own } of term.tests) {
    if (held === true) {
      held = run(draft) ?? 'failed'
      if (held === 'failed') failed = failedAt(module, own)
      asked.push({ module, looksAt, held })
    } else asked.push({ module, looksAt, held: null })
  }
  const base = { policy, name, tests: asked }
  if (held === false) return { ...base, matched: false, decided: null, failure: null, after: null }
  const wanted: Edit[] = []
  for (const { module, propose, own } of failed === null ? term.proposals : []) {
    const more = propose(draft)
    if (more === null) {
      failed = failedAt(module, own)
      break
    }
    wanted.push(...more)
  }
  if (failed !== null) return { ...base, matched: held === true, decided: failed.decides, failure: failed, after: null }
  for (const { run } of term.edits) run(draft)
  for (const edit of wanted) edit(draft)
  return { ...base, matched: true, decided: decides, failure: null, after: changes(term) ? snapshot(draft) : null }
}

interface Failed {
  readonly module: string
  readonly why: string
  readonly decides: Term['decides']
}

function failedAt(module: string, own: Fallible | null): Failed {
  return { module, why: own?.lastFailure() ?? '', decides: own?.onError ?? 'reject' }
}
