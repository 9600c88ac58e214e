/**
 * Between speakers of 2-octet and of 4-octet AS numbers, RFC 6793. Inside fednva AS numbers have 4 octets. From an old speaker AS_PATH and AGGREGATOR are
 * widened, with AS4_PATH and AS4_AGGREGATOR merged in (§4.2.3); to an old speaker they are narrowed, with AS_TRANS for what does not fit, and the
 * AS4 twins added (§4.2.2). All of it runs once per attribute set and only with such peers.
 */
import { copy, put16, put32, u16, u32 } from '../../bytes/octets.ts'
import { AS_TRANS } from '../open.ts'
import type { UpdateScan } from '../update-scan.ts'
import { type Aggregator, aggregator, as4Aggregator } from './aggregator.ts'
import { as4Path } from './as4-path.ts'
import { AttributeCode, type AttributeContext, type PathAttribute } from './attribute.ts'
import { type AsPath, readSegments, type Segment, writeSegments } from './segments.ts'

const OLD: AttributeContext = { fourOctetAs: false, internal: false }
const ADDRESS_OCTETS = 4

/**
 * Writes the AS_PATH that `scan` found (2-octet numbers, checked) as a 4-octet one, merged with the AS4_PATH beside it when that is sound.
 * Returns the offset behind.
 */
export function widenAsPath(bytes: Uint8Array, scan: UpdateScan, out: Uint8Array, at: number): number {
  const path = scan.find(AttributeCode.asPath)
  const plain = readSegments(bytes, scan.valueAt[path]!, scan.valueLength[path]!, 2)
  const twin = scan.find(AttributeCode.as4Path)
  const merge = twin >= 0 && !aggregatedByOldSpeaker(bytes, scan)
  const sound = merge && as4Path.check(bytes, scan.valueAt[twin]!, scan.valueLength[twin]!, OLD) === null
  const wide = sound ? mergeAs4Path(plain, readSegments(bytes, scan.valueAt[twin]!, scan.valueLength[twin]!, 4)) : plain
  return writeSegments(wide, out, at, 4)
}

/**
 * Writes the AGGREGATOR that `scan` found (2-octet AS, checked) as a 4-octet one: that of AS4_AGGREGATOR when it says AS_TRANS and there is a
 * sound one. Returns the offset behind.
 */
export function widenAggregator(bytes: Uint8Array, scan: UpdateScan, out: Uint8Array, at: number): number {
  const from = scan.valueAt[scan.find(AttributeCode.aggregator)]!
  const twin = scan.find(AttributeCode.as4Aggregator)
  if (twin >= 0 && u16(bytes, from) === AS_TRANS) {
    const twinAt = scan.valueAt[twin]!
    const length = scan.valueLength[twin]!
    if (as4Aggregator.check(bytes, twinAt, length, OLD) === null) return copy(bytes, twinAt, twinAt + length, out, at)
  }
  return copy(bytes, from + 2, from + 2 + ADDRESS_OCTETS, out, put32(out, at, u16(bytes, from)))
}

/**
 * An AGGREGATOR with a real 2-octet AS was made behind the AS4 twins, which are stale then and are ignored both (RFC 6793 §4.2.3). One that is malformed
 * is discarded (RFC 7606 §7.7, RFC 6793 §6) and says nothing.
 */
function aggregatedByOldSpeaker(bytes: Uint8Array, scan: UpdateScan): boolean {
  const position = scan.find(AttributeCode.aggregator)
  if (!isSound(aggregator, bytes, scan, position) || u16(bytes, scan.valueAt[position]!) === AS_TRANS) return false
  return isSound(as4Aggregator, bytes, scan, scan.find(AttributeCode.as4Aggregator))
}

function isSound(entry: PathAttribute<Aggregator>, bytes: Uint8Array, scan: UpdateScan, position: number): boolean {
  return position >= 0 && entry.check(bytes, scan.valueAt[position]!, scan.valueLength[position]!, OLD) === null
}

/**
 * The true path of an AS_PATH with AS_TRANS in it and its AS4_PATH: the AS4_PATH with as many leading AS numbers of the AS_PATH before it as it
 * lacks. An AS4_PATH that is longer is ignored. Confederation segments count nothing and stay out of the AS4_PATH (RFC 6793 §4.2.3, §6).
 */
export function mergeAs4Path(path: AsPath, as4: AsPath): Segment[] {
  const tail = as4.filter(({ type }) => !type.startsWith('confed'))
  let lacking = pathLength(path) - pathLength(tail)
  if (lacking < 0) return [...path]
  const merged: Segment[] = []
  for (const segment of path) {
    const confederation = segment.type.startsWith('confed')
    if (lacking === 0 && !confederation) break
    if (segment.type !== 'sequence') {
      merged.push(segment)
      if (!confederation) lacking--
      continue
    }
    const taken = segment.asns.slice(0, lacking)
    merged.push({ type: 'sequence', asns: taken })
    lacking -= taken.length
  }
  for (const segment of tail) {
    const last = merged.at(-1)
    if (segment.type === 'sequence' && last?.type === 'sequence') {
      merged[merged.length - 1] = { type: 'sequence', asns: [...last.asns, ...segment.asns] }
    } else {
      merged.push(segment)
    }
  }
  return merged
}

/** Length as the decision process counts it: 1 for an AS number in a sequence, 1 for a set, 0 for confederation segments (RFC 5065 §5.3). */
export function pathLength(path: AsPath): number {
  return path.reduce((sum, { type, asns }) => sum + (type === 'sequence' ? asns.length : type === 'set' ? 1 : 0), 0)
}

const narrow = (as: number) => (as > 0xffff ? AS_TRANS : as)

/** Writes 4-octet AS_PATH octets as 2-octet ones; returns the offset behind. */
export function narrowAsPath(bytes: Uint8Array, at: number, length: number, out: Uint8Array, to: number): number {
  const path = readSegments(bytes, at, length, 4)
  return writeSegments(
    path.map(({ type, asns }) => ({ type, asns: asns.map(narrow) })),
    out,
    to,
    2,
  )
}

/** Writes the value of the AS4_PATH that must go with a narrowed AS_PATH; returns the offset behind, `to` itself when none is needed (§4.2.2). */
export function writeAs4Path(bytes: Uint8Array, at: number, length: number, out: Uint8Array, to: number): number {
  const path = readSegments(bytes, at, length, 4).filter(({ type }) => !type.startsWith('confed'))
  return path.some(({ asns }) => asns.some((as) => as > 0xffff)) ? writeSegments(path, out, to, 4) : to
}

/** Writes 8 octets of AGGREGATOR as the 6 of an old speaker; returns the offset behind. The 8 octets are its AS4_AGGREGATOR. */
export function narrowAggregator(bytes: Uint8Array, at: number, out: Uint8Array, to: number): number {
  return copy(bytes, at + 4, at + 4 + ADDRESS_OCTETS, out, put16(out, to, narrow(u32(bytes, at))))
}

/** Whether the AS of this 4-octet AGGREGATOR does not fit 2 octets, so that an AS4_AGGREGATOR must go along. */
export function needsAs4Aggregator(bytes: Uint8Array, at: number): boolean {
  return u32(bytes, at) > 0xffff
}
