/**
 * Answers of a module of the operator's that were fetched in one go, for routes each of which will be asked about: to go to where it runs and back takes longer
 * than most of what it does there. An answer counts as a call, and as a failure, when the route is asked about.
 */
import type { Foresight } from '../chain.ts'
import type { RouteView } from '../modules/module.ts'
import type { Failure } from './runner.ts'

/** Whom it asks. */
export interface Asking<Answer> {
  /** Takes the octets of one more route; false: there are as many already as can be asked about in one go, or nobody is to be asked. */
  note(route: RouteView): boolean
  /** About the routes noted, in their order; of the last ones there may be no answer. None is noted any more. */
  answers(): readonly (Answer | Failure)[]
}

const EMPTY = new Uint8Array(0)

export class Ahead<Answer extends boolean | string> implements Foresight {
  private readonly asking: Asking<Answer>
  /** Where the NLRI of the routes noted stand, and what is known by that. */
  private readonly noted: number[] = []
  private readonly byPlace = new Map<number, Answer | Failure>()
  private nlri: Uint8Array = EMPTY
  /** Memory and place of their attributes: those of a state of a draft are nowhere else. */
  private bytes: Uint8Array = EMPTY
  private from = 0

  constructor(asking: Asking<Answer>) {
    this.asking = asking
  }

  note(route: RouteView): void {
    this.nlri = route.nlri
    this.bytes = route.bytes
    this.from = route.from
    if (!this.asking.note(route)) {
      this.ask()
      if (!this.asking.note(route)) return
    }
    this.noted.push(route.nlriAt)
  }

  ask(): void {
    const { noted, byPlace } = this
    if (noted.length === 0) return
    const answers = this.asking.answers()
    for (let i = 0; i < answers.length; i++) byPlace.set(noted[i]!, answers[i]!)
    noted.length = 0
  }

  /** The answer about a route; undefined: it has not been fetched. */
  answer(route: RouteView): Answer | Failure | undefined {
    if (this.byPlace.size === 0 || route.nlri !== this.nlri || route.bytes !== this.bytes || route.from !== this.from) return undefined
    return this.byPlace.get(route.nlriAt)
  }

  known(route: RouteView): boolean | null | undefined {
    const answer = this.answer(route)
    if (answer === undefined || typeof answer === 'boolean') return answer
    return typeof answer === 'string' ? true : null
  }

  forget(): void {
    this.byPlace.clear()
    this.nlri = EMPTY
    this.bytes = EMPTY
  }
}
