/** The log of limits on what other domains send and are told: when one is exceeded, what is being done about it, and when all is well again. */
import type { Breaker, BreakerState } from '../federation/limits/breaker.ts'
import type { World } from '../speaker/world.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { NvaEvents } from './nva.ts'

/** Of one limit there is a line at most that often: one at the edge of its rate opens and closes many times a second. */
const LINE_EVERY_MS = 10_000

interface Told {
  state: BreakerState
  /** In ms; what changes before is told then. */
  next: number
  due: boolean
}

export function logLimits(log: Logger, { now, after }: Pick<World, 'now' | 'after'>): Pick<NvaEvents, 'limit'> {
  const told = new WeakMap<Breaker, Told>()

  const tell = (domain: string, breaker: Breaker, last: Told): void => {
    const { name, way, state, settings, used, held, excess, shed } = breaker
    if (state === last.state) return
    last.state = state
    last.next = now() + LINE_EVERY_MS
    const fields = { domain, limit: name, way, state, routes: used, most: settings.routes, changesPerSecond: settings.changesPerSecond }
    if (state === 'well') log.info({ ...fields, excess, shed }, 'limit well again')
    else log.warn({ ...fields, waiting: held, excess, shed }, 'limit exceeded')
  }

  return {
    limit(domain, breaker) {
      const last = told.get(breaker) ?? { state: 'well', next: Number.NEGATIVE_INFINITY, due: false }
      told.set(breaker, last)
      if (last.due) return
      if (now() >= last.next) return tell(domain, breaker, last)
      last.due = true
      after(last.next - now(), () => {
        last.due = false
        tell(domain, breaker, last)
      })
    },
  }
}
