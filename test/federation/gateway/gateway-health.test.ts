import { expect, test } from 'vitest'
import { GatewayHealth } from '../../../src/federation/gateway/health.ts'

const A = '192.0.2.250'

test('a gateway with a session is up while that stands, one without is taken to be up, and the operator is stronger than both', () => {
  let session: boolean | null = null
  const health = new GatewayHealth(() => session)
  expect([health.isUp(A), health.reason(A)]).toEqual([true, 'unwatched'])
  session = false
  expect([health.isUp(A), health.reason(A)]).toEqual([false, 'session'])
  health.say(A, true)
  expect([health.isUp(A), health.reason(A)]).toEqual([true, 'operator'])
  health.say(A, null)
  expect(health.isUp(A)).toBe(false)
})

test('one that came by a listen range and is gone is down, until the operator says that its session counts no more', () => {
  let session: boolean | null = true
  const health = new GatewayHealth(() => session)
  expect(health.isUp(A)).toBe(true)
  session = null
  expect([health.isUp(A), health.reason(A)]).toEqual([false, 'session'])
  health.say(A, null)
  expect([health.isUp(A), health.reason(A)]).toEqual([true, 'unwatched'])
})
