/**
 * `admin:number` in 6 octets, the form that route distinguishers (RFC 4364 §4.2) and route targets (RFC 4360 §3, RFC 5668) share.
 *
 *     form 0   2-octet AS (2)      number (4)
 *     form 1   IPv4 address (4)    number (2)
 *     form 2   4-octet AS (4)      number (2)
 */
import { put16, put32, u16, u32 } from '../bytes/octets.ts'
import { formatIpv4, parseIpv4 } from './ip.ts'
import { decimal, type Parsed, parsed, unreadable } from './parsed.ts'

export type AdministeredForm = 0 | 1 | 2

/** Text of the 6 octets at `at` in the given form. */
export function formatAdministered(form: AdministeredForm, bytes: Uint8Array, at: number): string {
  if (form === 0) return `${u16(bytes, at)}:${u32(bytes, at + 2)}`
  if (form === 1) return `${formatIpv4(bytes, at)}:${u16(bytes, at + 4)}`
  return `${u32(bytes, at)}:${u16(bytes, at + 4)}`
}

export interface Administered {
  readonly form: AdministeredForm
  /** 6 octets. */
  readonly octets: Uint8Array
}

/**
 * `AS:number` or `address:number`. An AS that fits 2 octets takes form 0 unless `form` asks for form 2.
 * `what` names the thing in the error: `a route target`.
 */
export function parseAdministered(text: string, what: string, form?: AdministeredForm): Parsed<Administered> {
  const colon = text.lastIndexOf(':')
  const admin = text.slice(0, Math.max(colon, 0))
  const number = decimal(text.slice(colon + 1), 0xffffffff)
  if (colon < 1 || number < 0) return unreadable(text, `${what} such as 65001:100 or 192.0.2.1:100`)
  const octets = new Uint8Array(6)
  if (admin.includes('.')) {
    const address = parseIpv4(admin)
    if (!address.ok || (form !== undefined && form !== 1)) return unreadable(text, `${what} such as 65001:100 or 192.0.2.1:100`)
    if (number > 0xffff) return unreadable(text, `${what} with a number up to 65535 behind an address`)
    octets.set(address.value)
    put16(octets, 4, number)
    return parsed({ form: 1, octets })
  }
  const as = decimal(admin, 0xffffffff)
  if (as < 0 || form === 1) return unreadable(text, `${what} such as 65001:100 or 192.0.2.1:100`)
  if (form === 2 || as > 0xffff) {
    if (number > 0xffff) return unreadable(text, `${what} with a number up to 65535 behind a 4-octet AS`)
    if (form === 0) return unreadable(text, `${what} with a 2-octet AS`)
    put16(octets, put32(octets, 0, as), number)
    return parsed({ form: 2, octets })
  }
  put32(octets, put16(octets, 0, as), number)
  return parsed({ form: 0, octets })
}
