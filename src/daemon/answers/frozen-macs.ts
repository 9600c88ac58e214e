import type { FrozenMacsAnswer } from '../../api/schema/frozen.ts'
import type { Nva } from '../nva.ts'

/** MACs that moved between domains too often. `now` in ms on the speaker's clock. */
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
