import { describe, expect, test } from 'vitest'
import { refusal } from '../../../src/policy/refusal.ts'
import { classVerdicts, takes } from '../../../src/policy/rewrite/profile.ts'
import { routeClass } from '../../../src/wire/nlri/route-class.ts'

/** Canonical attributes: ORIGIN, and a PMSI tunnel of this type with an endpoint of so many octets. */
function attributes(tunnelType: number, endpointOctets: number): Uint8Array {
  const value = [0, tunnelType, 0, 0, 100, ...new Array(endpointOctets).fill(9)]
  return Uint8Array.from([0x40, 1, 1, 0, 0xc0, 22, value.length, ...value])
}

const frr8 = (octets: Uint8Array) => takes('frr8', octets, 0, octets.length)

describe('the profile frr8', () => {
  test('passes ingress replication to an IPv4 endpoint, and routes without a PMSI tunnel', () => {
    expect(frr8(attributes(6, 4))).toBe(true)
    expect(frr8(Uint8Array.from([0x40, 1, 1, 0]))).toBe(true)
  })
  test('keeps back ingress replication to an IPv6 endpoint: FRR 8.4 expects 9 octets', () => {
    expect(frr8(attributes(6, 16))).toBe(false)
  })
  test('keeps back tunnel types above 7, such as assisted replication (RFC 9574)', () => {
    expect(frr8(attributes(0x0a, 4))).toBe(false)
    expect(frr8(attributes(7, 4))).toBe(true)
  })
  test('keeps back types 3 and 4 with an IPv6 originator, which FRR 8.4 answers with 3/9, and nothing else by its form', () => {
    const verdicts = classVerdicts('frr8')
    // Octets of key: route type, RD 8, Ethernet Tag 4 or ESI 10, originator length 1, originator.
    expect(verdicts[routeClass(3, 30)]).toBe(refusal('peer-profile'))
    expect(verdicts[routeClass(4, 36)]).toBe(refusal('peer-profile'))
    for (const [type, octets] of [
      [3, 18],
      [4, 24],
      [2, 25],
      [2, 37],
      [5, 30],
      [200, 60],
    ] as const)
      expect(verdicts[routeClass(type, octets)]).toBe(0)
  })
})
