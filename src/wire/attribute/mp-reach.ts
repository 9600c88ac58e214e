/**
 * MP_REACH_NLRI, RFC 4760 §3: routes of any family with their next hop.
 *
 *     +--------------------------+
 *     | AFI             (2)      |
 *     | SAFI            (1)      |
 *     | Next hop length (1)      |
 *     | Next hop                 |  4, 16, or 32 (global and link-local address, RFC 2545 §3); 8 zero octets before each in VPN families
 *     | Reserved        (1)      |
 *     | NLRI            (rest)   |
 *     +--------------------------+
 *
 * A length that does not fit, or NLRI that cannot be cut apart: session reset (RFC 7606 §7.11, §5.3); an NLRI that can be cut but not used:
 * treat-as-withdraw. This file is for views; on the hot path
 * `update-scan.ts` finds the same fields in place.
 */

import { formatIp, writeIp } from '../../address/ip.ts'
import { hex, put8, put16, u8, u16 } from '../../bytes/octets.ts'
import { routeFault, sessionFault } from '../fault.ts'
import type { AddressFamily } from '../negotiated.ts'
import { checkNlriList, type NlriList, readNlriList, writeNlriList } from '../nlri/list.ts'
import { NotificationCode, UpdateSubcode } from '../notification-codes.ts'
import { OPTIONAL_NON_TRANSITIVE, type PathAttribute } from './attribute.ts'

export type MpReach = AddressFamily & {
  readonly nextHop?: string
  readonly linkLocalNextHop?: string
  /** Octets that are no next hop of a known form. */
  readonly nextHopHex?: string
} & NlriList

const SAFI = 2
const NEXT_HOP_LENGTH = 3
const NEXT_HOP = 4
const VPN_SAFIS = [128, 129]
const RD_OCTETS = 8

/** Whether a next hop of this many octets can be of that family (RFC 7606 §7.11). Families that are not known take any. */
export function nextHopFits(afi: number, safi: number, length: number): boolean {
  if (VPN_SAFIS.includes(safi)) return length === 12 || length === 24 || length === 48
  if (afi === 25 || (afi === 1 && safi === 1)) return length === 4 || length === 16 || length === 32
  if (afi === 2 && safi === 1) return length === 16 || length === 32
  return true
}

export const mpReach: PathAttribute<MpReach> = {
  code: 14,
  name: 'mpReach',
  flags: OPTIONAL_NON_TRANSITIVE,
  wrongFlags: 'session',
  check(bytes, at, length, context) {
    const broken = (subcode: number, why: string) => sessionFault(NotificationCode.update, subcode, `MP_REACH_NLRI: ${why}`)
    if (length < NEXT_HOP + 1) return broken(UpdateSubcode.attributeLength, `${length} octets, at least 5 expected`)
    const nextHopLength = u8(bytes, at + NEXT_HOP_LENGTH)
    const nlriAt = at + NEXT_HOP + nextHopLength + 1
    if (nlriAt > at + length) return broken(UpdateSubcode.attributeLength, `a next hop of ${nextHopLength} octets runs over the end`)
    const family = { afi: u16(bytes, at), safi: u8(bytes, at + SAFI) }
    if (!nextHopFits(family.afi, family.safi, nextHopLength))
      return broken(UpdateSubcode.optionalAttribute, `a next hop of ${nextHopLength} octets`)
    const list = readNlriList(family, bytes, nlriAt, at + length, context.addPath)
    if (typeof list === 'string') return broken(UpdateSubcode.optionalAttribute, list)
    const why = checkNlriList(family, bytes, nlriAt, at + length, context.addPath)
    return why === null ? null : routeFault(14, `MP_REACH_NLRI: ${why}`)
  },
  read(bytes, at, length, context) {
    const family = { afi: u16(bytes, at), safi: u8(bytes, at + SAFI) }
    const nextHopLength = u8(bytes, at + NEXT_HOP_LENGTH)
    const nlriAt = at + NEXT_HOP + nextHopLength + 1
    const list = readNlriList(family, bytes, nlriAt, at + length, context.addPath)
    const nlri = typeof list === 'string' ? { nlriHex: hex(bytes, nlriAt, at + length) } : list
    return { ...family, ...readNextHop(bytes, at + NEXT_HOP, nextHopLength), ...nlri }
  },
  write(value, out, at) {
    let end = put8(out, put16(out, at, value.afi), value.safi) + 1
    const nextHopAt = end
    if (value.nextHopHex !== undefined) {
      const octets = Buffer.from(value.nextHopHex, 'hex')
      out.set(octets, end)
      end += octets.length
    }
    for (const address of [value.nextHop, value.linkLocalNextHop]) {
      if (address === undefined) continue
      if (VPN_SAFIS.includes(value.safi)) {
        out.fill(0, end, end + RD_OCTETS)
        end += RD_OCTETS
      }
      end = writeIp(address, out, end)
    }
    put8(out, nextHopAt - 1, end - nextHopAt)
    return writeNlriList(value, value, out, put8(out, end, 0))
  },
  format: (value) => `${value.afi}/${value.safi} via ${value.nextHop ?? value.nextHopHex}: ${countOf(value)}`,
}

function readNextHop(bytes: Uint8Array, at: number, length: number): Pick<MpReach, 'nextHop' | 'linkLocalNextHop' | 'nextHopHex'> {
  if (length === 4 || length === 16) return { nextHop: formatIp(bytes, at, length) }
  if (length === 12 || length === 24) return { nextHop: formatIp(bytes, at + RD_OCTETS, length - RD_OCTETS) }
  if (length === 32) return { nextHop: formatIp(bytes, at, 16), linkLocalNextHop: formatIp(bytes, at + 16, 16) }
  if (length === 48) return { nextHop: formatIp(bytes, at + RD_OCTETS, 16), linkLocalNextHop: formatIp(bytes, at + 32, 16) }
  return { nextHopHex: hex(bytes, at, at + length) }
}

/** `3 routes`, for the line about a list. */
export function countOf(list: NlriList): string {
  if ('nlriHex' in list) return list.nlriHex
  return `${list.nlri.length} ${list.nlri.length === 1 ? 'route' : 'routes'}`
}
