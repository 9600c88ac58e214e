/**
 * UPDATE messages as decoded objects in neutral names, and back (RFC 4271 §4.3). For people, tools and tests; routes on their way through take
 * `update-scan.ts` and stay octets.
 */

import { copy, hex, put8, put16 } from '../bytes/octets.ts'
import type { Aggregator } from './attribute/aggregator.ts'
import { AttributeCode, type AttributeContext, EXTENDED_LENGTH } from './attribute/attribute.ts'
import type { DPath } from './attribute/d-path.ts'
import type { Ipv6ExtCommunity } from './attribute/ipv6-ext-communities.ts'
import type { MpReach } from './attribute/mp-reach.ts'
import type { MpUnreach } from './attribute/mp-unreach.ts'
import type { Origin } from './attribute/origin.ts'
import type { PmsiTunnel, PmsiTunnelFields } from './attribute/pmsi-tunnel.ts'
import type { AsPath } from './attribute/segments.ts'
import { checkAttribute, pathAttribute, pathAttributeNamed } from './attribute/table.ts'
import type { TunnelFields } from './attribute/tunnel-encapsulation.ts'
import { faultWithoutNlri } from './attribute/without-nlri.ts'
import type { ExtendedCommunityFields, ExtendedCommunityView } from './community/table.ts'
import { attributeFault, type Fault, routeFault, sessionFault } from './fault.ts'
import { HEADER_LENGTH, MAX_EXTENDED_MESSAGE, MessageType, writeHeader } from './framing.ts'
import { type AddressFamily, IPV4_UNICAST, sameFamily } from './negotiated.ts'
import { readUnicast, type UnicastView, writeUnicast } from './nlri/unicast.ts'
import { NotificationCode, UpdateSubcode } from './notification-codes.ts'
import { UpdateScan } from './update-scan.ts'

/** Path attributes by name; those that are not there were not on the wire. */
export interface AttributesView<C = ExtendedCommunityView> {
  readonly origin?: Origin
  readonly asPath?: AsPath
  readonly nextHop?: string
  readonly med?: number
  readonly localPref?: number
  readonly atomicAggregate?: true
  readonly aggregator?: Aggregator
  readonly communities?: readonly string[]
  readonly originatorId?: string
  readonly clusterList?: readonly string[]
  readonly mpReach?: MpReach
  readonly mpUnreach?: MpUnreach
  readonly extCommunities?: readonly C[]
  readonly as4Path?: AsPath
  readonly as4Aggregator?: Aggregator
  readonly pmsiTunnel?: PmsiTunnel
  readonly aigpHex?: string
  readonly largeCommunities?: readonly string[]
  readonly otc?: number
  readonly unknown?: readonly UnknownAttribute[]
}

/** An attribute without a member of its own: its octets as they are. `pathAttribute` may know more of it. */
export interface UnknownAttribute {
  readonly type: number
  readonly flags: number
  readonly hex: string
}

export interface UpdateView {
  readonly type: 'UPDATE'
  /** The IPv4 unicast field. */
  readonly withdrawn: readonly UnicastView[]
  readonly attributes: AttributesView
  /** Type codes in wire order, the first of duplicates only. */
  readonly attributeOrder: readonly number[]
  /** The IPv4 unicast field. */
  readonly nlri: readonly UnicastView[]
  /** The family, when the message is an End-of-RIB marker (RFC 4724 §2). */
  readonly endOfRib?: AddressFamily
}

/** Attributes to write: those of a view, or just what the octets are made of. */
export type AttributesFields = Omit<AttributesView<ExtendedCommunityFields>, 'pmsiTunnel'> & {
  readonly pmsiTunnel?: PmsiTunnelFields
  readonly tunnelEncapsulation?: readonly TunnelFields[]
  readonly ipv6ExtCommunities?: readonly Ipv6ExtCommunity[]
  readonly dPath?: DPath
}

