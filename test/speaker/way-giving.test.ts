import { expect, test } from 'vitest'
import { ADDRESS, TwoDomains } from '../sim/two-domains.ts'

test('what another domain sends gives way to what local NVEs send, and that of NVEs to nobody', () => {
  const world = new TwoDomains(1).startAll()
  world.until(() => world.allUp)
  const { ams, fra } = ADDRESS
  expect([...world.region.wayGiving].sort()).toEqual([`${ams} to ${fra}`, `${fra} to ${ams}`])
})
