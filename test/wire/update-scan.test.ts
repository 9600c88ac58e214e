import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UpdateScan } from '../../src/wire/update-scan.ts'
import { bent } from '../laws/values.ts'
import {
  attribute,
  extCommunities,
  join,
  LOCAL_PREF_100,
  macIpNlri,
  message,
  mpReach,
  mpUnreach,
  ORIGIN_IGP,
  u16Octets,
  update,
} from './update-octets.ts'

function scanned(bytes: Uint8Array) {
  const scan = new UpdateScan()
  return { scan, fault: scan.scan(bytes, 0, bytes.length) }
}

const session = (subcode: number) => ({ reach: 'session', code: 3, subcode })
const NEXT_HOP = [192, 0, 2, 1]

describe('UpdateScan', () => {
  test('finds every part, wherever the message stands in the buffer', () => {
    const bytes = update([mpReach(NEXT_HOP, macIpNlri(1)), ORIGIN_IGP, mpUnreach(macIpNlri(2)), LOCAL_PREF_100], [24, 10, 0, 0], [8, 10])
    const at = 7
    const scan = new UpdateScan()
    const buffer = join(Array(at).fill(9), bytes, Array(20).fill(9))
    expect(scan.scan(buffer, at, at + bytes.length)).toBeNull()
    const part = (from: number, to: number) => buffer.slice(from, to)
    expect(part(scan.withdrawnFrom, scan.withdrawnTo)).toEqual(Uint8Array.of(24, 10, 0, 0))
    expect(part(scan.nlriFrom, scan.nlriTo)).toEqual(Uint8Array.of(8, 10))
    expect([scan.reachAfi, scan.reachSafi, scan.unreachAfi, scan.unreachSafi]).toEqual([25, 70, 25, 70])
    expect(part(scan.nextHopAt, scan.nextHopAt + scan.nextHopLength)).toEqual(Uint8Array.from(NEXT_HOP))
    expect(part(scan.reachFrom, scan.reachTo)).toEqual(macIpNlri(1))
    expect(part(scan.unreachFrom, scan.unreachTo)).toEqual(macIpNlri(2))
    expect([...scan.code.slice(0, scan.count)]).toEqual([14, 1, 15, 5])
    expect(scan.endOfRib).toBe(false)
  })

  test('keeps the first of duplicate attributes and counts the others (RFC 7606 3 g)', () => {
    const { scan, fault } = scanned(update([ORIGIN_IGP, attribute(0x40, 1, [2]), LOCAL_PREF_100, attribute(0x40, 1, [1])]))
    expect(fault).toBeNull()
    expect([scan.count, scan.duplicates]).toEqual([2, 2])
    expect(scan.valueAt[scan.find(1)]).toBe(19 + 4 + 3)
  })

  test.each([
    ['MP_REACH_NLRI', mpReach(NEXT_HOP, macIpNlri(1))],
    ['MP_UNREACH_NLRI', mpUnreach(macIpNlri(1))],
  ])('ends the session over a second %s: Malformed Attribute List (RFC 7606 3 g)', (_name, octets) => {
    expect(scanned(update([octets, octets])).fault).toMatchObject(session(1))
  })

  test('sees duplicates after any number of messages', () => {
    const scan = new UpdateScan()
    const bytes = update([ORIGIN_IGP, ORIGIN_IGP])
    // What 2^31 messages would do, done at once.
    Object.assign(scan, { round: 2 ** 31 - 3 })
    for (let i = 0; i < 6; i++) {
      scan.scan(bytes, 0, bytes.length)
      expect([scan.count, scan.duplicates]).toEqual([1, 1])
    }
    Object.assign(scan, { round: -3 })
    for (let i = 0; i < 6; i++) {
      scan.scan(bytes, 0, bytes.length)
      expect([scan.count, scan.duplicates]).toEqual([1, 1])
    }
    const other = update([LOCAL_PREF_100])
    scan.scan(other, 0, other.length)
    expect([scan.count, scan.duplicates]).toEqual([1, 0])
  })

  test('ends the session when withdrawn routes or attributes overrun the message (RFC 4271 6.3)', () => {
    const withdrawn = message(2, join(u16Octets(3), [0, 0], [0, 0]))
    expect(scanned(withdrawn).fault).toMatchObject(session(1))
    const attributes = message(2, join(u16Octets(0), u16Octets(5), ORIGIN_IGP))
    expect(scanned(attributes).fault).toMatchObject(session(1))
  })

  describe('an attribute that overruns the others (RFC 7606 4)', () => {
    const overrun = attribute(0x40, 5, [0, 0, 0, 1]).slice(0, 5)

    test('withdraws the routes that were found before it', () => {
      const { scan, fault } = scanned(update([mpReach(NEXT_HOP, macIpNlri(1)), ORIGIN_IGP, overrun]))
      expect(fault).toMatchObject({ reach: 'route', attribute: 5 })
      expect(scan.reachTo - scan.reachFrom).toBe(macIpNlri(1).length)
    })

    test('withdraws when a header is cut short', () => {
      for (const rest of [[0x40], [0x40, 5], [0x50, 5, 0]]) {
        expect(scanned(update([mpReach(NEXT_HOP, macIpNlri(1)), Uint8Array.from(rest)])).fault).toMatchObject({ reach: 'route' })
      }
    })

    test('ends the session when no routes were found: there is nothing to withdraw', () => {
      expect(scanned(update([ORIGIN_IGP, overrun])).fault).toMatchObject(session(1))
      expect(scanned(update([ORIGIN_IGP, overrun, mpReach(NEXT_HOP, macIpNlri(1))])).fault).toMatchObject(session(1))
    })
  })

  test('ends the session over an MP_REACH_NLRI too short for its next hop, the attribute as data (RFC 4271 6.3)', () => {
    const short = attribute(0x80, 14, [0, 25, 70, 16, 1, 2, 3, 4, 0])
    const { fault } = scanned(update([short]))
    expect(fault).toMatchObject({ ...session(5), data: short })
    const long = attribute(0x90, 14, [0, 25, 70, 4, 1, 2, 3, 4])
    expect(scanned(update([long])).fault).toMatchObject({ ...session(5), data: long })
    expect(scanned(update([attribute(0x80, 14)])).fault).toMatchObject(session(5))
  })

  test('ends the session over an MP_UNREACH_NLRI too short for its family', () => {
    const short = attribute(0x80, 15, [0, 25])
    expect(scanned(update([short])).fault).toMatchObject({ ...session(5), data: short })
  })

  test('knows both forms of End-of-RIB (RFC 4724 2)', () => {
    expect(scanned(update([])).scan.endOfRib).toBe(true)
    expect(scanned(update([mpUnreach([])])).scan.endOfRib).toBe(true)
    expect(scanned(update([mpUnreach([]), ORIGIN_IGP])).scan.endOfRib).toBe(false)
    expect(scanned(update([mpUnreach(macIpNlri(1))])).scan.endOfRib).toBe(false)
    expect(scanned(update([mpUnreach([])], [8, 10])).scan.endOfRib).toBe(false)
  })

  test('forgets the last message', () => {
    const scan = new UpdateScan()
    const first = update([mpReach(NEXT_HOP, macIpNlri(1)), mpUnreach(macIpNlri(2))])
    scan.scan(first, 0, first.length)
    const second = update([ORIGIN_IGP])
    expect(scan.scan(second, 0, second.length)).toBeNull()
    expect([scan.reachAfi, scan.unreachAfi, scan.count, scan.find(14)]).toEqual([0, 0, 1, -1])
  })

  test('whatever the octets, it never throws and never points outside the message', () => {
    const whole = update(
      [mpReach(NEXT_HOP, macIpNlri(1)), ORIGIN_IGP, extCommunities('0002fde900002774'), mpUnreach(macIpNlri(2))],
      [8, 10],
    )
    fc.assert(
      fc.property(bent(whole), (bytes) => {
        if (bytes.length < 23) return
        const { scan, fault } = scanned(bytes)
        const ends = [scan.withdrawnTo, scan.attributesTo, ...(scan.reachAfi ? [scan.reachTo, scan.nextHopAt + scan.nextHopLength] : [])]
        if (fault?.reach === 'session') return
        for (const end of ends) expect(end).toBeLessThanOrEqual(bytes.length)
        for (let i = 0; i < scan.count; i++) expect(scan.valueAt[i]! + scan.valueLength[i]!).toBeLessThanOrEqual(bytes.length)
        if (scan.reachAfi) expect(scan.reachFrom).toBeLessThanOrEqual(scan.reachTo)
        if (scan.unreachAfi) expect(scan.unreachFrom).toBeLessThanOrEqual(scan.unreachTo)
      }),
      { numRuns: 1000 },
    )
  })
})
