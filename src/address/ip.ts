/**
 * IP addresses: 4 or 16 octets inside, text at the edges. Formatting is our own and quick (it runs for every line of a route dump);
 * parsing uses `ip-address`, strict, because it runs only on what people and programs type.
 */
import { Address4, Address6 } from 'ip-address'
import { u8, u16 } from '../bytes/octets.ts'
import { known, type Parsed, parsed, unreadable } from './parsed.ts'

/** Dotted text of the 4 octets at `at`. */
export function formatIpv4(bytes: Uint8Array, at = 0): string {
  return `${u8(bytes, at)}.${u8(bytes, at + 1)}.${u8(bytes, at + 2)}.${u8(bytes, at + 3)}`
}

/**
 * Text of the 16 octets at `at` by RFC 5952 §4: lower case, no leading zeros, the first longest run of two or more zero groups as `::`.
 * Mapped addresses are written in groups too: `::ffff:c000:201`.
 */
export function formatIpv6(bytes: Uint8Array, at = 0): string {
  let gap = -1
  let gapLength = 1
  let run = 0
  for (let group = 0; group < 8; group++) {
    run = u16(bytes, at + 2 * group) === 0 ? run + 1 : 0
    if (run > gapLength) {
      gapLength = run
      gap = group - run + 1
    }
  }
  let text = ''
  for (let group = 0; group < 8; group++) {
    if (group === gap) {
      text += '::'
      group += gapLength - 1
      continue
    }
    if (group > 0 && group !== gap + gapLength) text += ':'
    text += u16(bytes, at + 2 * group).toString(16)
  }
  return text
}

/** Text of the address of `octets` (4 or 16) octets at `at`. */
export function formatIp(bytes: Uint8Array, at = 0, octets = bytes.length): string {
  return octets === 4 ? formatIpv4(bytes, at) : formatIpv6(bytes, at)
}

/** 4 octets from dotted text; leading zeros and short forms are refused. */
export function parseIpv4(text: string): Parsed<Uint8Array> {
  if (!/^[0-9.]+$/.test(text) || !Address4.isValid(text)) return unreadable(text, 'an IPv4 address such as 192.0.2.1')
  return parsed(Uint8Array.from(new Address4(text).toArray()))
}

/** 16 octets from IPv6 text, without zone and without prefix length. */
export function parseIpv6(text: string): Parsed<Uint8Array> {
  if (!/^[0-9a-fA-F:.]+$/.test(text) || !Address6.isValid(text)) return unreadable(text, 'an IPv6 address such as 2001:db8::1')
  const octets = new Uint8Array(16)
  const given = new Address6(text).toUnsignedByteArray()
  octets.set(given, 16 - given.length)
  return parsed(octets)
}

/** 4 or 16 octets from text. */
export function parseIp(text: string): Parsed<Uint8Array> {
  const result = text.includes(':') ? parseIpv6(text) : parseIpv4(text)
  return result.ok ? result : unreadable(text, 'an IPv4 or IPv6 address')
}

/** Writes the octets of an address that the program itself holds as text; returns the offset behind. Throws on text that is none. */
export function writeIp(text: string, out: Uint8Array, at: number): number {
  const octets = known(parseIp(text))
  out.set(octets, at)
  return at + octets.length
}
