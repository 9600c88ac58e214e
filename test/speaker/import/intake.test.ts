import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AttributeSets } from '../../../src/rib/attribute-sets.ts'
import { Changes } from '../../../src/rib/changes.ts'
import { Rib } from '../../../src/rib/rib.ts'
import { FaultCounts } from '../../../src/speaker/faults/fault-counts.ts'
import { Inbound } from '../../../src/speaker/import/inbound.ts'
import { Intake } from '../../../src/speaker/import/intake.ts'
import type { Fault } from '../../../src/wire/fault.ts'
import { L2VPN_EVPN } from '../../../src/wire/negotiated.ts'
import { evpn } from '../../../src/wire/nlri/evpn/evpn.ts'
import {
  asPath,
  attribute,
  extCommunities,
  join,
  LOCAL_PREF_100,
  macIpNlri,
  mpReach,
  mpUnreach,
  ORIGIN_IGP,
  u16Octets,
  update,
} from '../../wire/update-octets.ts'

const NEXT_HOP = [192, 0, 2, 1]
const MANDATORY = [ORIGIN_IGP, asPath(), LOCAL_PREF_100]
const announce = (nlri: Uint8Array, ...more: Uint8Array[]) => update([mpReach(NEXT_HOP, nlri), ...MANDATORY, ...more])

class Session {
  readonly sets = new AttributeSets()
  readonly rib = new Rib(evpn, this.sets)
  /** Peers that have told all they have. */
  readonly ended: number[] = []
  readonly intake = new Intake(this.rib, { endOfRib: (peer) => this.ended.push(peer), spared: () => {} })
  readonly counts = new FaultCounts()
  readonly inbound: Inbound
  judged = 0

  constructor(context = { fourOctetAs: true, internal: true }, families = [L2VPN_EVPN]) {
    this.rib.addPeer({ id: 1, external: !context.internal, routerId: 1, address: Uint8Array.of(10, 0, 0, 1) })
    const judge = (set: number) => {
      this.judged++
      return set
    }
    this.inbound = new Inbound(1, context, families, judge, null, this.counts)
    this.rib.onBadNlri = (_peer, why) => this.inbound.fault('treat-as-withdraw', why)
  }

  /** The message stands somewhere in a buffer that is overwritten afterwards. */
  take(message: Uint8Array): Fault | null {
    const buffer = Buffer.from(join(Array(11).fill(0xee), message, [0xee]))
    const fault = this.intake.update(this.inbound, buffer, 11, 11 + message.length)
    buffer.fill(0x77)
    return fault
  }

  /** NLRI -> next hop and attributes of every path. */
  get paths(): Record<string, string> {
    const { rib, sets } = this
    const found: Record<string, string> = {}
    const out = new Uint8Array(300)
    const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex')
    for (let dest = 0; dest < rib.destinations.capacity; dest++) {
      for (let row = rib.destinations.isLive(dest) ? rib.firstRow(dest) : -1; row >= 0; row = rib.nextRow(row)) {
        const set = rib.rows.set[row]!
        const octets = sets.octets(set)
        const from = sets.nextHopAt(set)
        const at = sets.attributesAt(set)
        found[hex(out.slice(0, rib.writeNlri(row, out, 0)))] =
          `${hex(octets.slice(from, at))} ${hex(octets.slice(at, sets.attributesEnd(set)))}`
      }
    }
    return found
  }

  /** Ends the session; what is still held then. */
  end(): number {
    this.intake.close(this.inbound)
    while (!this.rib.forget(1, 100));
    const changes = new Changes()
    this.rib.settle(changes, 1000)
    this.rib.finish(changes)
    return this.sets.table.size + this.rib.destinations.size
  }
}

const reasons = (session: Session) => [...session.counts.byReason.keys()]

