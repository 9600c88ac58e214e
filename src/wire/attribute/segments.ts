/**
 * AS path segments, the value of AS_PATH and AS4_PATH (RFC 4271 §4.3, RFC 5065 §3, RFC 6793 §3).
 *
 *     +---------------------------------+
 *     | Segment type (1)                |  1 set, 2 sequence, 3 confederation sequence, 4 confederation set
 *     | Number of AS numbers (1)        |  1..255
 *     | AS numbers (2 or 4 octets each) |
 *     +---------------------------------+
 */
import { put8, put16, put32, u8, u16, u32 } from '../../bytes/octets.ts'

export type SegmentType = 'set' | 'sequence' | 'confed-sequence' | 'confed-set'

export interface Segment {
  readonly type: SegmentType
  readonly asns: readonly number[]
}

export type AsPath = readonly Segment[]

export const SegmentCode = { set: 1, sequence: 2, confedSequence: 3, confedSet: 4 } as const
const NAMES: readonly SegmentType[] = ['set', 'sequence', 'confed-sequence', 'confed-set']
const HEADER = 2
const MOST = 255

/** Octets of an AS number. */
export type AsOctets = 2 | 4

/** What is wrong with the segments in `length` octets at `at` (RFC 7606 §7.2; AS 0: RFC 7607 §2), or null. */
export function checkSegments(bytes: Uint8Array, at: number, length: number, asOctets: AsOctets): string | null {
  const end = at + length
  for (let segment = at; segment < end; ) {
    if (segment + HEADER > end) return 'a segment header is cut short'
    const type = u8(bytes, segment)
    const count = u8(bytes, segment + 1)
    if (type < 1 || type > NAMES.length) return `segment type ${type}`
    if (count === 0) return 'a segment without AS numbers'
    const next = segment + HEADER + count * asOctets
    if (next > end) return `a segment of ${count} AS numbers runs over the end`
    for (let as = segment + HEADER; as < next; as += asOctets) {
      if ((asOctets === 2 ? u16(bytes, as) : u32(bytes, as)) === 0) return 'AS 0'
    }
    segment = next
  }
  return null
}

/** Whether one of the segments in checked octets is of a confederation (RFC 5065 §3). Hot: allocates nothing. */
export function hasConfederationSegment(bytes: Uint8Array, at: number, length: number, asOctets: AsOctets): boolean {
  for (let segment = at; segment < at + length; segment += HEADER + u8(bytes, segment + 1) * asOctets) {
    if (u8(bytes, segment) >= SegmentCode.confedSequence) return true
  }
  return false
}

/** The segments in checked octets. */
export function readSegments(bytes: Uint8Array, at: number, length: number, asOctets: AsOctets): Segment[] {
  const segments: Segment[] = []
  for (let segment = at; segment < at + length; ) {
    const count = u8(bytes, segment + 1)
    const first = segment + HEADER
    const asns = Array.from({ length: count }, (_, i) => (asOctets === 2 ? u16(bytes, first + 2 * i) : u32(bytes, first + 4 * i)))
    segments.push({ type: NAMES[u8(bytes, segment) - 1]!, asns })
    segment = first + count * asOctets
  }
  return segments
}

/** Writes segments, those of more than 255 AS numbers in several; returns the offset behind. Numbers above 16 bits must not meet 2 octets. */
export function writeSegments(path: AsPath, out: Uint8Array, at: number, asOctets: AsOctets): number {
  let end = at
  for (const { type, asns } of path) {
    for (let from = 0; from < asns.length; from += MOST) {
      const part = asns.slice(from, from + MOST)
      end = put8(out, put8(out, end, NAMES.indexOf(type) + 1), part.length)
      for (const as of part) end = asOctets === 2 ? put16(out, end, as) : put32(out, end, as)
    }
  }
  return end
}

const BRACKETS: Readonly<Record<SegmentType, readonly [string, string]>> = {
  sequence: ['', ''],
  set: ['{', '}'],
  'confed-sequence': ['(', ')'],
  'confed-set': ['[', ']'],
}

/** `65001 65002 {65003,65004} (65005)`. */
export function formatSegments(path: AsPath): string {
  return path
    .map(({ type, asns }) => {
      const [open, close] = BRACKETS[type]
      return open + asns.join(type.endsWith('set') ? ',' : ' ') + close
    })
    .join(' ')
}
