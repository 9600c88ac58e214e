import { expect, test } from 'vitest'
import { ConnectionLog } from '../../src/telemetry/connection-log.ts'
import { createLogger } from '../../src/telemetry/logger.ts'

const LEAF = { peer: 'leaf1', address: '192.0.2.11', asn: 65001 }

async function stage() {
  const lines: Record<string, unknown>[] = []
  const stream = { write: (line: string) => void lines.push(JSON.parse(line)) }
  const logger = await createLogger({ name: 'ams-1', level: 'info' }, { stream, pretty: false, colour: false })
  const clock = { ms: 0 }
  const take = () =>
    lines.splice(0).map(({ remote, peer, why, notTold }) => ({ ...(remote ? { remote } : { peer }), why, ...(notTold ? { notTold } : {}) }))
  return { log: new ConnectionLog(logger, () => clock.ms), clock, take }
}

test('an attempt that fails as before is told once, one that fails otherwise again, and all of it anew after the session was up', async () => {
  const { log, take } = await stage()
  for (let i = 0; i < 5; i++) {
    log.failed(LEAF, 'Bad Peer AS', false)
    log.failed(LEAF, 'closed by the peer', false)
  }
  expect(take()).toEqual([
    { peer: 'leaf1', why: 'Bad Peer AS' },
    { peer: 'leaf1', why: 'closed by the peer' },
  ])
  log.up('leaf1')
  log.failed(LEAF, 'closed by the peer', false)
  expect(take()).toEqual([{ peer: 'leaf1', why: 'closed by the peer' }])
})

test('nobody answering is no news, and makes nothing else news', async () => {
  const { log, take } = await stage()
  log.failed(LEAF, 'Bad Peer AS', false)
  take()
  log.failed(LEAF, 'connection refused', true)
  log.failed(LEAF, 'Bad Peer AS', false)
  expect(take()).toEqual([])
})

test('an address that is refused again and again is told once an hour, and how many lines were left out', async () => {
  const { log, clock, take } = await stage()
  for (let i = 0; i < 300; i++) log.refuse('192.0.2.99', 'no peer')
  expect(take()).toEqual([{ remote: '192.0.2.99', why: 'no peer' }])
  log.refuse('192.0.2.99', 'its listen range is full')
  expect(take()).toEqual([{ remote: '192.0.2.99', why: 'its listen range is full', notTold: 299 }])
  clock.ms = 3_600_000
  log.refuse('192.0.2.99', 'its listen range is full')
  expect(take()).toEqual([{ remote: '192.0.2.99', why: 'its listen range is full' }])
  expect(log.refused).toBe(302)
})

test('of a scan from many addresses ten a minute are told', async () => {
  const { log, clock, take } = await stage()
  for (let i = 0; i < 30_000; i++) log.refuse(`2001:db8::${i.toString(16)}`, 'no peer')
  expect(take()).toHaveLength(10)
  clock.ms = 60_000
  log.refuse('192.0.2.1', 'no peer')
  expect(take()).toEqual([{ remote: '192.0.2.1', why: 'no peer', notTold: 29_990 }])
})
