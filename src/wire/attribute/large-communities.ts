import { put32, u32 } from '../../bytes/octets.ts'
import { routeFault } from '../fault.ts'
import { OPTIONAL_TRANSITIVE, type PathAttribute } from './attribute.ts'

const OCTETS = 12

/** LARGE COMMUNITIES, RFC 8092: `a:b:c`, 12 octets each. Empty or not a multiple of 12: treat-as-withdraw (RFC 8092 §6). */
export const largeCommunities: PathAttribute<readonly string[]> = {
  code: 32,
  name: 'largeCommunities',
  flags: OPTIONAL_TRANSITIVE,
  check(_bytes, _at, length) {
    return length > 0 && length % OCTETS === 0 ? null : routeFault(32, `LARGE COMMUNITIES of ${length} octets, a multiple of 12 expected`)
  },
  read(bytes, at, length) {
    return Array.from({ length: length / OCTETS }, (_, i) => {
      const community = at + OCTETS * i
      return `${u32(bytes, community)}:${u32(bytes, community + 4)}:${u32(bytes, community + 8)}`
    })
  },
  write(value, out, at) {
    let end = at
    for (const community of value) for (const part of community.split(':')) end = put32(out, end, Number(part))
    return end
  },
  format: (value) => value.join(' '),
}
