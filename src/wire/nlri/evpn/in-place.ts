/**
 * Fields of an EVPN NLRI in place, for those that ask per route and cannot have views: offsets in memory, -1 where the route has no such field. `at` is
 * the route type octet, `length` all octets of the NLRI, header included. Total: any octets. Hot: nothing here allocates.
 */
import { u8 } from '../../../bytes/octets.ts'
import { ETHERNET_AD } from './ethernet-ad.ts'
import { IP_PREFIX } from './ip-prefix.ts'
import { LEAF_AD } from './leaf-ad.ts'
import { MAC_IP } from './mac-ip.ts'

const HEADER = 2
const NONE = -1

/** Offset within the body by route type, or -1; types that are not listed have no such field. */
function byType(offsets: Readonly<Record<number, number>>): Int8Array {
  const table = new Int8Array(256).fill(NONE)
  for (const [type, offset] of Object.entries(offsets)) table[Number(type)] = offset
  return table
}

const RD = byType({ 1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0, 7: 0, 8: 0, 9: 0, 10: 0 })
const ESI = byType({ 1: 8, 2: 8, 4: 8, 5: 8, 7: 8, 8: 8 })
const ETHERNET_TAG = byType({ 1: 18, 2: 18, 3: 8, 5: 18, 6: 8, 7: 18, 8: 18, 9: 8, 10: 8 })
/** Of the originating router: the length octet, where it stands at one place. */
const ORIGINATOR_LENGTH = byType({ 3: 12, 4: 18 })
/** Source, group and originator (`multicast.ts`). */
const FLOW = byType({ 6: 12, 7: 22, 8: 22, 10: 12 })

const ETHERNET_AD_LABEL = 22
const MAC = 23
const MAC_IP_LENGTH = 29
const MAC_IP_IP = 30
const PREFIX_LENGTH = 22
const PREFIX = 23
const IPV4_PREFIX_BODY = PREFIX + 4 + 4 + 3
const IPV6_PREFIX_BODY = PREFIX + 16 + 16 + 3

function fixed(offsets: Int8Array, octets: number, bytes: Uint8Array, at: number, length: number): number {
  if (length < HEADER) return NONE
  const offset = offsets[u8(bytes, at)]!
  return offset < 0 || HEADER + offset + octets > length ? NONE : at + HEADER + offset
}

/** 8 octets. */
export function rdAt(bytes: Uint8Array, at: number, length: number): number {
  return fixed(RD, 8, bytes, at, length)
}

/** 10 octets. */
export function esiAt(bytes: Uint8Array, at: number, length: number): number {
  return fixed(ESI, 10, bytes, at, length)
}

/** 4 octets. */
export function ethernetTagAt(bytes: Uint8Array, at: number, length: number): number {
  return fixed(ETHERNET_TAG, 4, bytes, at, length)
}

/** 6 octets, of type 2. */
export function macAt(bytes: Uint8Array, at: number, length: number): number {
  return length >= HEADER + MAC_IP_IP && u8(bytes, at) === MAC_IP ? at + HEADER + MAC : NONE
}

/** Octets of the IP address of a type 2 route: 0, 4 or 16. */
export function hostOctets(bytes: Uint8Array, at: number, length: number): number {
  if (length < HEADER + MAC_IP_IP || u8(bytes, at) !== MAC_IP) return 0
  const bits = u8(bytes, at + HEADER + MAC_IP_LENGTH)
  if (bits !== 32 && bits !== 128) return 0
  return HEADER + MAC_IP_IP + (bits >>> 3) <= length ? bits >>> 3 : 0
}

/** `hostOctets` of it. */
export function hostAt(bytes: Uint8Array, at: number, length: number): number {
  return hostOctets(bytes, at, length) === 0 ? NONE : at + HEADER + MAC_IP_IP
}

