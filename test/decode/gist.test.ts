import { expect, test } from 'vitest'
import { gist } from '../../src/decode/gist.ts'
import { readMessage } from '../../src/wire/message.ts'
import { asPath, join, macIpNlri, message, mpReach, mpUnreach, ORIGIN_IGP, update } from '../wire/update-octets.ts'

const CONTEXT = { fourOctetAs: true, internal: true, extendedMessage: false }
const of = (octets: Uint8Array) => gist(readMessage(octets, CONTEXT).message)
const reach = (...routes: number[]) => mpReach([192, 0, 2, 9], join(...routes.map((n) => macIpNlri(n))))

test('an UPDATE is how many routes come and go', () => {
  expect(of(update([reach(1, 2), ORIGIN_IGP, asPath()]))).toBe('2 routes')
  expect(of(update([mpUnreach(macIpNlri(1))]))).toBe('1 withdrawn')
  expect(of(update([reach(1), mpUnreach(macIpNlri(2)), ORIGIN_IGP, asPath()]))).toBe('1 route, 1 withdrawn')
  expect(of(update([mpUnreach([])]))).toBe('End-of-RIB of L2VPN EVPN (25/70)')
})

test('a NOTIFICATION is what it says, a ROUTE-REFRESH its family, and a KEEPALIVE nothing', () => {
  expect(of(message(3, [6, 2, 3, 98, 121, 101]))).toBe('Cease/Administrative Shutdown (6/2): "bye"')
  expect(of(message(3, [4, 0]))).toBe('Hold Timer Expired (4/0)')
  expect(of(message(5, [0, 25, 0, 70]))).toBe('L2VPN EVPN (25/70)')
  expect(of(message(4, []))).toBe('')
  expect(gist(null)).toBe('')
})
