import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evpn, writeEvpn } from '../../src/wire/nlri/evpn/evpn.ts'
import { EVPN_ROUTE_TYPES } from '../../src/wire/nlri/evpn/table.ts'
import type { NlriView } from '../../src/wire/nlri/family.ts'
import { EVPN_VALUES, evpnViews } from './evpn-values.ts'
import { bent, esi, u8, u24 } from './values.ts'

function written(view: NlriView): Uint8Array {
  const out = new Uint8Array(300)
  return out.slice(0, writeEvpn(view, out, 0))
}

function key(nlri: Uint8Array): Uint8Array {
  const out = new Uint8Array(300)
  return out.slice(0, evpn.keyInto(nlri, 0, nlri.length, out, 0))
}

function rest(nlri: Uint8Array): Uint8Array {
  const out = new Uint8Array(300)
  return out.slice(0, evpn.restInto(nlri, 0, nlri.length, out, 0))
}

function joined(keyOctets: Uint8Array, restOctets: Uint8Array): Uint8Array {
  const out = new Uint8Array(600)
  return out.slice(5, evpn.join(keyOctets, 0, keyOctets.length, restOctets, 0, restOctets.length, out, 5))
}

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const bodies = fc
  .tuple(fc.oneof(fc.integer({ min: 0, max: 12 }), u8), fc.uint8Array({ maxLength: 255 }))
  .map(([type, body]) => Uint8Array.of(type, body.length, ...body))

describe('every EVPN route type', () => {
  it('has values to try', () => {
    for (const { type, name } of EVPN_ROUTE_TYPES) expect(EVPN_VALUES[type], `add values of ${name} to evpn-values.ts`).toBeDefined()
  })

  it('reads what it writes', () => {
    fc.assert(
      fc.property(evpnViews, (view) => {
        const nlri = written(view)
        expect(evpn.sizeOf(nlri, 0, nlri.length)).toBe(nlri.length)
        expect(evpn.check(nlri, 0, nlri.length)).toBeNull()
        expect(evpn.read(nlri, 0, nlri.length)).toEqual(view)
        expect(evpn.format(view)).toContain(`[${view.routeType}]`)
      }),
    )
  })

  it('is its key and its rest joined', () => {
    fc.assert(
      fc.property(fc.oneof(evpnViews.map(written), bodies), (nlri) => {
        expect(joined(key(nlri), rest(nlri))).toEqual(nlri)
      }),
    )
  })

  it('is withdrawn by an NLRI with the same key', () => {
    fc.assert(
      fc.property(evpnViews.map(written), (nlri) => {
        const keyOctets = key(nlri)
        const out = new Uint8Array(600)
        const end = evpn.joinWithdrawn(keyOctets, 0, keyOctets.length, out, 3)
        const withdrawal = out.slice(3, end)
        expect(evpn.sizeOf(withdrawal, 0, withdrawal.length)).toBe(withdrawal.length)
        expect(evpn.check(withdrawal, 0, withdrawal.length)).toBeNull()
        expect(key(withdrawal)).toEqual(keyOctets)
      }),
    )
  })

  it('answers bent octets with a reason or a view, and always has a key', () => {
    fc.assert(
      fc.property(fc.oneof(evpnViews.map(written).chain(bent), bodies), (bytes) => {
        const size = evpn.sizeOf(bytes, 0, bytes.length)
        expect(size).toBeLessThanOrEqual(bytes.length)
        if (size < 0) return
        const nlri = bytes.slice(0, size)
        expect([null, 'string']).toContain(evpn.check(nlri, 0, size) === null ? null : 'string')
        expect(typeof evpn.format(evpn.read(nlri, 0, size))).toBe('string')
        expect(joined(key(nlri), rest(nlri))).toEqual(nlri)
        const keyOctets = key(nlri)
        expect(evpn.joinWithdrawn(keyOctets, 0, keyOctets.length, new Uint8Array(600), 0)).toBeLessThanOrEqual(keyOctets.length + 50)
      }),
    )
  })
})

