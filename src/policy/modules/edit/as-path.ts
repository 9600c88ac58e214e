/** Changing AS_PATHs: which AS numbers stay and as what, and what is put before them (RFC 4271 §5.1.2). Confederation segments stay as they are. */
import { copy, put8, put32, u8, u32 } from '../../../bytes/octets.ts'
import { AttributeCode, WELL_KNOWN } from '../../../wire/attribute/attribute.ts'
import { SegmentCode } from '../../../wire/attribute/segments.ts'
import type { RewriteStep } from '../../rewrite/attribute-rewrite.ts'

const HEADER = 2
const AS_OCTETS = 4
const LONGEST_SEGMENT = 255

/** What an AS number becomes; 0: it goes. */
export type EditAs = (asn: number) => number

/** Every AS number of every AS_SEQUENCE and AS_SET; a segment left empty goes. */
export function editAses(edit: EditAs): RewriteStep {
  return {
    code: AttributeCode.asPath,
    flags: WELL_KNOWN,
    add: false,
    value(bytes, from, to, out, at) {
      let target = at
      for (let segment = from; segment < to; ) {
        const type = u8(bytes, segment)
        const end = segment + HEADER + AS_OCTETS * u8(bytes, segment + 1)
        if (type !== SegmentCode.sequence && type !== SegmentCode.set) target = copy(bytes, segment, end, out, target)
        else {
          const first = target + HEADER
          let next = first
          for (let as = segment + HEADER; as < end; as += AS_OCTETS) {
            const becomes = edit(u32(bytes, as))
            if (becomes !== 0) next = put32(out, next, becomes)
          }
          if (next > first) {
            put8(out, put8(out, target, type), (next - first) / AS_OCTETS)
            target = next
          }
        }
        segment = end
      }
      return target
    },
  }
}

/** `asns` before the path, the first of them first: in its leading AS_SEQUENCE where there is room, else in one of their own. */
export function prependAses(asns: readonly number[]): RewriteStep {
  return {
    code: AttributeCode.asPath,
    flags: WELL_KNOWN,
    add: true,
    value(bytes, from, to, out, at) {
      const joins = from < to && u8(bytes, from) === SegmentCode.sequence && u8(bytes, from + 1) + asns.length <= LONGEST_SEGMENT
      let target = put8(out, put8(out, at, SegmentCode.sequence), asns.length + (joins ? u8(bytes, from + 1) : 0))
      for (const as of asns) target = put32(out, target, as)
      return copy(bytes, joins ? from + HEADER : from, to, out, target)
    },
  }
}
