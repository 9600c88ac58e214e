import { copy, hex, u8, u16 } from '../../bytes/octets.ts'
import { attributeFault } from '../fault.ts'
import { OPTIONAL_NON_TRANSITIVE, type PathAttribute } from './attribute.ts'

const TLV_HEADER = 3

/** AIGP, RFC 7311 §3: TLVs of type (1), length (2, header included), value. Kept as hex. Malformed: attribute discard (RFC 7311 §3). */
export const aigp: PathAttribute<string> = {
  code: 26,
  name: 'aigpHex',
  flags: OPTIONAL_NON_TRANSITIVE,
  check(bytes, at, length) {
    const end = at + length
    for (let tlv = at; tlv < end; tlv += u16(bytes, tlv + 1)) {
      if (tlv + TLV_HEADER > end) return attributeFault(26, 'AIGP with a TLV cut short')
      const octets = u16(bytes, tlv + 1)
      if (octets < TLV_HEADER || tlv + octets > end) return attributeFault(26, `AIGP with a TLV of ${octets} octets`)
      if (u8(bytes, tlv) === 1 && octets !== 11) return attributeFault(26, `AIGP metric of ${octets} octets, 11 expected`)
    }
    return null
  },
  read: (bytes, at, length) => hex(bytes, at, at + length),
  write(value, out, at) {
    const octets = Buffer.from(value, 'hex')
    return copy(octets, 0, octets.length, out, at)
  },
  format: (value) => value,
}
