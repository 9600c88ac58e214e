/** Arbitrary values for the laws: addresses as text, numbers of the sizes that fields have, and octets bent out of shape. */
import fc from 'fast-check'
import { formatEsi } from '../../src/address/esi.ts'
import { formatIp } from '../../src/address/ip.ts'
import { formatMac } from '../../src/address/mac.ts'

export const octets = (count: number) => fc.uint8Array({ minLength: count, maxLength: count })
export const u8 = fc.integer({ min: 0, max: 0xff })
export const u16 = fc.integer({ min: 0, max: 0xffff })
export const u20 = fc.integer({ min: 0, max: 0xfffff })
export const u24 = fc.integer({ min: 0, max: 0xffffff })
export const u32 = fc.integer({ min: 0, max: 0xffffffff })
export const ipv4 = octets(4).map((bytes) => formatIp(bytes))
export const ipv6 = octets(16).map((bytes) => formatIp(bytes))
export const ip = fc.oneof(ipv4, ipv6)
export const mac = octets(6).map((bytes) => formatMac(bytes))
export const esi = octets(10).map((bytes) => formatEsi(bytes))
export const family = fc.record({ afi: u16, safi: u8 })

export const hexText = (constraints: { minLength?: number; maxLength?: number }) =>
  fc.uint8Array(constraints).map((bytes) => Buffer.from(bytes).toString('hex'))

/** A text whose UTF-8 fits in `octets` octets and that reads back as it was. */
export const text = (max: number) =>
  fc
    .string({ unit: 'grapheme', maxLength: max })
    .filter((value) => Buffer.byteLength(value) <= max && !/\p{Cc}/u.test(value) && value.isWellFormed() && !value.startsWith('\ufeff'))

/** Octets with a few bits turned over and perhaps the end cut off. */
export const bent = (whole: Uint8Array) =>
  fc
    .record({
      flips: fc.array(fc.nat(Math.max(whole.length * 8 - 1, 0)), { maxLength: 6 }),
      keep: fc.option(fc.nat(whole.length), { nil: whole.length }),
    })
    .map(({ flips, keep }) => {
      const bytes = Uint8Array.from(whole)
      for (const bit of flips) if (bit >> 3 < bytes.length) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      return bytes.slice(0, keep)
    })
