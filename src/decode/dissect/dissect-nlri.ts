/** Takes lists of NLRI apart: plain and VPN prefixes, EVPN routes field by field, route target constraints, other families as octets. */
import { u8, u32 } from '../../bytes/octets.ts'
import { type AddressFamily, L2VPN_EVPN, ROUTE_TARGET_CONSTRAINT, sameFamily } from '../../wire/negotiated.ts'
import type { NlriFamily, NlriView } from '../../wire/nlri/family.ts'
import type { ListedNlri } from '../../wire/nlri/list.ts'
import type { RouteTargetConstraintView } from '../../wire/nlri/route-target-constraint.ts'
import { nlriFamily } from '../../wire/nlri/table.ts'
import { readUnicast } from '../../wire/nlri/unicast.ts'
import { readVpnUnicast } from '../../wire/nlri/vpn-unicast.ts'
import { type Field, group, labelNote, leaf, raw } from './field.ts'

/** Adds the NLRI in `from`..`to`, which were read as `views`; without them it reads them itself. What cannot be cut stands in one leaf with its fault. */
export function dissectNlriList(
  out: Field[],
  bytes: Uint8Array,
  from: number,
  to: number,
  family: AddressFamily,
  addPath: readonly AddressFamily[] = [],
  views: readonly ListedNlri[] | undefined = undefined,
): void {
  const withPathId = addPath.some((other) => sameFamily(other, family))
  const known = nlriFamily(family.afi, family.safi)
  const plain = family.safi === 1 && (family.afi === 1 || family.afi === 2)
  const vpn = family.safi === 128 && (family.afi === 1 || family.afi === 2)
  if (vpn) vpnPrefixes(out, bytes, from, to, family.afi === 1 ? 4 : 16, withPathId)
  else if (plain) prefixes(out, bytes, from, to, family.afi === 1 ? 4 : 16, withPathId)
  else if (known !== null) routes(out, bytes, from, to, known, withPathId, views as readonly NlriView[] | undefined)
  else raw(out, 'nlriHex', bytes, from, to)
}

function prefixes(out: Field[], bytes: Uint8Array, from: number, to: number, octets: 4 | 16, withPathId: boolean): void {
  for (let at = from; at < to; ) {
    const lengthAt = withPathId ? at + 4 : at
    const end = lengthAt < to ? lengthAt + 1 + ((u8(bytes, lengthAt) + 7) >>> 3) : to + 1
    const read = end > to ? 'runs over the end' : readUnicast(bytes, at, end, octets, withPathId)
    if (typeof read === 'string') {
      raw(out, 'rest', bytes, at, to, read)
      return
    }
    const fields: Field[] = []
    if (withPathId) leaf(fields, 'pathId', at, 4, u32(bytes, at))
    leaf(fields, 'prefixLength', lengthAt, 1, u8(bytes, lengthAt))
    raw(fields, 'prefix', bytes, lengthAt + 1, end)
    group(out, 'prefix', at, end - at, read[0]?.prefix, fields)
    at = end
  }
}

/** RFC 4364 §4.3.4: length in bits, labels, route distinguisher, prefix. */
function vpnPrefixes(out: Field[], bytes: Uint8Array, from: number, to: number, octets: 4 | 16, withPathId: boolean): void {
  for (let at = from; at < to; ) {
    const lengthAt = withPathId ? at + 4 : at
    const end = lengthAt < to ? lengthAt + 1 + ((u8(bytes, lengthAt) + 7) >>> 3) : to + 1
    const read = end > to ? 'runs over the end' : readVpnUnicast(bytes, at, end, octets, withPathId)
    const view = typeof read === 'string' ? undefined : read[0]
    if (view === undefined) {
      raw(out, 'rest', bytes, at, to, typeof read === 'string' ? read : undefined)
      return
    }
    const fields: Field[] = []
    if (withPathId) leaf(fields, 'pathId', at, 4, u32(bytes, at))
    let next = leaf(fields, 'length', lengthAt, 1, u8(bytes, lengthAt))
    for (const label of view.labels) next = leaf(fields, 'label', next, 3, label)
    next = leaf(fields, 'rd', next, 8, view.rd)
    raw(fields, 'prefix', bytes, next, end)
    at = group(out, 'route', at, end - at, `${view.rd} ${view.prefix}`, fields)
  }
}

