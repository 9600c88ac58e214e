/**
 * The self-test at start: made-up switches tell reflectors of their own some thousand routes, and what these write is compared with what RFC 4456 says.
 * It shows that this machine runs the program right before anybody relies on it, and by running what will be hot it has it compiled: the first routes
 * of the day are as fast as the last.
 *
 * For that, what is rare has to come early (tables that grow, an UPDATE for every route: the first story), or code would be compiled without it and
 * again when it comes; and there are two reflectors, or code would be made for just the one.
 */
import { Trial } from './trial.ts'

const REFLECTORS = 2
const STORIES = 4
/** Of these, how many with an UPDATE and attributes for every route. */
const SPARSE = 2

/** V8 forgets what it has compiled for kinds of objects of which there is none any more: one reflector without routes stays. */
const kept: Trial[] = []

/** Null: all is well; else what is not, in words. Takes 0.5 to 0.9 s. */
export function selfTest(): string | null {
  for (let reflector = 0; reflector < REFLECTORS; reflector++) {
    clear()
    const trial = new Trial()
    for (let story = 0; story < STORIES; story++) {
      const problem = trial.tell(story < SPARSE)
      if (problem !== null) return `self-test, reflector ${reflector + 1}, story ${story + 1}: ${problem}`
    }
  }
  kept[0] = new Trial()
  clear()
  return null
}

/** Gives up what is not needed any more before more is needed, where V8 was started so that it can be told. */
function clear(): void {
  globalThis.gc?.()
}
