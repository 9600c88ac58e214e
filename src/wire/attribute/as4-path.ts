import { attributeFault } from '../fault.ts'
import { OPTIONAL_TRANSITIVE, type PathAttribute } from './attribute.ts'
import { type AsPath, checkSegments, formatSegments, readSegments, writeSegments } from './segments.ts'

/**
 * AS4_PATH, RFC 6793 §3: the AS path in 4-octet numbers, beside an AS_PATH of 2-octet ones. Malformed or from a speaker that should have used
 * AS_PATH: attribute discard (RFC 6793 §4.1, §6). Confederation segments in it are skipped when the two are merged (as4.ts).
 */
export const as4Path: PathAttribute<AsPath> = {
  code: 17,
  name: 'as4Path',
  flags: OPTIONAL_TRANSITIVE,
  check(bytes, at, length, { fourOctetAs }) {
    if (fourOctetAs) return attributeFault(17, 'AS4_PATH from a speaker of 4-octet AS numbers')
    const why = length === 0 ? 'no segment' : checkSegments(bytes, at, length, 4)
    return why === null ? null : attributeFault(17, `AS4_PATH: ${why}`)
  },
  read: (bytes, at, length) => readSegments(bytes, at, length, 4),
  write: (value, out, at) => writeSegments(value, out, at, 4),
  format: formatSegments,
}
