/** Policy modules of the operator's own while they run: what the log and the API tell of them, and their end. */
import type { ModuleRow } from '../api/schema/modules.ts'
import { endModules, isLoaded, type LoadedModules } from '../config/policies/own-modules.ts'
import type { Logger } from '../telemetry/logger.ts'

/** One module has at most one line in this time; what is left out is counted in the next one. */
const LINE_EVERY_MS = 10_000
/** The old modules end only after this: routes are walked in slices, and some may still ask the old policies. */
const END_AFTER_MS = 60_000

/** `now`: milliseconds. */
export function logModules(log: Logger, modules: LoadedModules, now: () => number): void {
  for (const [name, one] of modules) {
    if (!isLoaded(one)) continue
    const { file } = one.module.settings
    const failed = seldom(now, (why, notTold) => log.warn({ module: name, file, why, notTold }, 'policy module failed'))
    let off = false
    one.module.onFailure = (module, why) => {
      if (module.off && !off) log.error({ module: name, file, why }, 'policy module switched off')
      else failed(why)
      off = module.off
    }
    const said = seldom(now, (text, notTold) => log.info({ module: name, said: text, notTold }, 'policy module said'))
    one.thread.onSaid = said
  }
}

/** Ends what `modules` has and `others` does not, when nobody asks it any more. */
export function retireModules(modules: LoadedModules, others: LoadedModules): void {
  setTimeout(() => endModules(modules, others), END_AFTER_MS).unref()
}

export function moduleRows(modules: LoadedModules): ModuleRow[] {
  return [...modules.values()].filter(isLoaded).map(({ module }) => {
    const { settings, nature, off, calls, errors, overruns, spared, lastFailure } = module
    const { name, file, onError, budgetMs } = settings
    return { name, file, ...nature, onError, budgetMs, state: off ? 'off' : 'running', calls, errors, overruns, spared, lastFailure }
  })
}

/** Hands on one text in `LINE_EVERY_MS`, with how many were not. */
function seldom(now: () => number, tell: (text: string, notTold: number) => void): (text: string) => void {
  let next = Number.NEGATIVE_INFINITY
  let notTold = 0
  return (text) => {
    if (now() < next) {
      notTold++
      return
    }
    next = now() + LINE_EVERY_MS
    tell(text, notTold)
    notTold = 0
  }
}
