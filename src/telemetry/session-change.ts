import type { Logger } from 'pino'
import type { StateName } from '../session/door.ts'

/** A peer went from one state of RFC 4271 §8.2.2 to another. */
export interface SessionChange {
  readonly peer: string
  readonly address: string
  readonly asn: number
  readonly from: StateName
  readonly to: StateName
  /** Why it ended, or null. */
  readonly why: string | null
}

/** Up and down are news (`info`, `warn`); the steps between are for somebody who looks for a fault (`debug`). */
export function logSessionChange(logger: Logger, change: SessionChange): void {
  if (change.from === change.to) return
  const { why, ...fields } = change
  if (change.to === 'Established') logger.info(fields, 'session up')
  else if (change.from === 'Established') logger.warn({ ...fields, why }, 'session down')
  else logger.debug(why === null ? fields : { ...fields, why }, 'session state')
}
