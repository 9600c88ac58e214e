import { describe, expect, it } from 'vitest'
import { evpn, writeEvpn } from '../../src/wire/nlri/evpn/evpn.ts'
import { nlriFamily } from '../../src/wire/nlri/table.ts'
import { octets, toHex } from './vectors.ts'

const RD = '0000fde900000064'
const NO_ESI = '00'.repeat(10)
const check = (hex: string) => evpn.check(octets(hex), 0, hex.length / 2)

/** An NLRI with its type and length before the body. */
function nlri(type: number, body: string): string {
  return Buffer.from([type, body.length / 2]).toString('hex') + body
}

const macIp = (tail: string) => nlri(2, `${RD}${NO_ESI}00000000${tail}`)
const ipPrefix = (esi: string, tail: string) => nlri(5, `${RD}${esi}00000000${tail}`)

describe('EVPN NLRI', () => {
  it.each([
    [
      { routeType: 1, rd: '65001:100', esi: '03:00:11:22:33:44:55:00:00:01', ethernetTag: 0xffffffff },
      '[1]:[4294967295]:[03:00:11:22:33:44:55:00:00:01]',
    ],
    [{ routeType: 2, rd: '65001:100', ethernetTag: 0, mac: '02:01:00:00:01:64', ip: null, vni1: 100 }, '[2]:[0]:[48]:[02:01:00:00:01:64]'],
    [
      { routeType: 2, rd: '65001:100', ethernetTag: 0, mac: '02:01:00:00:01:64', ip: '10.1.1.1', vni1: 100 },
      '[2]:[0]:[48]:[02:01:00:00:01:64]:[32]:[10.1.1.1]',
    ],
    [{ routeType: 3, rd: '65001:100', ethernetTag: 0, ip: '10.1.0.1' }, '[3]:[0]:[32]:[10.1.0.1]'],
    [
      { routeType: 4, rd: '65001:100', esi: '03:00:11:22:33:44:55:00:00:01', ip: '10.1.0.1' },
      '[4]:[03:00:11:22:33:44:55:00:00:01]:[32]:[10.1.0.1]',
    ],
    [{ routeType: 5, rd: '65001:100', ethernetTag: 0, ipPrefix: '10.9.0.0/24', vni1: 100 }, '[5]:[0]:[24]:[10.9.0.0]'],
    [
      { routeType: 6, rd: '65001:100', ethernetTag: 0, source: null, group: '239.1.1.1', originator: '10.1.0.1', flags: 4 },
      '[6]:[0]:[0]:[*]:[32]:[239.1.1.1]:[32]:[10.1.0.1]',
    ],
    [{ routeType: 9, rd: '65001:100', ethernetTag: 0, regionId: '0002fde900000001' }, '[9]:[0]:[0002fde900000001]'],
    [{ routeType: 11, routeKey: '0900', originator: '10.1.0.1' }, '[11]:[0900]:[32]:[10.1.0.1]'],
    [{ routeType: 200, opaque: 'cafe' }, '[200]:[cafe]'],
  ])('of %j is a line as operators know it', (fields, line) => {
    const out = new Uint8Array(100)
    const end = writeEvpn(fields, out, 0)
    const text = evpn.format(evpn.read(out, 0, end))
    expect(text).toBe('rd' in fields ? `65001:100 ${line}` : line)
  })

  it('writes the VNI in all 24 bits and the label in the upper 20 (RFC 8365 5.1.3)', () => {
    const out = new Uint8Array(100)
    const fields = { routeType: 1, rd: '65001:100', esi: '00:00:00:00:00:00:00:00:00:01', ethernetTag: 0 }
    expect(toHex(out.slice(24, writeEvpn({ ...fields, vni1: 10100 }, out, 0)))).toBe('002774')
    expect(toHex(out.slice(24, writeEvpn({ ...fields, label1: 16 }, out, 0)))).toBe('000100')
  })

  it('is measured only when it fits (RFC 7432 7)', () => {
    expect(evpn.sizeOf(octets('0302aabb'), 0, 4)).toBe(4)
    expect(evpn.sizeOf(octets('0302aabb'), 0, 3)).toBe(-1)
    expect(evpn.sizeOf(octets('03'), 0, 1)).toBe(-1)
    expect(evpn.sizeOf(octets('0302'), 2, 2)).toBe(-1)
  })

  it.each([
    ['a MAC length of 40', macIp('2802000000006400000064')],
    ['an IP length of 33', macIp('3002000000006421c0000201000064')],
    ['an IP length that its size does not hold', macIp('3002000000006420000064')],
    ['no label', macIp('3002000000006400')],
    ['half a label more', macIp('300200000000640000006400')],
  ])('of a MAC/IP route with %s cannot be used (RFC 7432 7.2)', (_what, hex) => {
    expect(check(hex)).toMatch(/^MAC\/IP route/)
  })

  it.each([
    ['a prefix length of 33', ipPrefix(NO_ESI, '210a0900000000000000000a')],
    ['a prefix length of 129', ipPrefix(NO_ESI, `81${'00'.repeat(32)}000064`)],
    ['an odd size', ipPrefix(NO_ESI, '180a09000000000000')],
    ['both an ESI and a gateway', ipPrefix('01'.repeat(10), '180a090000c000020100000a')],
  ])('of an IP Prefix route with %s cannot be used (RFC 9136 3.1)', (_what, hex) => {
    expect(check(hex)).toMatch(/^IP Prefix route/)
  })

  it.each([
    ['Ethernet A-D', nlri(1, `${RD}${NO_ESI}00000000`)],
    ['IMET', nlri(3, `${RD}0000000020c00002`)],
    ['IMET', nlri(3, `${RD}0000000080c0000201`)],
    ['Ethernet Segment', nlri(4, `${RD}${NO_ESI}80c0000201`)],
    ['Ethernet Segment', nlri(4, `${RD}${NO_ESI}20c0000201ff`)],
  ])('of an %s route of the wrong size cannot be used (RFC 7432 7)', (name, hex) => {
    expect(check(hex)).toContain(name)
  })

  const flow = (source: string, group: string, originator: string) => source + group + originator
  const ANY = '00'
  const V4 = '20c0000201'
  const V6 = `80${'20'.repeat(16)}`

  it.each([
    ['SMET route with a source length of 24', nlri(6, `${RD}00000000${flow('18c00002', V4, V4)}00`)],
    ['SMET route with a source of another version than its group', nlri(6, `${RD}00000000${flow(V4, V6, V4)}00`)],
    ['SMET route with a source and any group', nlri(6, `${RD}00000000${flow(V4, ANY, V4)}00`)],
    ['SMET route with no originator', nlri(6, `${RD}00000000${flow(ANY, V4, ANY)}00`)],
    ['SMET route without flags', nlri(6, `${RD}00000000${flow(ANY, V4, V4)}`)],
    ['SMET route with an octet too many', nlri(6, `${RD}00000000${flow(ANY, V4, V4)}0000`)],
    ['SMET route that ends in its group', nlri(6, `${RD}000000000020c0`)],
    ['SMET route that ends before its addresses', nlri(6, RD)],
    ['Membership Report Synch route without flags', nlri(7, `${RD}${NO_ESI}00000000${flow(ANY, V4, V4)}`)],
    ['Membership Report Synch route with a group length of 33', nlri(7, `${RD}${NO_ESI}00000000${flow(ANY, '21c0000201', V4)}00`)],
    ['Leave Synch route with a tail of 5 octets', nlri(8, `${RD}${NO_ESI}00000000${flow(ANY, V4, V4)}0000000000`)],
    ['Leave Synch route with an originator length of 0', nlri(8, `${RD}${NO_ESI}00000000${flow(ANY, V4, ANY)}000000000000`)],
    ['Per-Region I-PMSI route of 19 octets', nlri(9, `${RD}0000000000000000000000`)],
    ['S-PMSI route with an octet too many', nlri(10, `${RD}00000000${flow(ANY, V4, V4)}00`)],
    ['S-PMSI route with an originator length of 64', nlri(10, `${RD}00000000${flow(ANY, V4, '40c0000201c0000201')}`)],
    ['Leaf A-D route without octets', nlri(11, '')],
    ['Leaf A-D route whose route key runs over the end', nlri(11, '0311c0000201')],
    ['Leaf A-D route with an originator length of 128 and 4 octets', nlri(11, '090080c0000201')],
    ['Leaf A-D route without an originator', nlri(11, '090000')],
  ])('of a %s cannot be used (RFC 9251 9, RFC 9572 3)', (what, hex) => {
    expect(check(hex)).toContain(what.slice(0, what.indexOf(' route')))
  })

  it('of a Leave Synch route in the form of the draft, without Reserved, passes and is the same route (RFC 9251 9.3)', () => {
    const body = `${RD}${NO_ESI}00000000${flow(ANY, V4, V4)}`
    const [draft, full] = ['0a02', '000000000a02'].map((tail) => octets(nlri(8, body + tail)))
    const keys = [draft!, full!].map((bytes) => {
      const key = new Uint8Array(100)
      return toHex(key.slice(0, evpn.keyInto(bytes, 0, bytes.length, key, 0)))
    })
    expect(evpn.check(draft!, 0, draft!.length)).toBeNull()
    expect(evpn.read(draft!, 0, draft!.length)).toMatchObject({ maxResponseTime: 10, flags: 2 })
    expect(keys[0]).toBe(keys[1])
  })

  it('of a type that nobody knows passes whatever it holds (RFC 7606 5.4)', () => {
    expect(check('c800')).toBeNull()
    expect(check(`00ff${'00'.repeat(255)}`)).toBeNull()
  })

  it('is a family of the table; others are not ours', () => {
    expect(nlriFamily(25, 70)).toBe(evpn)
    expect(nlriFamily(1, 1)).toBeNull()
  })
})
