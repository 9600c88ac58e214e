/**
 * Every route type that has no file of its own. Its body is carried as it is, and all of it is key: whatever differs is another route.
 */
import { copy, hex } from '../../../bytes/octets.ts'
import type { EvpnRouteType } from './route-type.ts'

export interface OpaqueRoute {
  /** The body in hex. */
  readonly opaque: string
}

export const opaque = {
  type: -1,
  name: 'opaque',
  esiIsPathData: false,
  check: () => null,
  keyEnd: (_bytes, _at, length) => length,
  withdrawnTail: () => 0,
  read: (bytes, at, length) => ({ opaque: hex(bytes, at, at + length) }),
  write(value: OpaqueRoute, out, at) {
    const octets = Buffer.from(value.opaque, 'hex')
    return copy(octets, 0, octets.length, out, at)
  },
  format: (value) => `:[${value.opaque}]`,
} satisfies EvpnRouteType<OpaqueRoute>