function routes(
  out: Field[],
  bytes: Uint8Array,
  from: number,
  to: number,
  family: NlriFamily,
  withPathId: boolean,
  views: readonly NlriView[] | undefined,
): void {
  let read = 0
  for (let at = from; at < to; ) {
    const start = withPathId ? at + 4 : at
    const size = start > to ? -1 : family.sizeOf(bytes, start, to)
    if (size <= 0) {
      raw(out, 'rest', bytes, at, to, 'runs over the end')
      return
    }
    const view = views?.[read++] ?? family.read(bytes, start, size)
    const fields: Field[] = []
    if (withPathId) leaf(fields, 'pathId', at, 4, u32(bytes, at))
    if (sameFamily(family, L2VPN_EVPN)) evpnRoute(fields, bytes, start, size, view)
    else if (sameFamily(family, ROUTE_TARGET_CONSTRAINT)) constraint(fields, bytes, start, size, view as RouteTargetConstraintView)
    else raw(fields, 'value', bytes, start, start + size)
    at = group(out, 'route', at, start + size - at, family.format(view), fields, family.check(bytes, start, size) ?? undefined)
  }
}

/** RFC 4684 §4: length in bits, origin AS, as much of a route target as there is. */
function constraint(out: Field[], bytes: Uint8Array, at: number, size: number, view: RouteTargetConstraintView): void {
  let next = leaf(out, 'length', at, 1, view.length)
  if (view.originAs !== null) next = leaf(out, 'originAs', next, 4, view.originAs)
  if (view.routeTarget !== undefined) leaf(out, 'routeTarget', next, 8, view.routeTarget)
  else raw(out, view.originAs === null ? 'rest' : 'routeTargetHex', bytes, next, at + size)
}

const HEADER = 2

function evpnRoute(out: Field[], bytes: Uint8Array, at: number, size: number, view: NlriView): void {
  leaf(out, 'routeType', at, 1, view.routeType)
  leaf(out, 'length', at + 1, 1, u8(bytes, at + 1))
  const to = at + size
  let next = at + HEADER
  for (const [name, octets] of membersOf(view)) {
    const value = view[name]
    const length = typeof octets === 'number' ? octets : octets(view)
    if (length === 0 || next + length > to) continue
    next = leaf(out, name, next, length, value as string | number, labelNote(view, name))
  }
  raw(out, 'rest', bytes, next, to)
}

type Member = readonly [name: string, octets: Octets]
const membersByType: (readonly Member[] | undefined)[] = []

/** The members that views of this route type have. Two labels or one, opaque or not, are told by the view itself. */
function membersOf(view: NlriView): readonly Member[] {
  if (view.opaque !== undefined) return OPAQUE
  const kept = view.label2 === undefined ? membersByType[view.routeType] : undefined
  if (kept !== undefined) return kept
  const members = EVPN_MEMBERS.filter(([name]) => view[name] !== undefined)
  if (view.label2 === undefined) membersByType[view.routeType] = members
  return members
}

/** The octets of a member, from the view it stands in. */
type Octets = number | ((view: NlriView) => number)

const bitsOf =
  (name: string): Octets =>
  (view) =>
    (Number(view[name]) + 7) >>> 3
const hexOf =
  (name: string): Octets =>
  (view) =>
    String(view[name]).length / 2
const addressOf =
  (name: string): Octets =>
  (view) =>
    String(view[name]).includes(':') ? 16 : 4

/**
 * The members of all EVPN route types in the order in which they stand on the wire (RFC 7432 §7, 9136 §3.1, 9251 §9, 9572 §3); a type has those that
 * its view has.
 */
const EVPN_MEMBERS: readonly Member[] = [
  ['rd', 8],
  ['esi', 10],
  ['ethernetTag', 4],
  ['macLength', 1],
  ['mac', 6],
  ['ipLength', 1],
  ['ip', bitsOf('ipLength')],
  ['ipPrefixLength', 1],
  ['ipPrefix', addressOf('ipPrefix')],
  ['gatewayIp', addressOf('gatewayIp')],
  ['label1', 3],
  ['label2', 3],
  ['regionId', 8],
  ['sourceLength', 1],
  ['source', bitsOf('sourceLength')],
  ['groupLength', 1],
  ['group', bitsOf('groupLength')],
  ['routeKey', hexOf('routeKey')],
  ['originatorLength', 1],
  ['originator', bitsOf('originatorLength')],
  ['reserved', 4],
  ['maxResponseTime', 1],
  ['flags', 1],
  ['opaque', hexOf('opaque')],
]

const OPAQUE = EVPN_MEMBERS.filter(([name]) => name === 'opaque')
