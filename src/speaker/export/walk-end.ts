/** What a peer is told at the end of a walk over the whole RIB: that was all. */
import type { WalkEnd } from '../../advertise/members/member.ts'
import { put8, put16 } from '../../bytes/octets.ts'
import { HEADER_LENGTH, MessageType, writeHeader } from '../../wire/framing.ts'
import type { AddressFamily } from '../../wire/negotiated.ts'
import { RefreshSubtype } from '../../wire/route-refresh.ts'
import type { Connection } from '../peers/connection.ts'
import { sayRefresh } from './route-refresh.ts'

export function sayWalkEnd(connection: Connection, family: AddressFamily, end: WalkEnd): void {
  if (end === 'end-of-rib') connection.write(endOfRib(family), MessageType.update)
  else if (end === 'end-of-refresh') sayRefresh(connection, family, RefreshSubtype.end)
}

/** The End-of-RIB marker: an UPDATE with nothing but an empty MP_UNREACH_NLRI (RFC 4724 §2). */
function endOfRib({ afi, safi }: AddressFamily): Uint8Array {
  const octets = new Uint8Array(HEADER_LENGTH + 10)
  writeHeader(octets, 0, octets.length, MessageType.update)
  put16(octets, HEADER_LENGTH + 2, 6)
  let at = put8(octets, HEADER_LENGTH + 4, 0x80)
  at = put8(octets, at, 15)
  at = put8(octets, at, 3)
  put8(octets, put16(octets, at, afi), safi)
  return octets
}
