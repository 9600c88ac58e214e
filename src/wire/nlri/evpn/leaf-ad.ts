/**
 * Leaf A-D route, type 11, RFC 9572 §3.3: answers a route that asked for leaf information. Key: all of it.
 *
 *     +------------------------------+
 *     | Route key         (variable) |  the whole NLRI of the other route: type (1), length (1), body
 *     | Originator length (1)        |  32 or 128
 *     | Originator        (4, 16)    |
 *     +------------------------------+
 */
import { formatIp, writeIp } from '../../../address/ip.ts'
import { copy, hex, put8, u8 } from '../../../bytes/octets.ts'
import type { EvpnRouteType } from './route-type.ts'

export interface LeafAd {
  /** The NLRI of the other route in hex. */
  readonly routeKey: string
  readonly originatorLength: number
  readonly originator: string
}

export interface LeafAdFields {
  readonly routeKey: string
  readonly originator: string
}

const KEY_HEADER = 2

/** Octets of the route key, its own header included. */
function routeKeyOctets(bytes: Uint8Array, at: number): number {
  return KEY_HEADER + u8(bytes, at + 1)
}

/** EVPN route type. */
export const LEAF_AD = 11

export const leafAd = {
  type: LEAF_AD,
  name: 'leaf-ad',
  esiIsPathData: false,
  check(bytes, at, length) {
    if (length < KEY_HEADER) return 'Leaf A-D route without a route key'
    const behindKey = routeKeyOctets(bytes, at)
    const addressOctets = length - behindKey - 1
    if (addressOctets !== 4 && addressOctets !== 16) return 'Leaf A-D route whose length does not fit its route key'
    return u8(bytes, at + behindKey) === addressOctets * 8 ? null : 'Leaf A-D route whose originator length does not fit its length'
  },
  keyEnd: (_bytes, _at, length) => length,
  withdrawnTail: () => 0,
  read(bytes, at, length) {
    const lengthAt = at + routeKeyOctets(bytes, at)
    return {
      routeKey: hex(bytes, at, lengthAt),
      originatorLength: u8(bytes, lengthAt),
      originator: formatIp(bytes, lengthAt + 1, at + length - lengthAt - 1),
    }
  },
  write(value: LeafAdFields, out, at) {
    const key = Buffer.from(value.routeKey, 'hex')
    const lengthAt = copy(key, 0, key.length, out, at)
    const end = writeIp(value.originator, out, lengthAt + 1)
    put8(out, lengthAt, (end - lengthAt - 1) * 8)
    return end
  },
  format: (value) => `:[${value.routeKey}]:[${value.originatorLength}]:[${value.originator}]`,
} satisfies EvpnRouteType<LeafAd>
