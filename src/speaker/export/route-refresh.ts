/** ROUTE-REFRESH, asked for and answered (RFC 2918), with its begin and end where that was agreed (RFC 7313). */
import type { Member } from '../../advertise/members/member.ts'
import type { UpdateGroup } from '../../advertise/update-group.ts'
import { MessageType } from '../../wire/framing.ts'
import type { AddressFamily } from '../../wire/negotiated.ts'
import { RefreshSubtype, type RouteRefresh, writeRouteRefresh } from '../../wire/route-refresh.ts'
import type { Connection } from '../peers/connection.ts'
import type { Peer } from '../peers/peer.ts'

const LONGEST = 32

/** Asks a peer to tell all it has again, if it knows how to. Returns whether it does. */
export function askRefresh({ standing }: Peer, family: AddressFamily): boolean {
  if (standing?.agreed.routeRefresh !== true) return false
  sayRefresh(standing.connection, family, RefreshSubtype.normal)
  return true
}

/** A peer asks to be told all again: what it gets is a walk. Returns whether there is one. */
export function answerRefresh(peer: Peer, group: UpdateGroup, member: Member, family: AddressFamily, refresh: RouteRefresh): boolean {
  const { standing } = peer
  if (standing === null) return false
  if (refresh.afi !== family.afi || refresh.safi !== family.safi) {
    peer.faults.add('ignored', 'route refresh for a family not agreed')
    return false
  }
  if (refresh.subtype !== RefreshSubtype.normal) return false
  const { enhancedRouteRefresh } = standing.agreed
  if (enhancedRouteRefresh) sayRefresh(standing.connection, family, RefreshSubtype.begin)
  group.members.walk(member, enhancedRouteRefresh ? 'end-of-refresh' : 'nothing')
  return true
}

export function sayRefresh(connection: Connection, { afi, safi }: AddressFamily, subtype: RouteRefresh['subtype']): void {
  const out = new Uint8Array(LONGEST)
  connection.write(out.subarray(0, writeRouteRefresh({ afi, safi, subtype }, out, 0)), MessageType.routeRefresh)
}
