import { copyOf, hex } from '../../bytes/octets.ts'
import type { Capability } from './capability.ts'
import { readText, writeText } from './text.ts'

/** The names, or the octets when they cannot be read: nobody ends a session over a name. */
export type Fqdn = { readonly hostname: string; readonly domain: string } | { readonly hex: string }

/** Octets of the host name that still leave room for an empty domain name in a capability of 255. */
const HOSTNAME_MAX = 253

/** FQDN (draft-walton-bgp-hostname-capability): length (1), host name, length (1), domain name; UTF-8. */
export const fqdn: Capability<Fqdn> = {
  code: 73,
  name: 'fqdn',
  check: () => null,
  read(value) {
    const hostname = readText(value, 0)
    const domain = hostname === null ? null : readText(value, hostname.end)
    if (hostname === null || domain === null || domain.end !== value.length) return { hex: hex(value) }
    return { hostname: hostname.text, domain: domain.text }
  },
  write(fields) {
    if ('hex' in fields) return new Uint8Array(Buffer.from(fields.hex, 'hex'))
    const value = new Uint8Array(2 + HOSTNAME_MAX)
    const domainAt = writeText(fields.hostname, HOSTNAME_MAX, value, 0)
    return copyOf(value, 0, writeText(fields.domain, value.length - domainAt - 1, value, domainAt))
  },
  format(fields) {
    if ('hex' in fields) return fields.hex
    return fields.domain === '' ? fields.hostname : `${fields.hostname}.${fields.domain}`
  },
}
