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
  ])('is %s (RFC 7606 5.3, 7.11)', (_what, code, hex) => {
    expect(judge(0x80, code, hex)).toMatchObject({ reach: 'session', code: 3 })
  })
})

describe('an attribute that passes', () => {
  it.each([
    ['an empty AS_PATH', 0x40, 2, ''],
    ['an unknown optional one', 0xc0, 250, 'cafe'],
    ['a known one with the Partial bit', 0xe0, 8, 'fde80001'],
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
