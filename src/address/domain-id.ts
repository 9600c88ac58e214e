/**
 * DOMAIN-ID of an NV Domain in a D-PATH (RFC 10039): global administrator (4 octets), local administrator (2). As text `65001:1`; where none is
 * given, the AS number of the domain and 0.
 */
import { put16, put32, u16, u32 } from '../bytes/octets.ts'
import { decimal, type Parsed, parsed, unreadable } from './parsed.ts'

export const DOMAIN_ID_OCTETS = 6
const EXPECTED = 'a DOMAIN-ID such as 65001:1: a number up to 4294967295, a colon, a number up to 65535'

export function formatDomainId(bytes: Uint8Array, at = 0): string {
  return `${u32(bytes, at)}:${u16(bytes, at + 4)}`
}

export function parseDomainId(text: string): Parsed<Uint8Array> {
  const [first = '', second = '', ...more] = text.split(':')
  const [global, local] = [decimal(first, 0xffffffff), decimal(second, 0xffff)]
  return global < 0 || local < 0 || more.length > 0 ? unreadable(text, EXPECTED) : parsed(domainId(global, local))
}

/** The DOMAIN-ID of a domain that names none. */
export function autoDomainId(asn: number): Uint8Array {
  return domainId(asn, 0)
}

function domainId(global: number, local: number): Uint8Array {
  const octets = new Uint8Array(DOMAIN_ID_OCTETS)
  put16(octets, put32(octets, 0, global), local)
  return octets
}
