import { expect, test } from 'vitest'
import { frozenMacsAnswer } from '../../../src/api/schema/frozen.ts'
import { federationView } from '../../../src/daemon/answers/federation-view.ts'
import { frozenMacs } from '../../../src/daemon/answers/frozen-macs.ts'
import { logFrozenMacs } from '../../../src/daemon/frozen-mac-log.ts'
import type { Logger } from '../../../src/telemetry/logger.ts'
import { TwoDomains } from '../../sim/two-domains.ts'

const M = '02:00:00:00:01:01'

test('the API and the log tell of a frozen MAC where it is kept, between whom it moved, when it thaws, and why it was thawed', () => {
  const world = new TwoDomains(1, { macMoves: { ams: '{ moves: 2, freeze: 60, keep: last }', fra: '{ moves: 0 }' } }).startAll()
  world.until(() => world.allUp)
  const nva = world.nva('ams')
  const lines: unknown[] = []
  const write =
    (level: string) =>
    (...line: unknown[]): void =>
      void lines.push([level, ...line])
  const { frozen, thawed } = logFrozenMacs({ warn: write('warn'), info: write('info') } as unknown as Logger, 'ams')
  nva.moves.onFrozen = frozen
  nva.moves.onThawed = thawed
  for (const edge of ['a1', 'b1', 'a1'] as const) {
    world.attach(edge, 'web', M)
    world.run(2_000)
  }
  const what = { vn: 'web', mac: M, keptAt: 'fra', between: ['fra', 'ams'], moves: 2 }
  expect(lines).toEqual([['warn', what, 'MAC frozen: it moved between domains too often (RFC 7432 15.1)']])
  const shown = frozenMacsAnswer.parse(frozenMacs(nva, world.region.now))
  expect(shown).toEqual({
    macs: [{ ...what, frozenSeconds: 2, thawsInSeconds: 58, refusals: 1 }],
    watched: 0,
    total: { frozen: 1, thawed: 0, forgotten: 0, notFrozen: 0 },
  })
  const view = federationView(
    nva,
    world.region.now,
    () => 0,
    () => ({}),
  )
  expect(view.domains.map(({ frozenMacs: count }) => count)).toEqual([1])
  world.run(60_000)
  expect(lines.at(-1)).toEqual(['info', { ...what, refusals: 1, why: 'its time is over' }, 'MAC thawed'])
  expect(frozenMacs(nva, world.region.now)).toMatchObject({ macs: [], total: { frozen: 1, thawed: 1 } })
})
