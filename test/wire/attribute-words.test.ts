import { describe, expect, it } from 'vitest'
import { pathAttribute } from '../../src/wire/attribute/table.ts'
import { readAttribute, writeAttributes } from '../../src/wire/update-view.ts'
import { octets, toHex } from './vectors.ts'

const CONTEXT = { fourOctetAs: true, internal: true }

function words(code: number, hex: string): string {
  const entry = pathAttribute(code)!
  const bytes = octets(hex)
  expect(entry.check(bytes, 0, bytes.length, CONTEXT)).toBeNull()
  return entry.format(entry.read(bytes, 0, bytes.length, CONTEXT))
}

describe('a PMSI Tunnel in words (RFC 6514 5)', () => {
  it.each([
    ['0006002774c0000201', 'ingress-replication vni 10100 192.0.2.1'],
    [`0006002774${'20010db8'.padEnd(30, '0')}01`, 'ingress-replication vni 10100 2001:db8::1'],
    ['080a002774c0000201', 'assisted-replication vni 10100 192.0.2.1 ar-replicator'],
    ['1606002774c0000201', 'ingress-replication vni 10100 192.0.2.1 ar-leaf no-bm no-unknown'],
    ['0100000000', 'no-tunnel-info vni 0 leaf-information-required'],
    ['0003002774c0000201e8010101', 'pim-ssm vni 10100 (192.0.2.1, 232.1.1.1)'],
    ['0001000000c000020100000007c0000202', 'rsvp-te-p2mp vni 0 192.0.2.1 tunnel 7 p2mp 3221225986'],
    ['000200000006000104c0000201000401020304', 'mldp-p2mp vni 0 root 192.0.2.1 opaque 01020304'],
    ['0008000000c000020100000009', 'transport-tunnel vni 0 192.0.2.1 number 9'],
    ['000b000000010005c0000201', 'bier vni 0 sub-domain 1 bfr 5 192.0.2.1'],
    ['0063000001cafe', 'tunnel type 99 vni 1 cafe'],
  ])('%s: %s', (hex, line) => {
    expect(words(22, hex)).toBe(line)
  })
})

describe('a Tunnel Encapsulation in words (RFC 9012 3)', () => {
  const ENDPOINT = '060a000000000001c0000201'

  it.each([
    [`0008000c${ENDPOINT}`, 'vxlan, egress-endpoint endpoint 192.0.2.1'],
    [
      `0008001a010cc000277402000000aabb0000${ENDPOINT}`,
      'vxlan, encapsulation flags 192 vni 10100 mac 02:00:00:00:aa:bb, egress-endpoint endpoint 192.0.2.1',
    ],
    ['0002000e0104000000070606000000000000', 'gre, encapsulation key 7, egress-endpoint endpoint next hop'],
    [`000a0016${ENDPOINT}0408030b000000000064`, 'mpls, egress-endpoint endpoint 192.0.2.1, color flags 0 color 100'],
    [`00130010${ENDPOINT}080217c1`, 'geneve, egress-endpoint endpoint 192.0.2.1, udp-destination-port port 6081'],
    [`03e70011${ENDPOINT}c80002beef`, 'tunnel 999, egress-endpoint endpoint 192.0.2.1, sub-TLV 200 beef'],
    [`0008000f${ENDPOINT}020108`, 'vxlan, egress-endpoint endpoint 192.0.2.1, protocol-type 08'],
  ])('%s: %s', (hex, line) => {
    expect(words(23, hex)).toBe(line)
  })
})

describe('other attributes in words', () => {
  it.each([
    ['an AIGP (RFC 7311 3)', 26, '01000b0000000100000002', 'metric 4294967298'],
    ['an AIGP without a metric (RFC 7311 3)', 26, '020004ff', '020004ff'],
    ['an IPv6 route target (RFC 5701 2)', 25, `0002${'20010db8'.padEnd(30, '0')}010064`, 'RT:[2001:db8::1]:100'],
    ['an unknown IPv6 community (RFC 5701 2)', 25, `4042${'20010db8'.padEnd(30, '0')}010064`, '0x4042:[2001:db8::1]:100'],
    ['a D-PATH (RFC 10039)', 36, '020000fde9000146fa56ea0b000280', '65001:1:evpn 4200000011:2:ipvpn'],
    ['a D-PATH of two segments (RFC 10039)', 36, '010000fde9000100010000fde9000201', '65001:1:local | 65001:2:unicast'],
  ])('%s', (_what, code, hex, line) => {
    expect(words(code, hex)).toBe(line)
  })
})

describe('an attribute without a neutral name', () => {
  const hex = 'e02408010000fde9000146'

  it('stands in a view as octets with its flags, and is written back from there', () => {
    const faults: never[] = []
    const view = readAttribute(octets(hex), CONTEXT, faults)
    expect(view).toEqual({ unknown: [{ type: 36, flags: 0xe0, hex: '010000fde9000146' }] })
    const out = new Uint8Array(100)
    expect(toHex(out.slice(0, writeAttributes(view, out, 0, CONTEXT)))).toBe(hex)
  })

  it('can be written by its fields', () => {
    const out = new Uint8Array(100)
    const end = writeAttributes({ dPath: [[{ domainId: '65001:1', safi: 70 }]] }, out, 0, CONTEXT)
    expect(toHex(out.slice(0, end))).toBe(`c0${hex.slice(2)}`)
  })
})
