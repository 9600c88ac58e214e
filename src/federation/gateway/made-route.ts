/**
 * The octets of the routes that are made for a gateway. Nothing of the routes behind them is taken over but what the crossing needs: the tenant's address,
 * the MAC mobility sequence, communities only where it is said which are internal, and on the way in AS_PATH and D-PATH, which say where it has been. So nothing of the inside can leak by being forgotten.
 */
import { copy, put8, put16, put24, put32, u8 } from '../../bytes/octets.ts'
import { findAttribute, type RewriteStep, rewrite, valueEnd } from '../../policy/rewrite/attribute-rewrite.ts'
import type { AttributeSets } from '../../rib/attribute-sets.ts'
import { MOBILITY, STICKY } from '../../rib/decision-facts.ts'
import type { SetId } from '../../rib/verdict.ts'
import { AttributeCode, EXTENDED_LENGTH, OPTIONAL_TRANSITIVE, WELL_KNOWN } from '../../wire/attribute/attribute.ts'
import { writeIngressReplication } from '../../wire/attribute/pmsi-tunnel.ts'
import { ENCAPSULATION, TunnelType } from '../../wire/community/encapsulation.ts'
import { ROUTER_MAC } from '../../wire/community/mac-address.ts'
import { MAC_MOBILITY } from '../../wire/community/mac-mobility.ts'
import { writeExtendedCommunity } from '../../wire/community/table.ts'
import { IMET } from '../../wire/nlri/evpn/imet.ts'
import { IP_PREFIX } from '../../wire/nlri/evpn/ip-prefix.ts'
import { MAC_IP } from '../../wire/nlri/evpn/mac-ip.ts'
import { claimedSequence } from './claimed-sequence.ts'
import { type Crossing, nextHopOf } from './crossing.ts'
import { TAIL_AT, TYPE_AT } from './mapping-key.ts'
import type { GatewaySettings } from './settings.ts'

const IGP = 0
const ESI_OCTETS = 10
const PMSI_HEAD = 5
const LAST_SEQUENCE = 0xffffffff
/** Octets before the body of an NLRI, and of the body before the tail of types 2 and 5: RD (8) ESI (10) Ethernet Tag (4). */
const HEADER = 2

/** Writes the NLRI for a mapping key (octets at `keyAt`); returns the offset behind. */
export function writeMadeNlri(
  crossing: Crossing,
  gateway: GatewaySettings,
  bytes: Uint8Array,
  keyAt: number,
  keyLength: number,
  out: Uint8Array,
): number {
  const type = u8(bytes, keyAt + TYPE_AT)
  let at = copy(crossing.rd, 0, 8, out, HEADER)
  if (type === IMET) {
    const address = nextHopOf(crossing, gateway)
    at = copy(address, 0, address.length, out, put8(out, put32(out, at, 0), 8 * address.length))
  } else {
    const { esi } = crossing.via
    at = type === MAC_IP && esi !== null ? copy(esi, 0, ESI_OCTETS, out, at) : zeros(out, at, ESI_OCTETS)
    at = put32(out, at, 0)
    at = copy(bytes, keyAt + TAIL_AT, keyAt + keyLength, out, at)
    if (type === IP_PREFIX) at = zeros(out, at, keyLength - TAIL_AT - 1)
    at = put24(out, at, crossing.vni)
  }
  put8(out, put8(out, 0, type), at - HEADER)
  return at
}

/** Writes the path attributes, canonical and without LOCAL_PREF; `best` is the set of the best route behind it. `raised`: with a MAC mobility
 * sequence one above its own. Returns the offset behind. */
