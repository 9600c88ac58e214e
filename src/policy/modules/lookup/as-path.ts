/**
 * The AS_PATH of a route as policy sees it: one token per AS of an AS_SEQUENCE, one for a whole AS_SET; segments of a confederation are not seen, as they do
 * not count either (RFC 4271 §9.1.2.2, RFC 5065 §5.3).
 */
import { u8, u32 } from '../../../bytes/octets.ts'
import { AttributeCode } from '../../../wire/attribute/attribute.ts'
import { SegmentCode } from '../../../wire/attribute/segments.ts'
import { findAttribute, valueEnd, valueStart } from '../../rewrite/attribute-rewrite.ts'
import type { RouteView } from '../module.ts'

const SEGMENT_HEADER = 2
const AS_OCTETS = 4

/** A walk over the tokens, again and again for one route after the other. Nothing is allocated on the way. */
export class AsPathTokens {
  bytes: Uint8Array = new Uint8Array(0)
  /** First AS of the token, 4 octets each. */
  at = 0
  /** AS numbers of the token: more than one only of an AS_SET. */
  count = 0
  private segment = 0
  private nextInSequence = 0
  private endOfSequence = 0
  private end = 0

  start(route: RouteView): void {
    const attribute = findAttribute(route.bytes, route.from, route.to, AttributeCode.asPath)
    this.bytes = route.bytes
    this.segment = attribute < 0 ? 0 : valueStart(route.bytes, attribute)
    this.end = attribute < 0 ? 0 : valueEnd(route.bytes, attribute)
    this.nextInSequence = 0
    this.endOfSequence = 0
  }

  /** Goes to the next token; false: there is none. */
  next(): boolean {
    while (this.nextInSequence === this.endOfSequence) {
      if (this.segment >= this.end) return false
      const type = u8(this.bytes, this.segment)
      const first = this.segment + SEGMENT_HEADER
      const count = u8(this.bytes, this.segment + 1)
      this.segment = first + AS_OCTETS * count
      if (type === SegmentCode.set) {
        this.at = first
        this.count = count
        return true
      }
      if (type !== SegmentCode.sequence) continue
      this.nextInSequence = first
      this.endOfSequence = this.segment
    }
    this.at = this.nextInSequence
    this.count = 1
    this.nextInSequence += AS_OCTETS
    return true
  }

  /** AS number `i` of the token. */
  as(i: number): number {
    return u32(this.bytes, this.at + AS_OCTETS * i)
  }
}
