/**
 * AIGP, RFC 7311 §3: TLVs of type (1), length (2, header included), value. Type 1 is the accumulated metric (8). Views have it as hex.
 *
 * Malformed, or with the Transitive bit: attribute discard (RFC 7311 §3). Several TLVs of one type and TLVs of unknown types are no fault.
 */
import { copy, hex, u8, u16, u32 } from '../../bytes/octets.ts'
import { attributeFault } from '../fault.ts'
import { OPTIONAL_NON_TRANSITIVE, type PathAttribute } from './attribute.ts'

const TLV_HEADER = 3
const METRIC = 1
const METRIC_OCTETS = 11

export const aigp: PathAttribute<string> = {
  code: 26,
  name: 'aigpHex',
  flags: OPTIONAL_NON_TRANSITIVE,
  wrongFlags: 'attribute',
  check(bytes, at, length) {
    if (length === 0) return attributeFault(26, 'AIGP without a TLV')
    const end = at + length
    for (let tlv = at; tlv < end; tlv += u16(bytes, tlv + 1)) {
      if (tlv + TLV_HEADER > end) return attributeFault(26, 'AIGP with a TLV cut short')
      const octets = u16(bytes, tlv + 1)
      if (octets < TLV_HEADER || tlv + octets > end) return attributeFault(26, `AIGP with a TLV of ${octets} octets`)
      if (u8(bytes, tlv) === METRIC && octets !== METRIC_OCTETS) return attributeFault(26, `AIGP metric of ${octets} octets, 11 expected`)
    }
    return null
  },
  read: (bytes, at, length) => hex(bytes, at, at + length),
  write(value, out, at) {
    const octets = Buffer.from(value, 'hex')
    return copy(octets, 0, octets.length, out, at)
  },
  format(value) {
    const metric = aigpMetric(value)
    return metric === null ? value : `metric ${metric}`
  },
}

/** The metric of an AIGP in hex, that of the first TLV of its type (RFC 7311 §3); null when it has none. */
function aigpMetric(value: string): bigint | null {
  const octets = Buffer.from(value, 'hex')
  for (let tlv = 0; tlv + METRIC_OCTETS <= octets.length; tlv += Math.max(u16(octets, tlv + 1), TLV_HEADER)) {
    if (u8(octets, tlv) === METRIC) return (BigInt(u32(octets, tlv + 3)) << 32n) | BigInt(u32(octets, tlv + 7))
  }
  return null
}