describe('the key of a route', () => {
  const changed = (type: number, change: fc.Arbitrary<object>) => fc.tuple(EVPN_VALUES[type]!, change)

  it('leaves out ESI and labels of a MAC/IP route (RFC 7432 7.2)', () => {
    const change = fc.record({ esi, vni1: u24, label1: fc.constant(0), ...{ vni2: u24 } })
    fc.assert(
      fc.property(changed(2, change), ([view, other]) => {
        expect(key(written({ ...view, ...other }))).toEqual(key(written(view)))
      }),
    )
  })

  it('leaves out ESI, gateway and label of an IP Prefix route (RFC 9136 3.1)', () => {
    fc.assert(
      fc.property(changed(5, fc.record({ esi, vni1: u24 })), ([view, other]) => {
        const gatewayIp = String(view.ipPrefix).includes(':') ? '2001:db8::9' : '192.0.2.9'
        expect(key(written({ ...view, ...other, gatewayIp }))).toEqual(key(written(view)))
      }),
    )
  })

  it('leaves out the label of an Ethernet A-D route, but not its ESI (RFC 7432 7.1)', () => {
    fc.assert(
      fc.property(changed(1, fc.record({ vni1: u24 })), esi, ([view, other], segment) => {
        expect(key(written({ ...view, ...other }))).toEqual(key(written(view)))
        fc.pre(segment !== view.esi)
        expect(hexOf(key(written({ ...view, esi: segment })))).not.toBe(hexOf(key(written(view))))
      }),
    )
  })

  it('leaves out flags, response time and reserved octets of multicast routes, and nothing else of them (RFC 9251 9.1, 9.2, 9.3)', () => {
    const change = fc.record({ flags: u8, maxResponseTime: u8, reserved: fc.constant('a1b2c3d4') })
    for (const type of [6, 7, 8]) {
      fc.assert(
        fc.property(changed(type, change), ([view, other]) => {
          const own = hexOf(key(written(view)))
          expect(hexOf(key(written({ ...view, ...other })))).toBe(own)
          for (const another of [
            { originator: '203.0.113.203' },
            { group: '239.203.203.203', source: null },
            { rd: '64999:4242', rdType: 0 },
          ]) {
            expect(hexOf(key(written({ ...view, ...another })))).not.toBe(own)
          }
        }),
      )
    }
  })

  it('finds a multicast route in a withdrawal without its tail (RFC 9251 9)', () => {
    const tails: [number, (view: NlriView) => number][] = [
      [6, () => 1],
      [7, () => 1],
      [8, (view) => ('reserved' in view ? 6 : 2)],
    ]
    for (const [type, tail] of tails) {
      fc.assert(
        fc.property(EVPN_VALUES[type]!, (view) => {
          const nlri = written(view)
          const cut = nlri.slice(0, nlri.length - tail(view))
          cut[1] = cut.length - 2
          expect(key(cut)).toEqual(key(nlri))
        }),
      )
    }
  })

  it('tells a MAC alone from the MAC with an address, and tags apart (RFC 7432 7.2)', () => {
    fc.assert(
      fc.property(EVPN_VALUES[2]!, (view) => {
        const variants = [
          { ...view, ip: null },
          { ...view, ip: '0.0.0.0' },
          { ...view, ip: '::' },
          { ...view, ip: null, ethernetTag: ((view.ethernetTag as number) + 1) % 2 ** 32 },
        ]
        expect(new Set(variants.map((variant) => hexOf(key(written(variant))))).size).toBe(4)
      }),
    )
  })

  it('finds an IP Prefix route in a withdrawal without label, or without gateway and label', () => {
    fc.assert(
      fc.property(EVPN_VALUES[5]!, fc.boolean(), (view, withGateway) => {
        const nlri = written(view)
        const gateway = withGateway ? 0 : nlri.length === 36 ? 4 : 16
        const cut = nlri.slice(0, nlri.length - 3 - gateway)
        cut[1] = cut.length - 2
        expect(key(cut)).toEqual(key(nlri))
      }),
    )
  })

  it('finds a MAC/IP route in a withdrawal without label', () => {
    fc.assert(
      fc.property(EVPN_VALUES[2]!, (view) => {
        const nlri = written(view)
        const cut = nlri.slice(0, nlri.length - ('vni2' in view ? 6 : 3))
        cut[1] = cut.length - 2
        expect(key(cut)).toEqual(key(nlri))
      }),
    )
  })
})
