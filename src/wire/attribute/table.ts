import { u8 } from '../../bytes/octets.ts'
import { attributeFault, type Fault, routeFault, sessionFault } from '../fault.ts'
import { NotificationCode, UpdateSubcode } from '../notification-codes.ts'
import { aggregator, as4Aggregator } from './aggregator.ts'
import { aigp } from './aigp.ts'
import { asPath } from './as-path.ts'
import { as4Path } from './as4-path.ts'
import { atomicAggregate } from './atomic-aggregate.ts'
import { type AttributeContext, EXTENDED_LENGTH, OPTIONAL, type PathAttribute, TRANSITIVE } from './attribute.ts'
import { communities } from './communities.ts'
import { dPath } from './d-path.ts'
import { extCommunities } from './ext-communities.ts'
import { ipv6ExtCommunities } from './ipv6-ext-communities.ts'
import { largeCommunities } from './large-communities.ts'
import { mpReach } from './mp-reach.ts'
import { mpUnreach } from './mp-unreach.ts'
import { nextHop } from './next-hop.ts'
import { localPref, med, otc } from './number.ts'
import { origin } from './origin.ts'
import { pmsiTunnel } from './pmsi-tunnel.ts'
import { clusterList, originatorId } from './reflection.ts'
import { tunnelEncapsulation } from './tunnel-encapsulation.ts'

/** The path attributes that are known. A new one: its file and its line here. */
export const PATH_ATTRIBUTES: readonly PathAttribute[] = [
  origin,
  asPath,
  nextHop,
  med,
  localPref,
  atomicAggregate,
  aggregator,
  communities,
  originatorId,
  clusterList,
  mpReach,
  mpUnreach,
  extCommunities,
  as4Path,
  as4Aggregator,
  pmsiTunnel,
  tunnelEncapsulation,
  ipv6ExtCommunities,
  aigp,
  largeCommunities,
  otc,
  dPath,
] as readonly PathAttribute[]

const BY_CODE: (PathAttribute | null)[] = Array.from({ length: 256 }, () => null)
const BY_NAME = new Map<string, PathAttribute>(PATH_ATTRIBUTES.map((entry) => [entry.name, entry]))
for (const entry of PATH_ATTRIBUTES) BY_CODE[entry.code] = entry

/** The entry of a type code, or null when it is unknown. */
export function pathAttribute(code: number): PathAttribute | null {
  return BY_CODE[code] ?? null
}

export function pathAttributeNamed(name: string): PathAttribute | null {
  return BY_NAME.get(name) ?? null
}

/**
 * Judges one attribute: flags first, then its own `check`. `at` and `length` are those of the value. An unknown optional attribute passes; an
 * unknown well-known one ends the session (RFC 4271 §6.3); flags that are not the attribute's own reach as far as `flagsFault` says.
 * Hot: allocates nothing on success.
 */
export function checkAttribute(
  flags: number,
  code: number,
  bytes: Uint8Array,
  at: number,
  length: number,
  context: AttributeContext,
): Fault | null {
  const entry = BY_CODE[code]
  if (entry === null || entry === undefined) {
    if (flags & OPTIONAL) return null
    return sessionFault(
      NotificationCode.update,
      UpdateSubcode.unrecognizedWellKnown,
      `well-known attribute ${code} is unknown`,
      attributeOctets(flags, code, bytes, at, length),
    )
  }
  if (entry.internalOnly && !context.internal) return entry.check(bytes, at, length, context)
  const fault = flagsFault(entry, flags, bytes, at, length) ?? entry.check(bytes, at, length, context)
  return fault?.reach === 'session' ? { ...fault, data: attributeOctets(flags, code, bytes, at, length) } : fault
}

/**
 * What is wrong with the Optional and Transitive bits of a known attribute: treat-as-withdraw (RFC 7606 §3 c), attribute discard (AIGP, RFC 7311 §3),
 * or the end of the session (MP_REACH_NLRI, MP_UNREACH_NLRI: RFC 7606 §5.3). null when they are its own. Hot: allocates nothing on success.
 */
export function flagsFault(entry: PathAttribute, flags: number, bytes: Uint8Array, at: number, length: number): Fault | null {
  if ((flags & (OPTIONAL | TRANSITIVE)) === entry.flags) return null
  const why = `${entry.name} with flags 0x${flags.toString(16)}`
  if (entry.wrongFlags === 'attribute') return attributeFault(entry.code, why)
  if (entry.wrongFlags !== 'session') return routeFault(entry.code, why)
  return sessionFault(NotificationCode.update, UpdateSubcode.attributeFlags, why, attributeOctets(flags, entry.code, bytes, at, length))
}

/** Flags, type, length and value of an attribute as they came: the data of a NOTIFICATION about it (RFC 4271 §6.3). */
function attributeOctets(flags: number, code: number, bytes: Uint8Array, at: number, length: number): Uint8Array {
  const head = flags & EXTENDED_LENGTH ? [flags, code, length >>> 8, length & 0xff] : [flags, code, length]
  const octets = new Uint8Array(head.length + length)
  octets.set(head)
  for (let i = 0; i < length; i++) octets[head.length + i] = u8(bytes, at + i)
  return octets
}
