import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readVpnUnicast, writeVpnUnicast } from '../../src/wire/nlri/vpn-unicast.ts'
import { bent, ipv4 } from '../laws/values.ts'
import { octets, toHex } from './vectors.ts'

const RD = '0000fde800000064'
const read = (hex: string, addPath = false) => readVpnUnicast(octets(hex), 0, hex.length / 2, 4, addPath)

describe('VPN-IPv4 NLRI (RFC 4364 4.3.4, RFC 8277 2)', () => {
  it.each([
    ['one label', `70000101${RD}0a0101`, { labels: [16], rdType: 0, rd: '65000:100', prefix: '10.1.1.0/24' }],
    ['two labels', `88000100000111${RD}0a0101`, { labels: [16, 17], rdType: 0, rd: '65000:100', prefix: '10.1.1.0/24' }],
    ['a withdrawn label', `70800000${RD}0a0101`, { labels: [524288], rdType: 0, rd: '65000:100', prefix: '10.1.1.0/24' }],
    ['the default prefix', `58000101${RD}`, { labels: [16], rdType: 0, rd: '65000:100', prefix: '0.0.0.0/0' }],
  ])('with %s is read and comes back', (_what, hex, view) => {
    expect(read(hex)).toEqual([view])
    const out = new Uint8Array(100)
    expect(toHex(out.slice(0, writeVpnUnicast([view], out, 0)))).toBe(hex)
  })

  it.each([
    ['runs over the end', `70000101${RD}0a01`],
    ['has labels that do not end', `30000100000110`],
    ['has no room for its RD', `20000101000000`],
    ['has a prefix of 33 bits', `79000101${RD}0a01010101`],
    ['is nothing but a path identifier', '00000001', true],
  ])('that %s ends the list (RFC 7606 5.3)', (_what, hex, addPath = false) => {
    expect(typeof read(hex, addPath)).toBe('string')
  })

  it('answers any octets with routes or a reason, and routes come back', () => {
    const route = fc.tuple(fc.array(fc.integer({ min: 1, max: 0xffff }), { minLength: 1, maxLength: 4 }), ipv4).map(([labels, address]) => {
      const view = { labels, rdType: 0, rd: '65000:100', prefix: `${address}/32` }
      const out = new Uint8Array(100)
      return out.slice(0, writeVpnUnicast([view], out, 0))
    })
    fc.assert(
      fc.property(fc.oneof(route, route.chain(bent), fc.uint8Array({ maxLength: 40 })), fc.boolean(), (bytes, addPath) => {
        const views = readVpnUnicast(bytes, 0, bytes.length, 4, addPath)
        if (typeof views === 'string') return
        const out = new Uint8Array(400)
        expect(readVpnUnicast(out, 0, writeVpnUnicast(views, out, 0), 4, addPath)).toEqual(views)
      }),
    )
  })
})
