/**
 * The NLRI family Route Target Constraint (1/132), RFC 4684 §4: which route targets a speaker wants to hear of. A prefix of
 *
 *     +-------------------------+
 *     | Length in bits   (1)    |  0: every route target; otherwise 32..96
 *     | Origin AS        (4)    |
 *     | Route target (0 to 8)   |  as many octets as the bits need
 *     +-------------------------+
 *
 * All of it is key. The neutral names have nothing for it, so lists of views show its octets.
 */
import { formatRouteTarget } from '../../address/route-target.ts'
import { copy, hex, put8, put32, u8, u32 } from '../../bytes/octets.ts'
import { ROUTE_TARGET_CONSTRAINT } from '../negotiated.ts'
import type { NlriFamily, NlriView } from './family.ts'

export interface RouteTargetConstraintView extends NlriView {
  /** Bits: 0, or 32 to 96. */
  readonly length: number
  /** null: any, which only length 0 means. */
  readonly originAs: number | null
  /** Hex of the octets there are; those not there are any. */
  readonly routeTargetHex: string
  /** `65001:100` where all 8 octets are there. */
  readonly routeTarget?: string
}

const AS_BITS = 32
const WHOLE_BITS = 96
const ROUTE_TARGET = 5
const WHOLE_OCTETS = 13

const octetsOf = (bits: number) => (bits + 7) >>> 3

export const routeTargetConstraint: NlriFamily = {
  ...ROUTE_TARGET_CONSTRAINT,
  name: 'ipv4 rt-constrain',
  viewedAsOctets: true,

  /** Hot: allocates nothing. */
  sizeOf(bytes, at, end) {
    if (at >= end) return -1
    const size = 1 + octetsOf(u8(bytes, at))
    return at + size > end ? -1 : size
  },

  /** Hot: allocates nothing. */
  check(bytes, at) {
    const bits = u8(bytes, at)
    return bits === 0 || (bits >= AS_BITS && bits <= WHOLE_BITS) ? null : 'Route Target Constraint whose length is not 0 or 32 to 96'
  },

  /** Hot: allocates nothing. */
  keyInto: (bytes, at, size, key, to) => copy(bytes, at, at + size, key, to),

  restInto: (_bytes, _at, _size, _rest, to) => to,

  /** Hot: allocates nothing. */
  join: (key, keyAt, keyLength, _rest, _restAt, _restLength, out, to) => copy(key, keyAt, keyAt + keyLength, out, to),

  /** Hot: allocates nothing. */
  joinWithdrawn: (key, keyAt, keyLength, out, to) => copy(key, keyAt, keyAt + keyLength, out, to),

  read(bytes, at, size): RouteTargetConstraintView {
    const view = {
      routeType: 0,
      length: u8(bytes, at),
      originAs: size >= ROUTE_TARGET ? u32(bytes, at + 1) : null,
      routeTargetHex: hex(bytes, Math.min(at + ROUTE_TARGET, at + size), at + size),
    }
    return size === WHOLE_OCTETS ? { ...view, routeTarget: formatRouteTarget(bytes, at + ROUTE_TARGET) } : view
  },

  format(view) {
    const { length, originAs, routeTarget, routeTargetHex } = view as RouteTargetConstraintView
    return originAs === null ? 'default' : `${originAs}:${routeTarget ?? routeTargetHex}/${length}`
  },
}

/** Writes a view; returns the offset behind. */
export function writeRouteTargetConstraint(view: RouteTargetConstraintView, out: Uint8Array, at: number): number {
  const end = put8(out, at, view.length)
  if (view.originAs === null) return end
  const octets = Buffer.from(view.routeTargetHex, 'hex')
  return copy(octets, 0, octets.length, out, put32(out, end, view.originAs))
}
