import { describe, expect, it } from 'vitest'
import { checkAttribute } from '../../src/wire/attribute/table.ts'
import type { Fault } from '../../src/wire/fault.ts'
import { octets, toHex } from './vectors.ts'

const INTERNAL = { fourOctetAs: true, internal: true }
const EXTERNAL = { fourOctetAs: true, internal: false }
const OLD = { fourOctetAs: false, internal: true }

function judge(flags: number, code: number, hex: string, context = INTERNAL): Fault | null {
  const padded = octets(`ffff${hex}ffff`)
  return checkAttribute(flags, code, padded, 2, hex.length / 2, context)
}

const reach = (...given: Parameters<typeof judge>) => judge(...given)?.reach ?? null

describe('a malformed attribute withdraws its routes', () => {
  it.each([
    ['ORIGIN of 2 octets (RFC 7606 7.1)', 0x40, 1, '0000'],
    ['ORIGIN 3 (RFC 7606 7.1)', 0x40, 1, '03'],
    ['AS_PATH with segment type 0 (RFC 7606 7.2)', 0x40, 2, '00010000fde9'],
    ['AS_PATH with segment type 5 (RFC 7606 7.2)', 0x40, 2, '05010000fde9'],
    ['AS_PATH with an empty segment (RFC 7606 7.2)', 0x40, 2, '0200'],
    ['AS_PATH whose segment runs over the end (RFC 7606 7.2)', 0x40, 2, '02020000fde9'],
    ['AS_PATH with one octet left (RFC 7606 7.2)', 0x40, 2, '02010000fde902'],
    ['AS_PATH with AS 0 (RFC 7607 2)', 0x40, 2, '020100000000'],
    ['NEXT_HOP of 3 octets (RFC 7606 7.3)', 0x40, 3, 'c00002'],
    ['MULTI_EXIT_DISC of 3 octets (RFC 7606 7.4)', 0x80, 4, '000001'],
    ['LOCAL_PREF of 5 octets (RFC 7606 7.5)', 0x40, 5, '0000000001'],
    ['COMMUNITIES without any (RFC 7606 7.8)', 0xc0, 8, ''],
    ['COMMUNITIES of 5 octets (RFC 7606 7.8)', 0xc0, 8, '0000000000'],
    ['ORIGINATOR_ID of 3 octets (RFC 7606 7.9)', 0x80, 9, '000001'],
    ['CLUSTER_LIST without any (RFC 7606 7.10)', 0x80, 10, ''],
    ['CLUSTER_LIST of 6 octets (RFC 7606 7.10)', 0x80, 10, '000000010000'],
    ['EXTENDED COMMUNITIES of 9 octets (RFC 7606 7.14)', 0xc0, 16, '0002fde80000006400'],
    ['EXTENDED COMMUNITIES without any (RFC 7606 7.14)', 0xc0, 16, ''],
    ['PMSI Tunnel of 4 octets (RFC 6514 5)', 0xc0, 22, '00060027'],
    ['PMSI Tunnel whose endpoint has 5 octets (RFC 6514 5)', 0xc0, 22, '0006002774c000020101'],
    ['PMSI Tunnel of assisted replication whose endpoint has 3 octets (RFC 6514 5)', 0xc0, 22, '080a002774c00002'],
    ['PMSI Tunnel of PIM with one address (RFC 6514 5)', 0xc0, 22, '0003002774c0000201'],
    ['PMSI Tunnel of RSVP-TE with 11 octets (RFC 6514 5)', 0xc0, 22, '0001000000c000020100000007c00002'],
    ['PMSI Tunnel of mLDP whose opaque value runs over the end (RFC 6514 5)', 0xc0, 22, '000200000006000104c0000201000501020304'],
    ['Tunnel Encapsulation without a tunnel (RFC 9012 13)', 0xc0, 23, ''],
    ['Tunnel Encapsulation whose tunnel is cut short (RFC 9012 13)', 0xc0, 23, '000800'],
    ['Tunnel Encapsulation whose tunnel runs over the end (RFC 9012 13)', 0xc0, 23, '0008000d060a000000000001c0000201'],
    ['Tunnel Encapsulation whose sub-TLV runs over its tunnel (RFC 9012 13)', 0xc0, 23, '0008000c060b000000000001c0000201'],
    ['Tunnel Encapsulation with one octet behind its last sub-TLV (RFC 9012 13)', 0xc0, 23, '0008000d060a000000000001c000020101'],
    ['Tunnel Encapsulation without an egress endpoint (RFC 9012 13)', 0xc0, 23, '00080000'],
    ['Tunnel Encapsulation with two egress endpoints (RFC 9012 13)', 0xc0, 23, `00080010${'0606000000000000'.repeat(2)}`],
    ['Tunnel Encapsulation with an IPv6 endpoint of 4 octets (RFC 9012 13)', 0xc0, 23, '0008000c060a000000000002c0000201'],
    ['Tunnel Encapsulation that says it is not transitive (RFC 9012 13)', 0x80, 23, '0008000c060a000000000001c0000201'],
    ['IPv6 EXTENDED COMMUNITIES without any (RFC 7606 7.15)', 0xc0, 25, ''],
    ['IPv6 EXTENDED COMMUNITIES of 8 octets (RFC 7606 7.15)', 0xc0, 25, '0002fde800000064'],
    ['D-PATH of 7 octets (RFC 10039)', 0xc0, 36, '000000fde90001'],
    ['D-PATH with a segment without domains (RFC 10039)', 0xc0, 36, '010000fde900014600'],
    ['D-PATH whose segment runs over the end (RFC 10039)', 0xc0, 36, '020000fde9000146'],
    ['LARGE COMMUNITIES of 8 octets (RFC 8092 6)', 0xc0, 32, '0000000000000000'],
    ['OTC of 2 octets (RFC 9234 5)', 0xc0, 35, '0001'],
    ['ORIGIN that says it is optional (RFC 7606 3 c)', 0xc0, 1, '00'],
    ['COMMUNITIES that say they are not transitive (RFC 7606 3 c)', 0x80, 8, '00000001'],
  ])('%s', (_what, flags, code, hex) => {
    expect(judge(flags, code, hex)).toMatchObject({ reach: 'route', attribute: code })
  })
})

