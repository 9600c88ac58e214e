/**
 * The canonical form of path attributes: checked (RFC 7606), ascending type codes, lengths in one octet where they fit, 4-octet AS numbers
 * (RFC 6793 §4.2.3), MP_REACH_NLRI and MP_UNREACH_NLRI taken out, what an external peer must not send left out (RFC 4271 §5.1.5,
 * RFC 4456 §8, RFC 4360 §6), unknown optional transitive attributes kept with the Partial bit set (RFC 4271 §5).
 */
import { copy, copyOf, put8, put16, u8 } from '../../bytes/octets.ts'
import { attributeFault, type Fault, routeFault, sessionFault, wider } from '../fault.ts'
import { NotificationCode, UpdateSubcode } from '../notification-codes.ts'
import type { UpdateScan } from '../update-scan.ts'
import { widenAggregator, widenAsPath } from './as4.ts'
import { AttributeCode, type AttributeContext, EXTENDED_LENGTH, OPTIONAL, OPTIONAL_TRANSITIVE, PARTIAL, TRANSITIVE } from './attribute.ts'
import { flagsFault, pathAttribute } from './table.ts'

const order = new Uint8Array(256)

/**
 * Writes the attributes that `scan` found in `bytes` to `at` of `out`; returns the offset behind, or the fault that reaches the routes or further.
 * Attributes that are discarded alone are left out and `left` is told why.
 */
export function writeCanonicalAttributes(
  bytes: Uint8Array,
  scan: UpdateScan,
  context: AttributeContext,
  out: Uint8Array,
  at: number,
  left: (why: string) => void,
): number | Fault {
  let worst: Fault | null = null
  let kept = 0
  for (let i = 0; i < scan.count; i++) {
    const code = scan.code[i]!
    if (code === AttributeCode.mpReach || code === AttributeCode.mpUnreach) continue
    const fault = judge(bytes, scan, i, context)
    if (fault === DISCARDED) continue
    if (fault !== null) {
      if (fault.reach === 'attribute') left(fault.why)
      else worst = wider(worst, fault)
      continue
    }
    let place = kept++
    for (; place > 0 && scan.code[order[place - 1]!]! > code; place--) order[place] = order[place - 1]!
    order[place] = i
  }
  if (worst !== null) return worst
  const missing = missingAttribute(scan, context)
  if (missing !== null) return missing
  let target = at
  for (let place = 0; place < kept; place++) target = write(bytes, scan, order[place]!, context, out, target)
  return target
}

/** An attribute that is left out without anything being wrong. */
const DISCARDED = { reach: 'attribute', attribute: 0, why: '' } as const

function judge(bytes: Uint8Array, scan: UpdateScan, i: number, context: AttributeContext): Fault | null {
  const code = scan.code[i]!
  const flags = scan.flags[i]!
  const at = scan.valueAt[i]!
  const length = scan.valueLength[i]!
  const known = pathAttribute(code)
  if (known === null) {
    if ((flags & OPTIONAL) === 0) {
      const header = at - (flags & EXTENDED_LENGTH ? 4 : 3)
      return sessionFault(
        NotificationCode.update,
        UpdateSubcode.unrecognizedWellKnown,
        `attribute ${code} says it is well-known and is not`,
        copyOf(bytes, header, at + length),
      )
    }
    return flags & TRANSITIVE ? null : DISCARDED
  }
  const external = context.internal ? null : FROM_EXTERNAL[code]
  if (external) return external
  const fault = flagsFault(known, flags, bytes, at, length) ?? known.check(bytes, at, length, context)
  if (fault !== null) return fault
  // The next hop of the routes stands in MP_REACH_NLRI; AS4 twins are merged into what they belong to.
  if (code === AttributeCode.nextHop || code === AttributeCode.as4Path || code === AttributeCode.as4Aggregator) return DISCARDED
  return null
}

/** What an external peer must not send is left out (RFC 7606 §7.5, §7.9, §7.10; AIGP: RFC 7311 §3.2). Made once: some peers send it with every route. */
const FROM_EXTERNAL: readonly (Fault | null)[] = Array.from({ length: 256 }, (_, code) => {
  const mustNot: readonly number[] = [AttributeCode.localPref, AttributeCode.originatorId, AttributeCode.clusterList, AttributeCode.aigp]
  return mustNot.includes(code) ? attributeFault(code, `${pathAttribute(code)?.name} from an external peer`) : null
})

/** Well-known mandatory attributes: without one the routes are withdrawn (RFC 7606 §3 d). */
function missingAttribute(scan: UpdateScan, context: AttributeContext): Fault | null {
  if (scan.find(AttributeCode.origin) < 0) return routeFault(AttributeCode.origin, 'ORIGIN is missing')
  if (scan.find(AttributeCode.asPath) < 0) return routeFault(AttributeCode.asPath, 'AS_PATH is missing')
  if (context.internal && scan.find(AttributeCode.localPref) < 0) return routeFault(AttributeCode.localPref, 'LOCAL_PREF is missing')
  return null
}

function write(bytes: Uint8Array, scan: UpdateScan, i: number, context: AttributeContext, out: Uint8Array, at: number): number {
  const code = scan.code[i]!
  const from = scan.valueAt[i]!
  const to = from + scan.valueLength[i]!
  let end: number
  if (code === AttributeCode.asPath && !context.fourOctetAs) end = widenAsPath(bytes, scan, out, at + 4)
  else if (code === AttributeCode.aggregator && !context.fourOctetAs) end = widenAggregator(bytes, scan, out, at + 4)
  else if (code === AttributeCode.extCommunities && !context.internal) end = transitiveOnly(bytes, from, to, out, at + 4)
  else end = copy(bytes, from, to, out, at + 4)
  const length = end - at - 4
  if (length === 0 && code === AttributeCode.extCommunities && to > from) return at
  const flags = canonicalFlags(code, scan.flags[i]!)
  if (length <= 255) {
    put8(out, put8(out, put8(out, at, flags), code), length)
    out.copyWithin(at + 3, at + 4, end)
    return end - 1
  }
  put16(out, put8(out, put8(out, at, flags | EXTENDED_LENGTH), code), length)
  return end
}

/** Unused bits are 0, Partial only with optional transitive attributes (RFC 4271 §4.3), there always when the attribute is unknown (§5). */
function canonicalFlags(code: number, flags: number): number {
  const kind = flags & OPTIONAL_TRANSITIVE
  if (kind !== OPTIONAL_TRANSITIVE) return kind
  return pathAttribute(code) === null ? kind | PARTIAL : flags & (OPTIONAL_TRANSITIVE | PARTIAL)
}

const NON_TRANSITIVE_COMMUNITY = 0x40

function transitiveOnly(bytes: Uint8Array, from: number, to: number, out: Uint8Array, at: number): number {
  let target = at
  for (let source = from; source < to; source += 8) {
    if ((u8(bytes, source) & NON_TRANSITIVE_COMMUNITY) === 0) target = copy(bytes, source, source + 8, out, target)
  }
  return target
}
