/**
 * The self-test at start: made-up switches tell reflectors of their own some thousand routes, and what these write is compared with what RFC 4456 says.
 * It shows that this machine runs the program right before anybody relies on it, and by running what will be hot it has it compiled: the first routes
 * of the day are as fast as the last.
 *
 * For that, what is rare has to come early (tables that grow, sessions that end), or code would be compiled without it and again when it comes: the
 * stories that are told first are short. And there are two reflectors, or code would be made for just the one. They have another domain beside them
 * where other domains are federated; an NVA without any does without, as it is a tenth faster then.
 */
import type { Neighbourhood } from './surroundings.ts'
import { Trial } from './trial.ts'

const ALONE: readonly Neighbourhood[] = ['alone', 'alone']
const FEDERATED: readonly Neighbourhood[] = ['federated', 'federated with limits']
/** Routes of each VN in the short stories and in the long ones. */
const FEW = 6
const MANY = 120
const FLAPS = 3
const SHORT_STORIES = 4
const LONG_STORIES = 3
/** Code that runs once in a turn is compiled after some thousand turns. */
const SINGLE_CHANGES = 3500

/** V8 forgets what it has compiled for kinds of objects of which there is none any more: one reflector without routes stays. */
const kept: Trial[] = []

/** Null: all is well; else what is not, in words. `federated`: what leaves for other domains and comes from them is tried too. Takes 0.5 to 1 s. */
export function selfTest(federated: boolean): string | null {
  const trials = (federated ? FEDERATED : ALONE).map((neighbourhood) => new Trial(neighbourhood))
  let problem: string | null = null
  for (let story = 0; story < SHORT_STORIES; story++) problem ??= tell(trials, story, FEW, 1)
  // Where nobody floods, a single change can wait for the compiler: what that makes takes 5 MiB that routes would need.
  if (federated) problem ??= inTurn(trials, '', (trial) => trial.trickle(SINGLE_CHANGES))
  for (let story = SHORT_STORIES; story < SHORT_STORIES + LONG_STORIES; story++) {
    clear()
    problem ??= tell(trials, story, MANY, FLAPS)
  }
  kept[0] = new Trial(federated ? 'federated' : 'alone')
  clear()
  return problem
}

function tell(trials: readonly Trial[], story: number, routes: number, flaps: number): string | null {
  return inTurn(trials, `, story ${story + 1}`, (trial) => trial.tell(routes, story % 2 === 0, flaps))
}

function inTurn(trials: readonly Trial[], where: string, asked: (trial: Trial) => string | null): string | null {
  for (const [reflector, trial] of trials.entries()) {
    const problem = asked(trial)
    if (problem !== null) return `self-test, reflector ${reflector + 1}${where}: ${problem}`
  }
  return null
}

/** Gives up what is not needed any more before more is needed, where V8 was started so that it can be told. */
function clear(): void {
  globalThis.gc?.()
}