describe('a malformed attribute is discarded alone', () => {
  it.each([
    ['ATOMIC_AGGREGATE of 1 octet (RFC 7606 7.6)', 0x40, 6, '00', INTERNAL],
    ['AGGREGATOR of 6 octets with 4-octet AS numbers (RFC 7606 7.7)', 0xc0, 7, 'fde9c0000201', INTERNAL],
    ['AGGREGATOR of 8 octets with 2-octet AS numbers (RFC 7606 7.7)', 0xc0, 7, '0000fde9c0000201', OLD],
    ['AGGREGATOR with AS 0 (RFC 7607 2)', 0xc0, 7, '00000000c0000201', INTERNAL],
    ['LOCAL_PREF of an external peer (RFC 7606 7.5)', 0x40, 5, '00000064', EXTERNAL],
    ['ORIGINATOR_ID of an external peer (RFC 7606 7.9)', 0x80, 9, '0a000001', EXTERNAL],
    ['CLUSTER_LIST of an external peer (RFC 7606 7.10)', 0x80, 10, '0a000001', EXTERNAL],
    ['AS4_PATH of a speaker of 4-octet AS numbers (RFC 6793 4.1)', 0xc0, 17, '02010001000a', INTERNAL],
    ['AS4_PATH whose segment runs over the end (RFC 6793 6)', 0xc0, 17, '02020001000a', OLD],
    ['AS4_AGGREGATOR of 6 octets (RFC 6793 6)', 0xc0, 18, 'fde9c0000201', OLD],
    ['AIGP without a TLV (RFC 7606 4)', 0x80, 26, '', INTERNAL],
    ['AIGP that says it is transitive (RFC 7311 3)', 0xc0, 26, '01000b0000000000000001', INTERNAL],
    ['AIGP whose metric has 4 octets (RFC 7311 3)', 0x80, 26, '01000700000001', INTERNAL],
    ['AIGP with a TLV of length 0 (RFC 7311 3)', 0x80, 26, '010000', INTERNAL],
    ['AIGP whose TLV runs over the end (RFC 7311 3)', 0x80, 26, '01000c0000000000000001', INTERNAL],
  ])('%s', (_what, flags, code, hex, context) => {
    expect(judge(flags, code, hex, context)).toMatchObject({ reach: 'attribute', attribute: code })
  })
})

describe('an attribute that ends the session', () => {
  it('is an unknown one that says it is well-known; the NOTIFICATION carries it (RFC 4271 6.3)', () => {
    const fault = judge(0x40, 250, 'cafe')
    expect(fault).toMatchObject({ reach: 'session', code: 3, subcode: 2 })
    expect(fault?.reach === 'session' && toHex(fault.data)).toBe('40fa02cafe')
  })

  it.each([
    ['MP_REACH_NLRI too short for its fields', 14, '00194604'],
    ['MP_REACH_NLRI whose next hop runs over the end', 14, '00194610c000020100'],
    ['MP_REACH_NLRI with an EVPN next hop of 5 octets', 14, '00194605c00002010000'],
    ['MP_REACH_NLRI whose last NLRI runs over the end', 14, '00194604c00002010003110000'],
    ['MP_UNREACH_NLRI too short for its fields', 15, '0019'],
    ['MP_UNREACH_NLRI whose NLRI runs over the end', 15, '001946020501'],
    ['MP_REACH_NLRI with an IPv6 prefix of 129 bits', 14, `00020110${'00'.repeat(17)}81${'00'.repeat(17)}`],
    ['MP_REACH_NLRI of route targets that run over the end', 14, '00018404c00002010060'],
  ])('is %s (RFC 7606 5.3, 7.11)', (_what, code, hex) => {
    expect(judge(0x80, code, hex)).toMatchObject({ reach: 'session', code: 3 })
  })
})

