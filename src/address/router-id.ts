/** BGP Identifiers, cluster ids, originator ids: 4 octets as an unsigned number inside, dotted text outside (RFC 6286). */
import { u32 } from '../bytes/octets.ts'
import { parseIpv4 } from './ip.ts'
import { type Parsed, parsed, unreadable } from './parsed.ts'

export function formatRouterId(id: number): string {
  return `${id >>> 24}.${(id >>> 16) & 0xff}.${(id >>> 8) & 0xff}.${id & 0xff}`
}

/** An unsigned number from dotted text; 0.0.0.0 is no identifier (RFC 6286 §2.1). */
export function parseRouterId(text: string): Parsed<number> {
  const octets = parseIpv4(text)
  const id = octets.ok ? u32(octets.value, 0) : 0
  return id === 0 ? unreadable(text, 'an identifier such as 192.0.2.1, other than 0.0.0.0') : parsed(id)
}
