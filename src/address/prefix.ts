/** IP prefixes: an address of 4 or 16 octets whose bits behind `length` are zero, and the length in bits. */
import { u8 } from '../bytes/octets.ts'
import { formatIp, parseIp } from './ip.ts'
import { decimal, type Parsed, parsed, unreadable } from './parsed.ts'

export interface Prefix {
  /** 4 or 16 octets. */
  readonly address: Uint8Array
  /** Bits, at most 32 or 128. */
  readonly length: number
}

/** `10.0.0.0/8` from an address of `octets` octets at `at` and a length in bits. */
export function formatPrefixAt(bytes: Uint8Array, at: number, octets: number, length: number): string {
  return `${formatIp(bytes, at, octets)}/${length}`
}

export function formatPrefix(prefix: Prefix): string {
  return formatPrefixAt(prefix.address, 0, prefix.address.length, prefix.length)
}

/** Address and length; bits behind the length must be zero, so that nobody means a host and gets a network. */
export function parsePrefix(text: string): Parsed<Prefix> {
  const slash = text.indexOf('/')
  const address = parseIp(slash < 0 ? text : text.slice(0, slash))
  if (slash < 0 || !address.ok) return unreadable(text, 'a prefix such as 192.0.2.0/24 or 2001:db8::/32')
  const bits = address.value.length * 8
  const length = decimal(text.slice(slash + 1), bits)
  if (length < 0) return unreadable(text, `a prefix length from 0 to ${bits}`)
  const network = masked(address.value, length)
  if (!network.every((octet, i) => octet === address.value[i])) {
    return unreadable(text, `no bits set behind the prefix length: ${formatIp(network)}/${length}`)
  }
  return parsed({ address: network, length })
}

/** A copy of the address with every bit behind `length` zero. */
export function masked(address: Uint8Array, length: number): Uint8Array {
  return address.map((octet, i) => octet & maskOctet(length - 8 * i))
}

/** Whether `address` (4 or 16 octets) lies in the prefix; an address of the other version never does. */
export function contains(prefix: Prefix, address: Uint8Array): boolean {
  return containsAt(prefix, address, 0, address.length)
}

/** The same of an address of `octets` octets at `at`. Hot: allocates nothing. */
export function containsAt(prefix: Prefix, bytes: Uint8Array, at: number, octets: number): boolean {
  if (prefix.address.length !== octets) return false
  for (let i = 0; i < octets; i++) {
    if (((u8(prefix.address, i) ^ u8(bytes, at + i)) & maskOctet(prefix.length - 8 * i)) !== 0) return false
  }
  return true
}

function maskOctet(bits: number): number {
  return bits >= 8 ? 0xff : bits <= 0 ? 0 : (0xff00 >> bits) & 0xff
}