describe('flags of MP_REACH_NLRI and MP_UNREACH_NLRI that are not their own', () => {
  it.each([
    [14, 0xc0, '00194604c000020100'],
    [15, 0x40, '001946'],
  ])('of attribute %i end the session with the attribute as data (RFC 7606 5.3, RFC 4271 6.3)', (code, flags, hex) => {
    const fault = judge(flags, code, hex)
    expect(fault).toMatchObject({ reach: 'session', code: 3, subcode: 4 })
    expect(fault?.reach === 'session' && toHex(fault.data)).toBe(Buffer.from([flags, code, hex.length / 2]).toString('hex') + hex)
  })
})

describe('confederation segments in an AS_PATH', () => {
  const CONFEDERATION = '03010000fdec'

  it('withdraw the routes of an external peer (RFC 5065 5, RFC 7606 7.2)', () => {
    expect(judge(0x40, 2, CONFEDERATION, EXTERNAL)).toMatchObject({ reach: 'route', attribute: 2 })
    expect(judge(0x40, 2, `02010000fde9${CONFEDERATION}`, EXTERNAL)).toMatchObject({ reach: 'route', attribute: 2 })
  })

  it('pass inside the confederation', () => {
    expect(judge(0x40, 2, CONFEDERATION)).toBeNull()
    expect(judge(0x40, 2, CONFEDERATION, { ...EXTERNAL, confederation: true } as typeof EXTERNAL)).toBeNull()
  })
})

describe('a withdrawal', () => {
  const RD = '0000fde900000064'

  it.each([
    ['an IMET route whose IP length does not fit', `0311${RD}0000000021c0000201`],
    ['a MAC/IP route with a MAC length of 40', `0221${RD}${'00'.repeat(14)}28${'00'.repeat(10)}`],
    ['an SMET route with a group length of 24', `0614${RD}000000000018efefef20c000020100`],
  ])('of %s withdraws nothing (RFC 7606 5.3)', (_what, nlri) => {
    expect(judge(0x80, 15, `001946${nlri}`)).toMatchObject({ reach: 'route', attribute: 15 })
  })

  it.each([
    ['a MAC/IP route without label', `021e${RD}${'00'.repeat(14)}30${'00'.repeat(7)}`],
    ['an IP Prefix route without gateway and label', `051b${RD}${'00'.repeat(14)}180a090000`],
    ['a route of a type that nobody knows', 'c801ff'],
    ['an SMET route without flags', `0617${RD}000000000020efefefef20c0000201`],
  ])('of %s is none to complain of', (_what, nlri) => {
    expect(judge(0x80, 15, `001946${nlri}`)).toBeNull()
  })
})

describe('an attribute that passes', () => {
  it.each([
    ['an empty AS_PATH', 0x40, 2, ''],
    ['an unknown optional one', 0xc0, 250, 'cafe'],
    ['a known one with the Partial bit', 0xe0, 8, 'fde80001'],
    ['a Tunnel Encapsulation with an unknown tunnel type and unknown sub-TLVs', 0xc0, 23, '03e700110606000000000000630101800003010203'],
    ['a Tunnel Encapsulation with a sound tunnel behind one without endpoint', 0xc0, 23, '000900000008000c060a000000000001c0000201'],
    ['a Tunnel Encapsulation with a malformed color', 0xc0, 23, '0008000f060a000000000001c0000201040100'],
    ['an AIGP of unknown TLVs', 0x80, 26, '02000301000b0000000000000001'],
    ['a PMSI Tunnel of a type that nobody knows (RFC 7385 3)', 0xc0, 22, '00630000000102'],
    ['a PMSI Tunnel to an IPv6 endpoint', 0xc0, 22, `0006002774${'00'.repeat(16)}`],
    ['an EVPN next hop with a link-local address', 0x80, 14, `00194620${'00'.repeat(32)}00`],
  ])('%s', (_what, flags, code, hex) => {
    expect(reach(flags, code, hex)).toBeNull()
  })

  it('is withdrawn when an EVPN route in it can be cut out but not used', () => {
    expect(judge(0x80, 14, `00194604c000020100${'0310'}${'00'.repeat(16)}`)).toMatchObject({ reach: 'route', attribute: 14 })
  })
})
