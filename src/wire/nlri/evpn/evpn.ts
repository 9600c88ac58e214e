/**
 * The NLRI family L2VPN EVPN (25/70), RFC 7432 §7.
 *
 *     NLRI:  type (1)  length (1)  body (length)
 *     key:   type (1)  body without path data
 *     rest:  ESI (10) where it is path data, then the tail of the body (labels, gateway)
 *
 * What of a body is path data, its type says (route-type.ts). A withdrawal is found by its key alone: ESI and labels in it are arbitrary, and some
 * speakers leave the tail out.
 */
import { u8 } from '../../../bytes/octets.ts'
import { L2VPN_EVPN } from '../../negotiated.ts'
import type { NlriFamily, NlriView } from '../family.ts'
import { opaque } from './opaque.ts'
import type { EvpnRouteType } from './route-type.ts'
import { evpnRouteType } from './table.ts'

const HEADER = 2
const ESI = 8
const ESI_OCTETS = 10
const BEHIND_ESI = ESI + ESI_OCTETS

/** A decoded EVPN NLRI: `routeType`, `length` and the members that the route type's file names. */
export interface EvpnView extends NlriView {
  readonly length: number
}

export const evpn: NlriFamily = {
  ...L2VPN_EVPN,
  name: 'l2vpn evpn',

  /** Hot: allocates nothing. */
  sizeOf(bytes, at, end) {
    if (at + HEADER > end) return -1
    const size = HEADER + u8(bytes, at + 1)
    return at + size > end ? -1 : size
  },

  /** Hot: allocates nothing. */
  check(bytes, at, size) {
    return evpnRouteType(u8(bytes, at)).check(bytes, at + HEADER, size - HEADER)
  },

  /** Hot: allocates nothing. */
  keyInto(bytes, at, size, key, to) {
    const type = u8(bytes, at)
    const entry = evpnRouteType(type)
    const body = at + HEADER
    const end = body + entry.keyEnd(bytes, body, size - HEADER)
    let target = to
    key[target++] = type
    let source = body
    if (entry.esiIsPathData) {
      const hole = Math.min(body + ESI, end)
      while (source < hole) key[target++] = bytes[source++]!
      source = body + BEHIND_ESI
    }
    while (source < end) key[target++] = bytes[source++]!
    return target
  },

  /** Hot: allocates nothing. */
  restInto(bytes, at, size, rest, to) {
    const entry = evpnRouteType(u8(bytes, at))
    const body = at + HEADER
    const end = at + size
    const keyEnd = body + entry.keyEnd(bytes, body, size - HEADER)
    let target = to
    if (entry.esiIsPathData) {
      const behind = Math.min(body + BEHIND_ESI, keyEnd)
      for (let source = body + ESI; source < behind; source++) rest[target++] = bytes[source]!
    }
    for (let source = keyEnd; source < end; source++) rest[target++] = bytes[source]!
    return target
  },

  /** Hot: allocates nothing. */
  join(key, keyAt, keyLength, rest, restAt, restLength, out, to) {
    const type = u8(key, keyAt)
    out[to] = type
    out[to + 1] = keyLength - 1 + restLength
    let target = to + HEADER
    let source = keyAt + 1
    const keyEnd = keyAt + keyLength
    let path = restAt
    const restEnd = restAt + restLength
    if (evpnRouteType(type).esiIsPathData) {
      const hole = Math.min(source + ESI, keyEnd)
      while (source < hole) out[target++] = key[source++]!
      const behind = Math.min(path + ESI_OCTETS, restEnd)
      while (path < behind) out[target++] = rest[path++]!
    }
    while (source < keyEnd) out[target++] = key[source++]!
    while (path < restEnd) out[target++] = rest[path++]!
    return target
  },

  /** Hot: allocates nothing. */
  joinWithdrawn(key, keyAt, keyLength, out, to) {
    const type = u8(key, keyAt)
    const entry = evpnRouteType(type)
    out[to] = type
    let target = to + HEADER
    let source = keyAt + 1
    const keyEnd = keyAt + keyLength
    if (entry.esiIsPathData) {
      const hole = Math.min(source + ESI, keyEnd)
      while (source < hole) out[target++] = key[source++]!
      for (let i = 0; i < ESI_OCTETS; i++) out[target++] = 0
    }
    while (source < keyEnd) out[target++] = key[source++]!
    const end = target + entry.withdrawnTail(target - to - HEADER)
    while (target < end) out[target++] = 0
    out[to + 1] = target - to - HEADER
    return target
  },

  /** A body that does not pass `check` (a withdrawal without labels, say) is shown as opaque octets. */
  read(bytes, at, size): EvpnView {
    const routeType = u8(bytes, at)
    const length = size - HEADER
    const entry = evpnRouteType(routeType)
    const sound = entry.check(bytes, at + HEADER, length) === null
    return { routeType, length, ...(sound ? entry : opaque).read(bytes, at + HEADER, length) }
  },

  format(view) {
    const text = `[${view.routeType}]${entryOf(view).format(view)}`
    return typeof view.rd === 'string' ? `${view.rd} ${text}` : text
  },
}

/** Writes the NLRI of a view or of the fields of its route type; returns the offset behind. Throws on fields that cannot be: a bug of ours. */
export function writeEvpn(view: NlriView, out: Uint8Array, at: number): number {
  const end = entryOf(view).write(view, out, at + HEADER)
  out[at] = view.routeType
  out[at + 1] = end - at - HEADER
  return end
}

function entryOf(view: NlriView): EvpnRouteType {
  return 'opaque' in view ? opaque : evpnRouteType(view.routeType)
}