export function writeMadeAttributes(
  crossing: Crossing,
  gateway: GatewaySettings,
  type: number,
  sets: AttributeSets,
  best: SetId,
  raised: boolean,
  out: Uint8Array,
): number {
  const bytes = sets.octets(best)
  const from = sets.attributesAt(best)
  const to = sets.attributesEnd(best)
  const dPath = findAttribute(bytes, from, to, AttributeCode.dPath)
  // Inside, an AS_PATH names leaves; what has come through another domain says so, and has to go on saying so.
  const foreign = !crossing.outward || dPath >= 0
  let at = put8(out, put8(out, put8(out, put8(out, 0, WELL_KNOWN), AttributeCode.origin), 1), IGP)
  const path = foreign ? findAttribute(bytes, from, to, AttributeCode.asPath) : -1
  if (path >= 0) at = copy(bytes, path, valueEnd(bytes, path), out, at)
  else at = put8(out, put8(out, put8(out, at, WELL_KNOWN), AttributeCode.asPath), 0)
  const communities = ofMany(crossing, type) ? crossing.communitiesOfMany : crossing.communities
  at = copyCommunities(communities.standard, AttributeCode.communities, bytes, from, to, out, at)
  at = writeExtended(crossing, gateway, type, sets, best, raised, out, at)
  if (type === IMET) {
    const endpoint = nextHopOf(crossing, gateway)
    at = put8(out, put8(out, put8(out, at, OPTIONAL_TRANSITIVE), AttributeCode.pmsiTunnel), PMSI_HEAD + endpoint.length)
    at = writeIngressReplication(crossing.vni, endpoint, out, at)
  }
  at = copyCommunities(communities.large, AttributeCode.largeCommunities, bytes, from, to, out, at)
  return dPath < 0 ? at : copy(bytes, dPath, valueEnd(bytes, dPath), out, at)
}

/** The MAC mobility sequence of a route that is made of this one: where that has been raised, what it was before. */
export function madeSequence(sets: AttributeSets, best: SetId, raised: boolean): number {
  return Math.min(claimedSequence(sets, best) + (raised ? 1 : 0), LAST_SEQUENCE)
}

/** Whether a route stands for whatever is behind it: all NVEs, all that an aggregate covers, all MACs. */
function ofMany({ outward, via }: Crossing, type: number): boolean {
  if (type === MAC_IP) return via.unknownMac && !outward
  return type === IMET || (outward && via.aggregates.length > 0)
}

/** Writes the communities of one kind of the best route that cross. */
function copyCommunities(
  kept: readonly RewriteStep[],
  code: number,
  bytes: Uint8Array,
  from: number,
  to: number,
  out: Uint8Array,
  at: number,
): number {
  const found = findAttribute(bytes, from, to, code)
  return found < 0 ? at : rewrite(bytes, found, valueEnd(bytes, found), kept, out, at)
}

function writeExtended(
  { targets, outward, via }: Crossing,
  { routerMac }: GatewaySettings,
  type: number,
  sets: AttributeSets,
  best: SetId,
  raised: boolean,
  out: Uint8Array,
  at: number,
): number {
  const value = at + 4
  let end = value
  for (const target of targets) end = copy(target, 0, 8, out, end)
  end = put16(out, put32(out, put16(out, end, ENCAPSULATION), 0), TunnelType.vxlan)
  if (routerMac !== null && type !== IMET) end = copy(routerMac, 0, 6, out, put16(out, end, ROUTER_MAC))
  const oneMac = type === MAC_IP && (outward || !via.unknownMac)
  if (oneMac && (raised || sets.mobility[best]! & MOBILITY)) {
    end = put8(out, put16(out, end, MAC_MOBILITY), sets.mobility[best]! & STICKY ? 1 : 0)
    end = put32(out, put8(out, end, 0), madeSequence(sets, best, raised))
    if (raised) end = writeExtendedCommunity({ name: 'claimed-sequence', sequence: claimedSequence(sets, best) }, out, end)
  }
  const length = end - value
  const head = put8(out, at, length > 255 ? OPTIONAL_TRANSITIVE | EXTENDED_LENGTH : OPTIONAL_TRANSITIVE)
  put8(out, head, AttributeCode.extCommunities)
  if (length > 255) {
    put16(out, head + 1, length)
    return end
  }
  put8(out, head + 1, length)
  out.copyWithin(value - 1, value, end)
  return end - 1
}

function zeros(out: Uint8Array, at: number, octets: number): number {
  out.fill(0, at, at + octets)
  return at + octets
}
