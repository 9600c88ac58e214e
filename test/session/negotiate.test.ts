import { describe, expect, test } from 'vitest'
import type { Agreed, SessionSettings } from '../../src/session/door.ts'
import { buildOpen, negotiate } from '../../src/session/session.ts'
import type { RawCapability } from '../../src/wire/capability/capability.ts'
import type { SessionFault } from '../../src/wire/fault.ts'
import { IPV4_UNICAST, L2VPN_EVPN, ROUTE_TARGET_CONSTRAINT } from '../../src/wire/negotiated.ts'
import type { Open } from '../../src/wire/open.ts'
import { LOWER_ID, mirrored, peerOpen, SETTINGS } from './spoken.ts'

const INTERNAL: SessionSettings = { ...SETTINGS, peerAs: SETTINGS.localAs }
const BIG_AS = 4_200_000_011

function fault(settings: SessionSettings, open: Open): SessionFault {
  const outcome = negotiate(settings, 'whole', open)
  if (!('reach' in outcome)) throw new Error('agreed')
  return outcome
}

function agreed(settings: SessionSettings, open: Open): Agreed {
  const outcome = negotiate(settings, 'whole', open)
  if ('reach' in outcome) throw new Error(outcome.why)
  return outcome
}

function without(open: Open, ...codes: number[]): Open {
  return { ...open, capabilities: open.capabilities.filter(({ code }) => !codes.includes(code)) }
}

function withCapability(open: Open, capability: RawCapability): Open {
  return { ...open, capabilities: [...open.capabilities, capability] }
}

describe('an OPEN is refused', () => {
  test('with 2/1 and our version for another version (RFC 4271 §6.2)', () => {
    expect(fault(SETTINGS, { ...peerOpen(), version: 3 })).toMatchObject({ code: 2, subcode: 1, data: Uint8Array.of(0, 4) })
  })

  test('with 2/2 for another AS than the configured one (RFC 4271 §6.2)', () => {
    const stranger = buildOpen({ ...mirrored(SETTINGS, LOWER_ID), localAs: 65003 })
    expect(fault(SETTINGS, stranger)).toMatchObject({ code: 2, subcode: 2, why: 'peer has AS 65003, expected AS 65002' })
  })

  test('with 2/2 for AS 0 (RFC 7607 §2)', () => {
    expect(fault(SETTINGS, buildOpen({ ...mirrored(SETTINGS, LOWER_ID), localAs: 0 }))).toMatchObject({ code: 2, subcode: 2 })
  })

  test('with 2/2 when capability and My AS field name two AS (RFC 6793 §4.2)', () => {
    expect(fault(SETTINGS, { ...peerOpen(), myAs: 65009 })).toMatchObject({ code: 2, subcode: 2 })
  })

  test('with 2/2 for AS_TRANS from a peer without the 4-octet AS capability whose AS is another (RFC 6793 §4.2.1)', () => {
    const open = { ...without(peerOpen(), 65), myAs: 23456 }
    expect(fault({ ...SETTINGS, peerAs: BIG_AS }, open)).toMatchObject({ code: 2, subcode: 2 })
  })

  test('with 2/3 for BGP identifier 0 (RFC 6286 §2.2)', () => {
    expect(fault(SETTINGS, peerOpen(0))).toMatchObject({ code: 2, subcode: 3 })
  })

  test('with 2/3 for our own BGP identifier from a peer of our AS (RFC 6286 §2.2)', () => {
    const twin = buildOpen(mirrored(INTERNAL, INTERNAL.routerId))
    expect(fault(INTERNAL, twin)).toMatchObject({ code: 2, subcode: 3, why: 'peer of the same AS has our own BGP identifier 192.0.2.10' })
  })

  test.each([1, 2])('with 2/6 for a hold time of %i s (RFC 4271 §6.2)', (holdTimeSeconds) => {
    expect(fault(SETTINGS, { ...peerOpen(), holdTimeSeconds })).toMatchObject({ code: 2, subcode: 6 })
  })

  test('with 2/7 and the needed capabilities when no address family is common (RFC 5492 §5)', () => {
    const settings = { ...SETTINGS, families: [L2VPN_EVPN, ROUTE_TARGET_CONSTRAINT] }
    const open = buildOpen({ ...mirrored(SETTINGS, LOWER_ID), families: [IPV4_UNICAST] })
    expect(fault(settings, open)).toMatchObject({
      code: 2,
      subcode: 7,
      data: Uint8Array.of(1, 4, 0, 25, 0, 70, 1, 4, 0, 1, 0, 132),
      why: 'no common address family: peer announces only IPv4 unicast (1/1); needed is L2VPN EVPN (25/70), route target constraint (1/132)',
    })
  })

  test('with 2/7 when it has no multiprotocol capability, which means IPv4 unicast (RFC 4760 §8)', () => {
    expect(fault(SETTINGS, without(peerOpen(), 1))).toMatchObject({
      code: 2,
      subcode: 7,
      why: 'no common address family: peer announces no multiprotocol capability, so IPv4 unicast only; needed is L2VPN EVPN (25/70)',
    })
  })

  test.each([1, 65])('with 2/0 when capability %i is not 4 octets long (RFC 4271 §6.2)', (code) => {
    const open = { ...peerOpen(), capabilities: [{ code, value: new Uint8Array(3) }] }
    expect(fault(SETTINGS, open)).toMatchObject({ code: 2, subcode: 0 })
  })
})

