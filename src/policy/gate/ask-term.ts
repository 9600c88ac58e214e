/** One term and one route: whether its tests hold, what it makes of the route, and what becomes of that when a module of the operator's fails. */
import type { Term, TestStep } from '../chain.ts'
import type { Edit, LooksAt } from '../modules/module.ts'
import type { RouteDraft } from '../route-draft.ts'

export const YES = 'yes'
export const NO = 'no'
/** Or what becomes of the route because a module failed. */
export type Met = typeof YES | typeof NO | Term['decides']

/** Whether tests hold: those that look at this, or all of them (null). Hot. */
export function asked(tests: readonly TestStep[], draft: RouteDraft, looksAt: LooksAt | null): Met {
  for (let i = 0; i < tests.length; i++) {
    const { run, own, looksAt: at } = tests[i]!
    if (looksAt !== null && at !== looksAt) continue
    const held = run(draft)
    if (held === false) return NO
    if (held === null) return own?.onError ?? 'reject'
  }
  return YES
}

const NOTHING: readonly Edit[] = []

/** Makes the edits of a term that has matched: all of them, or, where a module fails, none. Hot. */
export function edited({ edits, proposals }: Term, draft: RouteDraft): Exclude<Met, 'no'> {
  let wanted = NOTHING
  for (let i = 0; i < proposals.length; i++) {
    const { propose, own } = proposals[i]!
    const more = propose(draft)
    if (more === null) return own.onError
    wanted = wanted.length === 0 ? more : [...wanted, ...more]
  }
  for (let i = 0; i < edits.length; i++) edits[i]!.run(draft)
  for (let i = 0; i < wanted.length; i++) wanted[i]!(draft)
  return YES
}

const FAILED = new WeakMap<Term, Partial<Record<'accept' | 'reject', Term>>>()

/** A term on which a module of the operator's failed, as one that decides. It has not matched, so that its hits are nobody's. */
export function failedTerm(term: Term, decides: 'accept' | 'reject'): Term {
  const known = FAILED.get(term) ?? {}
  FAILED.set(term, known)
  known[decides] ??= { ...term, tests: [], edits: [], proposals: [], decides, hits: { sets: 0, routes: 0 } }
  return known[decides]
}
