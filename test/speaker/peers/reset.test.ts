/** What an operator may do with a session. */
import { expect, test } from 'vitest'
import { macIpNlri } from '../../wire/update-octets.ts'
import { peerSettings } from '../scripted.ts'
import { A, ASN, announce, B, heard, Stage } from '../stage.ts'

const NOTIFICATION = 3
const ROUTE_REFRESH = 5

function stage() {
  const stage = new Stage([peerSettings('a', A, ASN), peerSettings('b', B, ASN)])
  const a = stage.up(A, ASN, 11)
  const b = stage.up(B, ASN, 12, { refresh: true })
  a.say(announce(macIpNlri(1)))
  stage.world.pass(100)
  expect(heard(b).table.size).toBe(1)
  const peer = (name: string) => {
    const found = stage.speaker.peers.get(name)
    if (found === undefined) throw new Error(`no peer ${name}`)
    return found
  }
  return { stage, a, b, peer }
}

test('a session that is reset ends with Cease, Administrative Reset (RFC 4486 4), its routes go, and it may come again', () => {
  const { stage: on, a, b, peer } = stage()
  on.speaker.reset(peer('a'))
  on.world.pass(100)
  expect(a.take(NOTIFICATION).map((body) => [...body])).toEqual([[6, 4]])
  expect([a.closed, heard(b).table.size]).toEqual([true, 0])
  expect(on.speaker.rib.paths).toBe(0)
  // Not within the time in which others gather changes: 50 ms in FRR 8.4.
  expect(on.speaker.peers.get('a')?.state).toBe('Idle')
  on.world.pass(200)
  expect(on.speaker.peers.get('a')?.state).toBe('Active')
  on.up(A, ASN, 11).say(announce(macIpNlri(1)))
  on.world.pass(100)
  expect(heard(b).table.size).toBe(1)
})

test('a soft reset tells a peer all again and asks it for what it has (RFC 2918), and the session stands', () => {
  const { stage: on, b, peer } = stage()
  expect(on.speaker.refreshBoth(peer('b'))).toBe(true)
  on.world.pass(100)
  expect(heard(b).table.size).toBe(1)
  expect(on.speaker.refreshBoth(peer('b'))).toBe(true)
  on.world.pass(100)
  expect(b.take(ROUTE_REFRESH).map((body) => [...body])).toEqual([[0, 25, 0, 70]])
  expect(b.closed).toBe(false)
})

test('a soft reset of a peer that offers no route refresh, and of one that is not up, says so', () => {
  const { stage: on, a, peer } = stage()
  expect(on.speaker.refreshBoth(peer('a'))).toBe(false)
  a.handlers?.closed('gone')
  expect(on.speaker.refreshBoth(peer('a'))).toBe(null)
})
