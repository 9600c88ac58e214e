/**
 * The ROUTE-REFRESH message, RFC 2918 §3; the subtypes are those of RFC 7313 §3.2.
 *
 *     +---------------+
 *     | AFI     (2)   |
 *     | Subtype (1)   |  0 please send all again, 1 begin (BoRR), 2 end (EoRR)
 *     | SAFI    (1)   |
 *     +---------------+
 */

import { u8 as octet, struct, u16be } from 'buffer-layout'
import { copyOf, put8, put16, u8, u16 } from '../bytes/octets.ts'
import { type SessionFault, sessionFault } from './fault.ts'
import { HEADER_LENGTH, MessageType, writeHeader } from './framing.ts'
import type { AddressFamily } from './negotiated.ts'
import { NotificationCode, RefreshErrorSubcode } from './notification-codes.ts'

export interface RouteRefresh extends AddressFamily {
  readonly subtype: number
}

export const RefreshSubtype = { normal: 0, begin: 1, end: 2 } as const

const layout = struct([u16be('afi'), octet('subtype'), octet('safi')])
const SUBTYPE = layout.offsetOf('subtype')
const SAFI = layout.offsetOf('safi')

/**
 * Reads the body `from`..`to` (behind the header). Any length but 4 ends the session with 7/1 and the whole message as data (RFC 7313 §5); the longer
 * form of RFC 5291 (outbound route filters) is not one we offer. An unknown subtype is returned as it is: the receiver ignores it.
 */
export function readRouteRefresh(bytes: Uint8Array, from: number, to: number): RouteRefresh | SessionFault {
  if (to - from !== layout.span) {
    return sessionFault(
      NotificationCode.routeRefresh,
      RefreshErrorSubcode.badLength,
      `ROUTE-REFRESH body of ${to - from} octets, 4 expected`,
      copyOf(bytes, from - HEADER_LENGTH, to),
    )
  }
  return { afi: u16(bytes, from), safi: u8(bytes, from + SAFI), subtype: u8(bytes, from + SUBTYPE) }
}

/** Writes the whole message, header included; returns the offset behind. */
export function writeRouteRefresh(refresh: RouteRefresh, out: Uint8Array, at: number): number {
  const end = put8(out, put8(out, put16(out, at + HEADER_LENGTH, refresh.afi), refresh.subtype), refresh.safi)
  writeHeader(out, at, end - at, MessageType.routeRefresh)
  return end
}
