/** MACs that moved between domains too often, as the API shows them and as the log tells of them. */
import type { FrozenMacsAnswer } from '../api/schema.ts'
import type { FrozenMac } from '../federation/moves/frozen-macs.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Nva, NvaEvents } from './nva.ts'

/** `now` in ms on the speaker's clock. */
export function frozenMacs({ moves, settings }: Nva, now: number): FrozenMacsAnswer {
  const name = (side: string) => (side === '' ? settings.domain.name : side)
  const { macs: watched, forgotten } = moves.watching
  const { frozen, thawed, tooMany } = moves.counts
  return {
    macs: moves.all.map(({ vn, mac, keep, between, moves, since, until, refusals }) => ({
      vn,
      mac,
      keptAt: name(keep),
      between: between.map(name),
      moves,
      frozenSeconds: Math.max(0, Math.round(now / 1000 - since)),
      thawsInSeconds: until === null ? null : Math.max(0, Math.round(until - now / 1000)),
      refusals,
    })),
    watched,
    total: { frozen, thawed, forgotten, notFrozen: tooMany },
  }
}

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
