/**
 * Domain Path (D-PATH), RFC 10039: the domains a route has come through, the last one first. A list of segments:
 *
 *     +---------------------------------+
 *     | Number of domains (1)           |  at least 1
 *     | domains            (7 each)     |  AS (4), number (2), type of the routes there (1: a SAFI; 0: local)
 *     +---------------------------------+
 *
 * Under 8 octets, or no whole number of domains: treat-as-withdraw. A speaker that knows nothing of it passes it on.
 */
import { put8, put16, put32, u8, u16, u32 } from '../../bytes/octets.ts'
import { routeFault } from '../fault.ts'
import { OPTIONAL_TRANSITIVE, type PathAttribute } from './attribute.ts'

export interface Domain {
  /** `65001:1`: global and local administrator. */
  readonly domainId: string
  /** Type of the routes in that domain: 70 EVPN, 128 IP-VPN, 1 unicast, 0 local. */
  readonly safi: number
}

/** Segments of domains. */
export type DPath = readonly (readonly Domain[])[]

/** Octets of a domain in the path: DOMAIN-ID (6), type of its routes (1). */
export const DOMAIN_OCTETS = 7
const SHORTEST = 1 + DOMAIN_OCTETS
/** Most domains of a segment. */
export const MOST_DOMAINS = 255
const SAFI_NAMES: Readonly<Record<number, string>> = { 0: 'local', 1: 'unicast', 70: 'evpn', 128: 'ipvpn' }

export const dPath: PathAttribute<DPath> = {
  code: 36,
  name: 'dPath',
  flags: OPTIONAL_TRANSITIVE,
  viewedAsOctets: true,
  check(bytes, at, length) {
    if (length < SHORTEST) return routeFault(36, `D-PATH of ${length} octets, at least 8 expected`)
    const end = at + length
    for (let segment = at; segment < end; ) {
      const count = u8(bytes, segment)
      if (count === 0) return routeFault(36, 'D-PATH with a segment without domains')
      segment += 1 + count * DOMAIN_OCTETS
      if (segment > end) return routeFault(36, `D-PATH with a segment of ${count} domains that runs over the end`)
    }
    return null
  },
  read(bytes, at, length) {
    const segments: Domain[][] = []
    for (let segment = at; segment < at + length; ) {
      const first = segment + 1
      const domains = Array.from({ length: u8(bytes, segment) }, (_, i) => readDomain(bytes, first + DOMAIN_OCTETS * i))
      segments.push(domains)
      segment = first + DOMAIN_OCTETS * domains.length
    }
    return segments
  },
  write(segments, out, at) {
    let end = at
    for (const domains of segments) {
      for (let from = 0; from < domains.length; from += MOST_DOMAINS) {
        const part = domains.slice(from, from + MOST_DOMAINS)
        end = put8(out, end, part.length)
        for (const domain of part) end = writeDomain(domain, out, end)
      }
    }
    return end
  },
  format: (segments) => segments.map((domains) => domains.map(formatDomain).join(' ')).join(' | '),
}

/** Domains in a value that `check` has passed. */
export function domainsIn(bytes: Uint8Array, at: number, length: number): number {
  let total = 0
  for (let segment = at; segment < at + length; segment += 1 + DOMAIN_OCTETS * u8(bytes, segment)) total += u8(bytes, segment)
  return total
}

function readDomain(bytes: Uint8Array, at: number): Domain {
  return { domainId: `${u32(bytes, at)}:${u16(bytes, at + 4)}`, safi: u8(bytes, at + 6) }
}

function writeDomain({ domainId, safi }: Domain, out: Uint8Array, at: number): number {
  const [global, local] = domainId.split(':').map(Number)
  return put8(out, put16(out, put32(out, at, global ?? 0), local ?? 0), safi)
}

/** `65001:1:evpn`. */
export function formatDomain({ domainId, safi }: Domain): string {
  return `${domainId}:${SAFI_NAMES[safi] ?? safi}`
}
