import { EXTENDED_COMMUNITY_OCTETS } from '../community/extended-community.ts'
import { type ExtendedCommunityView, formatExtendedCommunity, readExtendedCommunity, writeExtendedCommunity } from '../community/table.ts'
import { routeFault } from '../fault.ts'
import { OPTIONAL_TRANSITIVE, type PathAttribute } from './attribute.ts'

/** EXTENDED COMMUNITIES, RFC 4360: 8 octets each. Empty or not a multiple of 8: treat-as-withdraw (RFC 7606 §7.14). */
export const extCommunities: PathAttribute<readonly ExtendedCommunityView[]> = {
  code: 16,
  name: 'extCommunities',
  flags: OPTIONAL_TRANSITIVE,
  check(_bytes, _at, length) {
    const fits = length > 0 && length % EXTENDED_COMMUNITY_OCTETS === 0
    return fits ? null : routeFault(16, `EXTENDED COMMUNITIES of ${length} octets, a multiple of 8 expected`)
  },
  read(bytes, at, length) {
    const count = length / EXTENDED_COMMUNITY_OCTETS
    return Array.from({ length: count }, (_, i) => readExtendedCommunity(bytes, at + EXTENDED_COMMUNITY_OCTETS * i))
  },
  write: (value, out, at) => value.reduce((end, community) => writeExtendedCommunity(community, out, end), at),
  format: (value) => value.map(formatExtendedCommunity).join(' '),
}