describe('both sides agree', () => {
  test('on everything when both offer everything', () => {
    expect(agreed(SETTINGS, peerOpen())).toEqual({
      fourOctetAs: true,
      internal: false,
      maxMessage: 65535,
      maxReceive: 65535,
      routeRefresh: true,
      enhancedRouteRefresh: true,
      families: [L2VPN_EVPN],
      holdTimeSeconds: 12,
      keepaliveSeconds: 4,
      peerRouterId: LOWER_ID,
    })
  })

  test('on next to nothing with a peer that announces its families only', () => {
    expect(agreed(SETTINGS, without(peerOpen(), 2, 6, 65, 70))).toMatchObject({
      fourOctetAs: false,
      maxMessage: 4096,
      // It may still send us long ones: we said that we read them (RFC 8654 §4).
      maxReceive: 65535,
      routeRefresh: false,
      enhancedRouteRefresh: false,
    })
  })

  test('on nothing that was left out of our own offer', () => {
    expect(negotiate(SETTINGS, 'plain', peerOpen())).toMatchObject({ maxMessage: 4096, maxReceive: 4096, enhancedRouteRefresh: false })
  })

  test.each([
    [12, 90, 12, 4],
    [90, 12, 12, 4],
    [10, 90, 10, 3],
    [0, 90, 0, 0],
    [90, 0, 0, 0],
    [3, 3, 3, 1],
  ])('on the smaller hold time and a third of it: ours %i, theirs %i (RFC 4271 §4.2, §4.4)', (ours, theirs, hold, keep) => {
    const outcome = agreed({ ...SETTINGS, holdTimeSeconds: ours }, { ...peerOpen(), holdTimeSeconds: theirs })
    expect([outcome.holdTimeSeconds, outcome.keepaliveSeconds]).toEqual([hold, keep])
  })

  test('on the families both announce, in our order (RFC 4760 §8)', () => {
    const settings = { ...SETTINGS, families: [L2VPN_EVPN, ROUTE_TARGET_CONSTRAINT] }
    const open = buildOpen({ ...mirrored(SETTINGS, LOWER_ID), families: [IPV4_UNICAST, ROUTE_TARGET_CONSTRAINT, L2VPN_EVPN] })
    expect(agreed(settings, open).families).toEqual([L2VPN_EVPN, ROUTE_TARGET_CONSTRAINT])
  })

  test('on IPv4 unicast with a peer that has no multiprotocol capability, if we want it (RFC 4760 §8)', () => {
    expect(agreed({ ...SETTINGS, families: [IPV4_UNICAST] }, without(peerOpen(), 1)).families).toEqual([IPV4_UNICAST])
  })

  test('that a peer of our own AS is internal', () => {
    expect(agreed(INTERNAL, buildOpen(mirrored(INTERNAL, LOWER_ID))).internal).toBe(true)
  })

  test('that an external peer may have our BGP identifier (RFC 6286 §2.2)', () => {
    expect(agreed(SETTINGS, peerOpen(SETTINGS.routerId)).peerRouterId).toBe(SETTINGS.routerId)
  })

  test('that an AS above 65535 comes in the capability, with AS_TRANS in the field (RFC 6793 §4.2)', () => {
    const settings = { ...SETTINGS, peerAs: BIG_AS }
    const open = buildOpen(mirrored(settings, LOWER_ID))
    expect(open.myAs).toBe(23456)
    expect(agreed(settings, open).fourOctetAs).toBe(true)
  })

  test('that AS_TRANS in the field stands for a small AS too (RFC 6793 §4.2)', () => {
    expect(agreed(SETTINGS, { ...peerOpen(), myAs: 23456 }).fourOctetAs).toBe(true)
  })

  test('and capabilities nobody here knows do no harm (RFC 5492 §3)', () => {
    const open = withCapability(peerOpen(), { code: 239, value: Uint8Array.of(1, 2, 3) })
    expect(agreed(SETTINGS, open)).toEqual(agreed(SETTINGS, peerOpen()))
  })
})

describe('our OPEN', () => {
  test('offers the families, route refresh, long messages, 4-octet AS, enhanced refresh and our name', () => {
    expect(buildOpen(SETTINGS)).toEqual({
      version: 4,
      myAs: 65001,
      holdTimeSeconds: 12,
      routerId: 0xc000020a,
      capabilities: [
        { code: 1, value: Uint8Array.of(0, 25, 0, 70) },
        { code: 2, value: new Uint8Array(0) },
        { code: 6, value: new Uint8Array(0) },
        { code: 65, value: Uint8Array.of(0, 0, 0xfd, 0xe9) },
        { code: 70, value: new Uint8Array(0) },
        { code: 73, value: Uint8Array.of(4, 0x68, 0x65, 0x72, 0x65, 0) },
      ],
    })
  })

  test('leaves out what a session can do without when the peer refused it (RFC 5492 §3)', () => {
    expect(buildOpen(SETTINGS, 'plain').capabilities.map(({ code }) => code)).toEqual([1, 2, 65])
  })

  test('leaves out the name when there is none', () => {
    expect(buildOpen({ ...SETTINGS, hostname: '' }).capabilities.map(({ code }) => code)).toEqual([1, 2, 6, 65, 70])
  })

  test('cuts a name that does not fit between two characters', () => {
    const [name] = buildOpen({ ...SETTINGS, hostname: 'ä'.repeat(200) }).capabilities.filter(({ code }) => code === 73)
    expect(name!.value[0]).toBe(252)
    expect(name!.value.length).toBe(254)
  })
})
