import type { FrozenMac } from '../federation/moves/frozen-macs.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { NvaEvents } from './nva.ts'

const BY = { time: 'its time is over', operator: 'an operator said so', settings: 'other settings hold' } as const

/** The log of what is frozen and thawed. `domain`: the name of the own one. */
export function logFrozenMacs(log: Logger, domain: string): Pick<NvaEvents, 'frozen' | 'thawed'> {
  const name = (side: string) => (side === '' ? domain : side)
  const fields = ({ vn, mac, keep, between, moves }: FrozenMac) => ({ vn, mac, keptAt: name(keep), between: between.map(name), moves })
  return {
    frozen: (mac) => log.warn(fields(mac), 'MAC frozen: it moved between domains too often (RFC 7432 15.1)'),
    thawed: (mac, by) => log.info({ ...fields(mac), refusals: mac.refusals, why: BY[by] }, 'MAC thawed'),
  }
}
