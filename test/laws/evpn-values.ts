/** Arbitrary EVPN routes of every type, as the views that reading gives. */
import fc from 'fast-check'
import { formatRd } from '../../src/address/rd.ts'
import type { NlriView } from '../../src/wire/nlri/family.ts'
import { esi, hexText, ip, ipv4, ipv6, mac, octets, u8, u24, u32 } from './values.ts'

const rd = fc
  .tuple(fc.integer({ min: 0, max: 3 }), octets(6))
  .map(([rdType, value]) => ({ rdType, rd: formatRd(Uint8Array.of(0, rdType, ...value)) }))
const segment = esi.map((text) => ({ esiType: Number.parseInt(text.slice(0, 2), 16), esi: text }))
const none = { esiType: 0, esi: '00:00:00:00:00:00:00:00:00:00' }
const label1 = u24.map((vni1) => ({ label1: vni1 >>> 4, vni1 }))
const label2 = fc.option(
  u24.map((vni2) => ({ label2: vni2 >>> 4, vni2 })),
  { nil: {} },
)
const tag = u32.map((ethernetTag) => ({ ethernetTag }))
const bits = (address: string) => (address.includes(':') ? 128 : 32)
const originator = ip.map((address) => ({ ipLength: bits(address), ip: address }))
const host = fc.option(originator, { nil: { ipLength: 0, ip: null } })
const overlay = (address: fc.Arbitrary<string>, zero: string) =>
  fc.oneof(
    segment.map((index) => ({ ...index, gatewayIp: zero })),
    address.map((gatewayIp) => ({ ...none, gatewayIp })),
  )
const prefix = fc.oneof(
  fc.tuple(ipv4, fc.integer({ min: 0, max: 32 }), overlay(ipv4, '0.0.0.0')),
  fc.tuple(ipv6, fc.integer({ min: 0, max: 128 }), overlay(ipv6, '::')),
)

const flow = fc
  .tuple(
    fc.oneof(
      fc.constant({ source: null, group: null }),
      fc.record({ source: fc.option(ipv4, { nil: null }), group: ipv4 }),
      fc.record({ source: fc.option(ipv6, { nil: null }), group: ipv6 }),
    ),
    ip,
  )
  .map(([{ source, group }, from]) => ({
    sourceLength: source === null ? 0 : bits(source),
    source,
    groupLength: group === null ? 0 : bits(group),
    group,
    originatorLength: bits(from),
    originator: from,
  }))
const flags = u8.map((octet) => ({ flags: octet }))
const reserved = fc.oneof(
  fc.constant({}),
  octets(4).map((four) => ({ reserved: Buffer.from(four).toString('hex') })),
)
const leaf = fc.tuple(u8, fc.uint8Array({ maxLength: 80 }), ip).map(([type, body, originator]) => ({
  routeKey: Buffer.from([type, body.length, ...body]).toString('hex'),
  originatorLength: bits(originator),
  originator,
}))

const merged = (routeType: number, ...parts: fc.Arbitrary<object>[]) =>
  fc.tuple(...parts).map((members) => Object.assign({ routeType }, ...members) as NlriView)

/** The octets of a body by type; the address sizes are what varies. */
function lengthOf(view: NlriView): number {
  const address = (view.ipLength as number) / 8
  const addresses = ((view.sourceLength as number) + (view.groupLength as number) + (view.originatorLength as number)) / 8
  switch (view.routeType) {
    case 1:
      return 25
    case 2:
      return 33 + address + ('vni2' in view ? 3 : 0)
    case 3:
      return 13 + address
    case 4:
      return 19 + address
    case 5:
      return String(view.ipPrefix).includes(':') ? 58 : 34
    case 6:
      return 16 + addresses
    case 7:
      return 26 + addresses
    case 8:
      return 27 + addresses + ('reserved' in view ? 4 : 0)
    case 9:
      return 20
    case 10:
      return 15 + addresses
    case 11:
      return String(view.routeKey).length / 2 + 1 + (view.originatorLength as number) / 8
    default:
      return String(view.opaque).length / 2
  }
}

/** By route type; 0 stands for those that are carried as opaque octets. */
export const EVPN_VALUES: Readonly<Record<number, fc.Arbitrary<NlriView>>> = Object.fromEntries(
  Object.entries({
    0: fc
      .tuple(fc.oneof(fc.constant(0), fc.integer({ min: 12, max: 255 })), hexText({ maxLength: 80 }))
      .map(([routeType, opaque]) => ({ routeType, opaque })),
    1: merged(1, rd, segment, tag, label1),
    2: merged(
      2,
      rd,
      segment,
      tag,
      mac.map((text) => ({ macLength: 48, mac: text })),
      host,
      label1,
      label2,
    ),
    3: merged(3, rd, tag, originator),
    4: merged(4, rd, segment, originator),
    5: fc.tuple(merged(5, rd, tag, label1), prefix).map(([view, [address, length, index]]) => ({
      ...view,
      ...index,
      ipPrefixLength: length,
      ipPrefix: `${address}/${length}`,
    })),
    6: merged(6, rd, tag, flow, flags),
    7: merged(7, rd, segment, tag, flow, flags),
    8: merged(
      8,
      rd,
      segment,
      tag,
      flow,
      flags,
      reserved,
      u8.map((maxResponseTime) => ({ maxResponseTime })),
    ),
    9: merged(
      9,
      rd,
      tag,
      octets(8).map((region) => ({ regionId: Buffer.from(region).toString('hex') })),
    ),
    10: merged(10, rd, tag, flow),
    11: merged(11, leaf),
  } satisfies Record<number, fc.Arbitrary<NlriView>>).map(([type, values]) => [
    type,
    values.map((view: NlriView) => ({ ...view, length: lengthOf(view) })),
  ]),
)

export const evpnViews = fc.oneof(...Object.values(EVPN_VALUES))