/** An UPDATE to write. Attributes go in `attributeOrder`, or in ascending type code. */
export interface UpdateFields {
  readonly withdrawn?: readonly UnicastView[]
  readonly attributes?: AttributesFields
  readonly attributeOrder?: readonly number[]
  readonly nlri?: readonly UnicastView[]
}

/** Used again for every message: nothing that reads an attribute reads an UPDATE. */
const scan = new UpdateScan()

/**
 * Decodes the UPDATE in `from`..`to`, header included. Everything that is wrong goes to `faults`; an attribute that is at fault is left out.
 * null when not even the parts can be told apart.
 */
export function readUpdate(bytes: Uint8Array, from: number, to: number, context: AttributeContext, faults: Fault[]): UpdateView | null {
  const fault = scan.scan(bytes, from, to)
  if (fault !== null) faults.push(fault)
  if (fault?.reach === 'session') return null
  if (scan.duplicates > 0) faults.push(attributeFault(0, `${scan.duplicates} attributes stood twice (RFC 7606 3 g)`))

  const { attributes, attributeOrder } = readAttributes(bytes, scan, context, faults)
  faults.push(...missing(scan, context))
  const unsure = faultWithoutNlri(bytes, scan, context)
  if (unsure !== null) faults.push(unsure)

  const withPathId = context.addPath?.some((family) => sameFamily(family, IPV4_UNICAST)) ?? false
  const withdrawn = readField(bytes, scan.withdrawnFrom, scan.withdrawnTo, withPathId, faults)
  const nlri = readField(bytes, scan.nlriFrom, scan.nlriTo, withPathId, faults)
  const view: UpdateView = { type: 'UPDATE', withdrawn, attributes, attributeOrder, nlri }
  if (!scan.endOfRib) return view
  return { ...view, endOfRib: scan.count === 0 ? IPV4_UNICAST : { afi: scan.unreachAfi, safi: scan.unreachSafi } }
}

/** The attributes that `scan` found, those at fault left out. */
function readAttributes(
  bytes: Uint8Array,
  scan: UpdateScan,
  context: AttributeContext,
  faults: Fault[],
): Pick<UpdateView, 'attributes' | 'attributeOrder'> {
  const attributes: Record<string, unknown> = {}
  const attributeOrder: number[] = []
  const unknown: UnknownAttribute[] = []
  for (let i = 0; i < scan.count; i++) {
    const code = scan.code[i]!
    const flags = scan.flags[i]!
    const at = scan.valueAt[i]!
    const length = scan.valueLength[i]!
    attributeOrder.push(code)
    const wrong = checkAttribute(flags, code, bytes, at, length, context)
    if (wrong !== null) faults.push(wrong)
    const entry = pathAttribute(code)
    if (entry === null || entry.viewedAsOctets) {
      if (entry === null || wrong === null) unknown.push({ type: code, flags, hex: hex(bytes, at, at + length) })
    } else if (wrong === null) attributes[entry.name] = entry.read(bytes, at, length, context)
  }
  if (unknown.length > 0) attributes.unknown = unknown
  return { attributes, attributeOrder }
}

/** Mandatory attributes that are not there though routes are announced: treat-as-withdraw (RFC 7606 §3 d). */
function missing(scan: UpdateScan, context: AttributeContext): Fault[] {
  const plain = scan.nlriTo > scan.nlriFrom
  if (!plain && scan.reachAfi === 0) return []
  const wanted: number[] = [AttributeCode.origin, AttributeCode.asPath]
  if (plain) wanted.push(AttributeCode.nextHop)
  if (context.internal) wanted.push(AttributeCode.localPref)
  return wanted.filter((code) => scan.find(code) < 0).map((code) => routeFault(code, `${pathAttribute(code)?.name} is missing`))
}

