import { describe, expect, test } from 'vitest'
import { takes } from '../../src/policy/profile.ts'

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
})
