import { describe, expect, test } from 'vitest'
import { readAttributes } from '../advertise/receiver.ts'
import {
  asPath,
  attribute,
  join,
  LOCAL_PREF_100,
  macIpNlri,
  mpReach,
  mpUnreach,
  ORIGIN_IGP,
  u16Octets,
  u32Octets,
  update,
} from '../wire/update-octets.ts'
import { peerSettings, refreshRequest } from './scripted.ts'
import { A, ASN, announce, B, heard, NEXT_HOP, Stage } from './stage.ts'

describe('Speaker', () => {
  test('reflects from client to client and ends the first walk with End-of-RIB (RFC 4456, RFC 4724)', () => {
    const stage = new Stage([peerSettings('a', A, ASN), peerSettings('b', B, ASN)])
    const a = stage.up(A, ASN, 11)
    a.say(announce(macIpNlri(1)))
    stage.world.pass(1)
    const b = stage.up(B, ASN, 12)
    const told = heard(b)
    expect([told.table.size, told.ends]).toEqual([1, 1])
    expect([...told.table.values()][0]).toContain('128/9:0000000b 128/10:c0000201')
    expect(heard(a).table.size).toBe(0)
  })

  test('a route is as old as its coming, also when it comes with what brings the session up, or is made here, after a quiet hour', () => {
    const stage = new Stage([peerSettings('a', A, ASN)])
    const { rib } = stage.speaker
    stage.world.pass(3_600_000)
    const a = stage.connect(A)
    a.greet(ASN, 11)
    a.say(announce(macIpNlri(1)))
    stage.world.pass(3_600_000)
    stage.speaker.own.originate(Uint8Array.from(NEXT_HOP), join(ORIGIN_IGP, asPath()), macIpNlri(2))
    const since = [0, 1].map((dest) => rib.rows.since[rib.firstRow(dest)])
    expect(since).toEqual([3600, 7200])
  })

  test('answers a route refresh with everything again (RFC 2918)', () => {
    const stage = new Stage([peerSettings('a', A, ASN), peerSettings('b', B, ASN)])
    const a = stage.up(A, ASN, 11)
    const b = stage.up(B, ASN, 12, { refresh: true })
    a.say(announce(join(macIpNlri(1), macIpNlri(2))))
    stage.world.pass(1)
    heard(b)
    b.say(refreshRequest())
    stage.world.pass(1)
    expect(heard(b).table.size).toBe(2)
  })

  test('a session that comes back again and again costs no id, no set and no destination', () => {
    const stage = new Stage([peerSettings('a', A, ASN), peerSettings('b', B, ASN)])
    const b = stage.up(B, ASN, 12)
    const routes = Array.from({ length: 20 }, (_, i) => announce(macIpNlri(i)))
    for (let round = 0; round < 50; round++) {
      const a = stage.up(A, ASN, 11)
      a.say(...routes, update([mpReach(NEXT_HOP, macIpNlri(99)), ORIGIN_IGP, asPath(), attribute(0x40, 5, u32Octets(round))]))
      stage.world.pass(1)
      expect(heard(b).table.size, `round ${round}`).toBe(21)
      a.handlers?.closed('gone')
      stage.world.pass(2000)
      expect(heard(b).table.size).toBe(0)
      expect(stage.held).toBe(0)
    }
    expect(stage.speaker.sources.attachments.length).toBeLessThanOrEqual(4)
  })

  test('a session that comes back before its old routes are gone hears nothing wrong', () => {
    const stage = new Stage([peerSettings('a', A, ASN), peerSettings('b', B, ASN)])
    const b = stage.up(B, ASN, 12)
    const first = stage.up(A, ASN, 11)
    first.say(announce(join(macIpNlri(1), macIpNlri(2))))
    first.handlers?.closed('gone')
    const again = stage.connect(A)
    again.greet(ASN, 11)
    again.say(announce(macIpNlri(2)))
    stage.world.pass(2000)
    expect(heard(b).table.size).toBe(1)
    expect(stage.speaker.rib.paths).toBe(1)
    expect(heard(again).table.size).toBe(0)
  })

  test('bad octets end that session alone, with the NOTIFICATION for them (RFC 4271 6.3)', () => {
    const stage = new Stage([peerSettings('a', A, ASN), peerSettings('b', B, ASN)])
    const a = stage.up(A, ASN, 11)
    const b = stage.up(B, ASN, 12)
    a.say(announce(macIpNlri(1)))
    b.say(announce(macIpNlri(2)))
    stage.world.pass(1)
    heard(b)
    a.say(update([mpReach(NEXT_HOP, macIpNlri(3).slice(0, 20)), ORIGIN_IGP, asPath(), LOCAL_PREF_100]))
    stage.world.pass(1)
    expect(a.take(3).map((body) => [...body.slice(0, 2)])).toEqual([[3, 9]])
    expect([a.closed, b.closed, stage.speaker.rib.paths]).toEqual([true, false, 1])
    expect(b.take(2)).toHaveLength(1)
  })

  describe('with a peer that knows AS numbers of 2 octets only (RFC 6793)', () => {
    const OLD = 65011
    const WIDE = 4_200_000_001
    const stage = () => new Stage([peerSettings('old', A, OLD), peerSettings('new', B, WIDE)], 4_200_000_000)

    test('its path reaches others with 4 octets', () => {
      const both = stage()
      const old = both.up(A, OLD, 11, { fourOctetAs: false })
      const other = both.up(B, WIDE, 12)
      const narrow = attribute(0x40, 2, [2, 2, ...u16Octets(OLD), ...u16Octets(23456)])
      const twin = attribute(0xc0, 17, [2, 1, ...u32Octets(4_200_000_077)])
      old.say(update([mpReach(NEXT_HOP, macIpNlri(1)), ORIGIN_IGP, narrow, twin]))
      both.world.pass(1)
      const [body] = other.take(2).filter((one) => one.length > 20)
      const path = readAttributes(body!.slice(4)).find(({ code }) => code === 2)
      expect([...path!.value]).toEqual([2, 3, ...u32Octets(4_200_000_000), ...u32Octets(OLD), ...u32Octets(4_200_000_077)])
    })

    test('it hears 2 octets with AS4_PATH beside them', () => {
      const both = stage()
      const old = both.up(A, OLD, 11, { fourOctetAs: false })
      const other = both.up(B, WIDE, 12)
      other.say(update([mpReach(NEXT_HOP, macIpNlri(1)), ORIGIN_IGP, asPath(WIDE)]))
      both.world.pass(1)
      const [body] = old.take(2).filter((one) => one.length > 20)
      const found = readAttributes(body!.slice(4))
      expect([...found.find(({ code }) => code === 2)!.value]).toEqual([2, 2, ...u16Octets(23456), ...u16Octets(23456)])
      expect([...found.find(({ code }) => code === 17)!.value]).toEqual([2, 2, ...u32Octets(4_200_000_000), ...u32Octets(WIDE)])
    })
  })

  test('a withdrawal of what nobody announced is nothing', () => {
    const stage = new Stage([peerSettings('a', A, ASN)])
    const a = stage.up(A, ASN, 11)
    a.say(update([mpUnreach(join(macIpNlri(1), macIpNlri(2)))]))
    stage.world.pass(1)
    expect(stage.held).toBe(0)
  })

  test('a peer of a domain to which there is no boundary is a mistake of ours: nothing may cross unchecked', () => {
    expect(() => new Stage([peerSettings('nva-b', A, 65001, { role: 'nva', domain: 'b' })])).toThrow('domain b')
  })
})