describe('Intake', () => {
  test('learns what is announced and takes back what is withdrawn, in one message too', () => {
    const session = new Session()
    expect(session.take(announce(join(macIpNlri(1), macIpNlri(2))))).toBeNull()
    expect(Object.keys(session.paths)).toHaveLength(2)
    expect(session.take(update([mpUnreach(macIpNlri(1)), mpReach(NEXT_HOP, macIpNlri(3)), ...MANDATORY]))).toBeNull()
    expect(session.rib.paths).toBe(2)
    expect(session.end()).toBe(0)
  })

  test('a route that is withdrawn and announced by one message stays (RFC 4271 4.3)', () => {
    const session = new Session()
    session.take(announce(macIpNlri(1)))
    session.take(update([mpUnreach(macIpNlri(1)), mpReach(NEXT_HOP, macIpNlri(1)), ...MANDATORY]))
    expect(session.rib.paths).toBe(1)
  })

  test('does not judge the same attributes twice', () => {
    const session = new Session()
    for (let i = 0; i < 5; i++) session.take(announce(macIpNlri(i)))
    session.take(announce(macIpNlri(9), extCommunities('0002fde900002774')))
    session.take(announce(macIpNlri(10)))
    expect([session.judged, session.inbound.updates, session.rib.paths]).toEqual([2, 7, 7])
  })

  test('the memory of the last attributes never changes what is learned', () => {
    const flag = fc.boolean()
    const part = fc.record({
      do: fc.constantFrom('announce', 'announce', 'announce', 'withdraw', 'both', 'malformed', 'missing'),
      keys: fc.array(fc.nat(5), { minLength: 1, maxLength: 3 }),
      nextHop: fc.constantFrom(NEXT_HOP, [192, 0, 2, 2], [...Array(15).fill(0), 1]),
      localPref: fc.constantFrom(100, 200),
      target: fc.constantFrom(null, '0002fde900002774', '0002fde900002775'),
      reachFirst: flag,
      longHeaders: flag,
      label: fc.constantFrom(1, 2),
    })
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40, size: 'max' }), (parts) => {
        const remembering = new Session()
        const forgetful = new Session()
        for (const one of parts) {
          const nlri = join(...one.keys.map((key) => macIpNlri(key, { label: one.label })))
          const reach = mpReach(one.nextHop, nlri)
          const others = [attribute(one.longHeaders ? 0x50 : 0x40, 1, [one.do === 'malformed' ? 9 : 0]), asPath()]
          if (one.do !== 'missing') others.push(attribute(0x40, 5, [0, 0, 0, one.localPref]))
          if (one.target !== null) others.push(extCommunities(one.target))
          const announced = one.reachFirst ? [reach, ...others] : [...others, reach]
          if (one.do === 'both') announced.push(mpUnreach(macIpNlri(5)))
          const message = one.do === 'withdraw' ? update([mpUnreach(nlri)]) : update(announced)
          forgetful.inbound.lastLength = -1
          expect(remembering.take(message)).toEqual(forgetful.take(message))
        }
        expect(remembering.paths).toEqual(forgetful.paths)
        expect(remembering.end()).toBe(0)
      }),
      { numRuns: 200 },
    )
  })

  test('tells next hop from attributes where both together are the same octets', () => {
    const session = new Session()
    // With the next hop of 4 octets, 12 octets of attributes follow that are the rest of the next hop of 16 octets.
    const hidden = attribute(0xc0, 200, Array(9).fill(5))
    session.take(update([...[hidden], ...MANDATORY, mpReach(NEXT_HOP, macIpNlri(1))]))
    session.take(update([...MANDATORY, mpReach([...NEXT_HOP, ...hidden], macIpNlri(2))]))
    const [first, second] = Object.values(session.paths)
    expect(first).not.toBe(second)
    expect(second).toMatch(/^c0000201c0c809/)
  })

  test('counts what it discards every time (nothing is lost silently)', () => {
    const session = new Session()
    for (let i = 0; i < 3; i++) session.take(announce(macIpNlri(i), attribute(0xc0, 7, [1, 2, 3])))
    expect([...session.counts.byReason.values()]).toEqual([3])
    expect(session.rib.paths).toBe(3)
  })

  describe('takes routes back and keeps the session (RFC 7606 2)', () => {
    test.each([
      ['a bad ORIGIN', [attribute(0x40, 1, [9]), asPath(), LOCAL_PREF_100]],
      ['a missing ORIGIN', [asPath(), LOCAL_PREF_100]],
      ['a malformed AS_PATH', [ORIGIN_IGP, attribute(0x40, 2, [2, 5, 0, 0]), LOCAL_PREF_100]],
      ['an attribute that overruns the others', [...MANDATORY, Uint8Array.of(0xc0, 16, 200, 0)]],
    ])('for %s', (_name, attributes) => {
      const session = new Session()
      session.take(announce(join(macIpNlri(1), macIpNlri(2))))
      expect(session.take(update([mpReach(NEXT_HOP, join(macIpNlri(1, { label: 5 }))), ...attributes]))).toBeNull()
      expect(session.rib.paths).toBe(1)
      expect(reasons(session)).toHaveLength(1)
      // What came before is not forgotten by the memory of the last attributes.
      session.take(announce(macIpNlri(1)))
      expect(session.rib.paths).toBe(2)
      expect(session.end()).toBe(0)
    })

    test('for a malformed NLRI alone, those beside it are learned', () => {
      const session = new Session()
      const bad = macIpNlri(2)
      bad[24] = 47
      expect(session.take(announce(join(macIpNlri(1), bad, macIpNlri(3))))).toBeNull()
      expect(session.rib.paths).toBe(2)
      expect(reasons(session)).toEqual(['treat-as-withdraw: MAC/IP route whose MAC length is not 48'])
    })

    test('for attributes that widening to 4-octet AS numbers makes too long to hold (RFC 6793 4.2.3)', () => {
      const session = new Session({ fourOctetAs: false, internal: false })
      const segments = Array.from({ length: 80 }, () => [2, 255, ...Array(255).fill(u16Octets(65001)).flat()]).flat()
      const message = (path: readonly number[]) => update([mpReach(NEXT_HOP, macIpNlri(1)), ORIGIN_IGP, attribute(0x40, 2, path)])
      expect(session.take(message(segments.slice(0, 512)))).toBeNull()
      expect(session.rib.paths).toBe(1)
      expect(session.take(message(segments))).toBeNull()
      expect(session.rib.paths).toBe(0)
      expect(session.end()).toBe(0)
    })
  })

  describe('leaves alone what was not agreed', () => {
    test.each([
      ['IPv4 unicast routes', update(MANDATORY, [], [24, 10, 0, 0])],
      ['IPv4 unicast withdrawals', update([], [24, 10, 0, 0])],
      ['MP_REACH_NLRI of another family', update([mpReach(NEXT_HOP, [24, 10, 0, 0], [0, 1, 128]), ...MANDATORY])],
      ['MP_UNREACH_NLRI of another family', update([mpUnreach([24, 10, 0, 0], [0, 1, 128])])],
    ])('%s', (_name, message) => {
      const session = new Session()
      expect(session.take(message)).toBeNull()
      expect([session.rib.paths, session.rib.destinations.unsettled]).toEqual([0, 0])
      expect(reasons(session)).toHaveLength(1)
      expect(reasons(session)[0]).toMatch(/^ignored: .*not agreed/)
    })

    test('EVPN itself', () => {
      const session = new Session(undefined, [])
      expect(session.take(announce(macIpNlri(1)))).toBeNull()
      expect(session.rib.paths).toBe(0)
    })
  })

  describe('ends the session', () => {
    const fault = (subcode: number) => ({ reach: 'session', code: 3, subcode })

    test.each([0, 3, 5, 8, 12, 24, 255])('over a next hop of %i octets (RFC 7606 7.11)', (length) => {
      const session = new Session()
      expect(session.take(update([mpReach(Array(length).fill(1), macIpNlri(1)), ...MANDATORY]))).toMatchObject({
        reach: 'session',
        code: 3,
      })
      expect(session.rib.paths).toBe(0)
    })

    test('over NLRI that overrun their attribute (RFC 7606 5.3)', () => {
      const session = new Session()
      expect(session.take(announce(join(macIpNlri(1), macIpNlri(2).slice(0, 20))))).toMatchObject(fault(9))
      expect(session.take(update([mpUnreach(macIpNlri(1).slice(0, 34))]))).toMatchObject(fault(9))
      expect(session.take(update([mpReach(NEXT_HOP, [2]), attribute(0x40, 1, [9])]))).toMatchObject(fault(9))
    })

    test('over an unknown well-known attribute (RFC 4271 6.3)', () => {
      const session = new Session()
      expect(session.take(announce(macIpNlri(1), attribute(0x40, 200, [1])))).toMatchObject(fault(2))
    })
  })

  test('hears End-of-RIB (RFC 4724 2)', () => {
    const session = new Session()
    session.take(update([mpUnreach([])]))
    session.take(update([mpUnreach([]), ORIGIN_IGP]))
    session.take(update([]))
    expect(session.ended).toEqual([1])
  })

  test('counts no more reasons than it can hold, whatever the peer makes up', () => {
    const session = new Session()
    for (let i = 1; i < 300; i++) session.take(announce(macIpNlri(1), attribute(0xc0, 7, Array(i === 8 ? 9 : i).fill(1))))
    const { byReason } = session.counts
    expect(byReason.size).toBeLessThanOrEqual(100)
    expect([...byReason.values()].reduce((sum, count) => sum + count, 0)).toBe(299)
  })
})