/** Octets of the address of a type 5 route (and of its gateway): 0, 4 or 16. The size of the route tells. */
export function prefixOctets(bytes: Uint8Array, at: number, length: number): number {
  if (length < HEADER || u8(bytes, at) !== IP_PREFIX) return 0
  return length === HEADER + IPV4_PREFIX_BODY ? 4 : length === HEADER + IPV6_PREFIX_BODY ? 16 : 0
}

/** `prefixOctets` of it. */
export function prefixAt(bytes: Uint8Array, at: number, length: number): number {
  return prefixOctets(bytes, at, length) === 0 ? NONE : at + HEADER + PREFIX
}

/** Bits of the prefix of a type 5 route. */
export function prefixBits(bytes: Uint8Array, at: number, length: number): number {
  return prefixOctets(bytes, at, length) === 0 ? NONE : u8(bytes, at + HEADER + PREFIX_LENGTH)
}

/** `prefixOctets` of it; all zero: no gateway. */
export function gatewayAt(bytes: Uint8Array, at: number, length: number): number {
  const octets = prefixOctets(bytes, at, length)
  return octets === 0 ? NONE : at + HEADER + PREFIX + octets
}

/** 3 octets: the label field of types 1 and 5, the first one of type 2. */
export function firstLabelAt(bytes: Uint8Array, at: number, length: number): number {
  if (length < HEADER) return NONE
  let label: number
  switch (u8(bytes, at)) {
    case ETHERNET_AD:
      label = HEADER + ETHERNET_AD_LABEL
      break
    case MAC_IP:
      if (length < HEADER + MAC_IP_IP) return NONE
      label = HEADER + MAC_IP_IP + hostOctets(bytes, at, length)
      break
    case IP_PREFIX: {
      const octets = prefixOctets(bytes, at, length)
      if (octets === 0) return NONE
      label = HEADER + PREFIX + 2 * octets
      break
    }
    default:
      return NONE
  }
  return label + 3 <= length ? at + label : NONE
}

/** 3 octets: the second label field of a type 2 route. */
export function secondLabelAt(bytes: Uint8Array, at: number, length: number): number {
  if (length < HEADER || u8(bytes, at) !== MAC_IP) return NONE
  const first = firstLabelAt(bytes, at, length)
  return first >= 0 && first + 6 <= at + length ? first + 3 : NONE
}

/** Offset of the length octet before the address of the originating router, of types 3, 4, 6 to 8, 10 and 11. */
function originatorLengthAt(bytes: Uint8Array, at: number, length: number): number {
  if (length < HEADER) return NONE
  const type = u8(bytes, at)
  const end = at + length
  const offset = ORIGINATOR_LENGTH[type]!
  let found: number
  if (offset >= 0) found = at + HEADER + offset
  else if (FLOW[type]! >= 0) {
    const flow = at + HEADER + FLOW[type]!
    if (flow >= end) return NONE
    const source = flow + 1 + ((u8(bytes, flow) + 7) >>> 3)
    if (source >= end) return NONE
    found = source + 1 + ((u8(bytes, source) + 7) >>> 3)
  } else if (type === LEAF_AD && HEADER + HEADER <= length) found = at + HEADER + HEADER + u8(bytes, at + HEADER + 1)
  else return NONE
  return found < end ? found : NONE
}

/** Octets of the address of the originating router: 0, 4 or 16. */
export function originatorOctets(bytes: Uint8Array, at: number, length: number): number {
  const lengthAt = originatorLengthAt(bytes, at, length)
  if (lengthAt < 0) return 0
  const bits = u8(bytes, lengthAt)
  return (bits === 32 || bits === 128) && lengthAt + 1 + (bits >>> 3) <= at + length ? bits >>> 3 : 0
}

/** `originatorOctets` of it. */
export function originatorAt(bytes: Uint8Array, at: number, length: number): number {
  return originatorOctets(bytes, at, length) === 0 ? NONE : originatorLengthAt(bytes, at, length) + 1
}
