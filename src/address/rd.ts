/**
 * Route distinguishers, RFC 4364 §4.2: 2 octets of type, 6 of value.
 * Types 0 (2-octet AS), 1 (IPv4 address) and 2 (4-octet AS) have text `admin:number`; the text of any other is `type:hex`.
 */
import { hex, put16, u16 } from '../bytes/octets.ts'
import { type AdministeredForm, formatAdministered, parseAdministered } from './administered.ts'
import { known, type Parsed, parsed, unreadable } from './parsed.ts'

export const RD_OCTETS = 8

/** The type of the route distinguisher at `at`. */
export function rdType(bytes: Uint8Array, at = 0): number {
  return u16(bytes, at)
}

/** Text of the 8 octets at `at`. Types 0 and 2 look alike: who needs the octets back keeps the type too. */
export function formatRd(bytes: Uint8Array, at = 0): string {
  const type = rdType(bytes, at)
  return type <= 2 ? formatAdministered(type as AdministeredForm, bytes, at + 2) : `${type}:${hex(bytes, at + 2, at + 8)}`
}

/** 8 octets from text. The type follows from the text (2-octet AS, address, 4-octet AS) unless it is given. */
export function parseRd(text: string, type?: number): Parsed<Uint8Array> {
  const octets = new Uint8Array(RD_OCTETS)
  if (type !== undefined && type > 2) {
    const digits = text.slice(text.indexOf(':') + 1)
    if (!/^[0-9a-f]{12}$/.test(digits)) return unreadable(text, `a route distinguisher such as ${type}:000000000001`)
    put16(octets, 0, type)
    octets.set(
      Uint8Array.from({ length: 6 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16)),
      2,
    )
    return parsed(octets)
  }
  const value = parseAdministered(text, 'a route distinguisher', type as AdministeredForm | undefined)
  if (!value.ok) return value
  put16(octets, 0, value.value.form)
  octets.set(value.value.octets, 2)
  return parsed(octets)
}

/** Writes a route distinguisher that the program itself holds as text; returns the offset behind. Throws on text that is none. */
export function writeRd(text: string, type: number | undefined, out: Uint8Array, at: number): number {
  out.set(known(parseRd(text, type)), at)
  return at + RD_OCTETS
}
