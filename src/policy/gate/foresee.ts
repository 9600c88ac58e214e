/**
 * Asks modules of the operator's about many routes of a set in one go, as far as the plan of the set tells that each of them will be asked about. Nothing is counted and
 * nothing decided by it: `pass` then finds the answers.
 */
import { changes, type Foresight } from '../chain.ts'
import type { RouteDraft } from '../route-draft.ts'
import type { Plan, Question } from './plan.ts'

/** A route: where its NLRI stands, and how long it is; what else `RouteDraft.beginRoute` is told. */
export interface Foreseen {
  readonly at: number
  readonly size: number
  readonly ageSeconds: number
  readonly stale: boolean
}

/** The draft holds the states of the plan. */
export function foresee({ questions, foreseeable }: Plan, draft: RouteDraft, nlri: Uint8Array, routes: readonly Foreseen[]): void {
  let left = routes
  for (let q = 0; q < foreseeable && left.length > 0; q++) left = left.filter(behind(questions[q]!, draft, nlri, left))
}

/** What was foreseen holds no more: octets will be others. */
export function forgetForeseen({ questions, foreseeable }: Plan): void {
  for (let q = 0; q < foreseeable; q++) {
    const { tests, term } = questions[q]!
    for (const { ahead } of tests) ahead?.forget()
    for (const { ahead } of term.proposals) ahead?.forget()
  }
}

/** Asks what a term asks; returns which routes come to the next one, as far as is known. */
function behind({ term, tests, state }: Question, draft: RouteDraft, nlri: Uint8Array, routes: readonly Foreseen[]) {
  const leaving = new Set<Foreseen>()
  const ask = (ahead: Foresight, about: readonly Foreseen[]): void => {
    for (const route of about) {
      take(route)
      ahead.note(draft)
    }
    ahead.ask()
  }
  const take = ({ at, size, ageSeconds, stale }: Foreseen): void => {
    draft.restore(state)
    draft.beginRoute(nlri, at, size, ageSeconds, stale)
  }
  draft.restore(state)
  // Routes with other VNIs in them stand all in the same memory, one after the other.
  if (draft.vnis.length > 0) return () => false
  let met = routes
  for (const { ahead, own, run } of [...tests, ...term.proposals.map((step) => ({ ...step, run: null }))]) {
    if (ahead !== undefined) ask(ahead, met)
    met = met.filter((route) => {
      take(route)
      const held = ahead !== undefined ? ahead.known(draft) : own === null && run !== null ? run(draft) : undefined
      if (held === undefined || (held === null && own?.onError !== 'next')) leaving.add(route)
      return held === true
    })
  }
  if (term.decides !== 'next' || changes(term)) for (const route of met) leaving.add(route)
  return (route: Foreseen) => !leaving.has(route)
}
