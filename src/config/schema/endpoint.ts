/** Hosts and endpoints as operators type them. */
import { formatIp, parseIp } from '../../address/ip.ts'
import { decimal, type Parsed, parsed, unreadable } from '../../address/parsed.ts'

export interface TypedEndpoint {
  /** Canonical text. */
  readonly address: string
  /** null: none was typed. */
  readonly port: number | null
}

const LINK_LOCAL = 'an address that more than one link knows: a link-local one needs an interface, which cannot be named in this version'

/** Canonical text of the address of one host: neither unspecified, link-local (RFC 4291 §2.5.6) nor multicast, and an IPv4 address written as one. */
export function parseHost(typed: string): Parsed<string> {
  if (/^fe[89ab][0-9a-f]:/i.test(typed)) return unreadable(typed, LINK_LOCAL)
  const octets = parseIp(typed)
  if (!octets.ok) return octets
  const first = octets.value[0] ?? 0
  const multicast = octets.value.length === 4 ? first >= 224 : first === 0xff
  if (multicast || octets.value.every((octet) => octet === 0)) return unreadable(typed, 'the address of one host')
  const text = formatIp(octets.value)
  return text.startsWith('::ffff:') ? unreadable(typed, 'an IPv4 address written as such, without ::ffff:') : parsed(text)
}

/** `192.0.2.1`, `192.0.2.1:1179`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:1179`. */
export function parseEndpoint(typed: string): Parsed<TypedEndpoint> {
  return split(typed, parseHost)
}

/** An endpoint to listen on: as `parseEndpoint`, and `0.0.0.0` and `::` stand for all addresses of this machine. */
export function parseListenEndpoint(typed: string): Parsed<TypedEndpoint> {
  return split(typed, (host) => (isAny(host) ? parsed(host) : parseHost(host)))
}

/** Whether it stands for every address of the machine. */
export function isAny(address: string): boolean {
  return address === '0.0.0.0' || address === '::'
}

function split(typed: string, parse: (host: string) => Parsed<string>): Parsed<TypedEndpoint> {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::([^:]*))?$/.exec(typed) ?? []
  const host = parse(bracketed ?? plain ?? typed)
  if (!host.ok) return unreadable(typed, digits === undefined ? host.expected : `${host.expected} before the port`)
  if (bracketed !== undefined && !bracketed.includes(':')) return unreadable(typed, 'brackets around an IPv6 address only')
  if (digits === undefined) return parsed({ address: host.value, port: null })
  const port = decimal(digits, 65535)
  return port < 1 ? unreadable(typed, 'a TCP port from 1 to 65535 after the address') : parsed({ address: host.value, port })
}
