import { put16, u16 } from '../../bytes/octets.ts'
import { routeFault } from '../fault.ts'
import { OPTIONAL_TRANSITIVE, type PathAttribute } from './attribute.ts'

const OCTETS = 4

/** Well-known communities by name (RFC 1997, RFC 3765, RFC 7999, RFC 8326, RFC 9494). */
const NAMES: Readonly<Record<string, string>> = {
  '65535:0': 'graceful-shutdown',
  '65535:6': 'llgr-stale',
  '65535:7': 'no-llgr',
  '65535:666': 'blackhole',
  '65535:65281': 'no-export',
  '65535:65282': 'no-advertise',
  '65535:65283': 'no-export-subconfed',
  '65535:65284': 'no-peer',
}

const BY_NAME = new Map(Object.entries(NAMES).map(([numbers, name]) => [name, numbers]))

/** `65535:65281` of `no-export`; null: no such name. */
export function wellKnownCommunity(name: string): string | null {
  return BY_NAME.get(name) ?? null
}

/** COMMUNITIES, RFC 1997: `high:low`, 4 octets each. Empty or not a multiple of 4: treat-as-withdraw (RFC 7606 §7.8). */
export const communities: PathAttribute<readonly string[]> = {
  code: 8,
  name: 'communities',
  flags: OPTIONAL_TRANSITIVE,
  check(_bytes, _at, length) {
    return length > 0 && length % OCTETS === 0 ? null : routeFault(8, `COMMUNITIES of ${length} octets, a multiple of 4 expected`)
  },
  read(bytes, at, length) {
    return Array.from({ length: length / OCTETS }, (_, i) => `${u16(bytes, at + OCTETS * i)}:${u16(bytes, at + OCTETS * i + 2)}`)
  },
  write(value, out, at) {
    let end = at
    for (const community of value) for (const part of community.split(':')) end = put16(out, end, Number(part))
    return end
  },
  format: (value) => value.map((community) => NAMES[community] ?? community).join(' '),
}