function readField(bytes: Uint8Array, from: number, to: number, withPathId: boolean, faults: Fault[]): UnicastView[] {
  const views = readUnicast(bytes, from, to, 4, withPathId)
  if (typeof views !== 'string') return views
  faults.push(sessionFault(NotificationCode.update, UpdateSubcode.invalidNetworkField, views))
  return []
}

/** Reads one attribute with its header, `from` to the end of `bytes`, as a view with one member; for dumps and tests. */
export function readAttribute(bytes: Uint8Array, context: AttributeContext, faults: Fault[]): AttributesView {
  const message = new Uint8Array(HEADER_LENGTH + 4 + bytes.length)
  put16(message, HEADER_LENGTH + 2, bytes.length)
  message.set(bytes, HEADER_LENGTH + 4)
  const scan = new UpdateScan()
  const fault = scan.scan(message, 0, message.length)
  if (fault !== null) faults.push(fault)
  return readAttributes(message, scan, context, faults).attributes
}

/** The whole message, header included. Throws on fields that cannot be written or do not fit 65535 octets: a bug of ours. */
export function writeUpdate(fields: UpdateFields, context: AttributeContext): Uint8Array {
  const out = new Uint8Array(2 * MAX_EXTENDED_MESSAGE)
  const withdrawnAt = HEADER_LENGTH + 2
  const attributesLengthAt = writeUnicast(fields.withdrawn ?? [], out, withdrawnAt)
  put16(out, HEADER_LENGTH, attributesLengthAt - withdrawnAt)
  const attributesAt = attributesLengthAt + 2
  const nlriAt = writeAttributes(fields.attributes ?? {}, out, attributesAt, context, fields.attributeOrder)
  put16(out, attributesLengthAt, nlriAt - attributesAt)
  const end = writeUnicast(fields.nlri ?? [], out, nlriAt)
  if (end > MAX_EXTENDED_MESSAGE) throw new Error(`an UPDATE of ${end} octets`)
  writeHeader(out, 0, end, MessageType.update)
  return out.slice(0, end)
}

/** Writes attributes with their headers, in `order` or in ascending type code; returns the offset behind. */
export function writeAttributes(
  attributes: AttributesFields,
  out: Uint8Array,
  at: number,
  context: AttributeContext,
  order?: readonly number[],
): number {
  const unknown = [...(attributes.unknown ?? [])]
  const known = Object.entries(attributes).filter(([name, value]) => name !== 'unknown' && value !== undefined)
  const values = new Map(
    known.map(([name, value]) => {
      const entry = pathAttributeNamed(name)
      if (entry === null) throw new Error(`no path attribute ${name}`)
      return [entry.code, value] as const
    }),
  )
  const codes = order ?? [...values.keys(), ...unknown.map(({ type }) => type)].sort((a, b) => a - b)
  let end = at
  for (const code of codes) {
    const entry = pathAttribute(code)
    if (entry !== null && values.has(code)) {
      end = writeOne(entry.flags, code, (valueAt) => entry.write(values.get(code), out, valueAt, context), out, end)
      continue
    }
    const next = unknown.splice(
      unknown.findIndex(({ type }) => type === code),
      1,
    )[0]
    if (next === undefined) throw new Error(`no value for attribute ${code}`)
    const octets = Buffer.from(next.hex, 'hex')
    end = writeOne(next.flags, code, (valueAt) => copy(octets, 0, octets.length, out, valueAt), out, end)
  }
  return end
}

/** Writes the value behind a long header, then moves it up when a short one does. */
function writeOne(flags: number, code: number, writeValue: (at: number) => number, out: Uint8Array, at: number): number {
  const long = at + 4
  const end = writeValue(long)
  const length = end - long
  if (length > 255 || flags & EXTENDED_LENGTH) {
    put16(out, put8(out, put8(out, at, flags | EXTENDED_LENGTH), code), length)
    return end
  }
  put8(out, put8(out, put8(out, at, flags), code), length)
  out.copyWithin(at + 3, long, end)
  return end - 1
}
