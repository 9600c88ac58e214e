/**
 * MP_UNREACH_NLRI, RFC 4760 §4: withdrawn routes of any family; without any, an End-of-RIB (RFC 4724 §2).
 *
 *     AFI (2)  SAFI (1)  NLRI (rest)
 *
 * Malformed: session reset, as for MP_REACH_NLRI (RFC 7606 §7.12, §5.3). A route that can be cut but whose key cannot be withdraws nothing; that its
 * label or gateway is missing is no fault.
 */

import { hex, put8, put16, u8, u16 } from '../../bytes/octets.ts'
import { routeFault, sessionFault } from '../fault.ts'
import type { AddressFamily } from '../negotiated.ts'
import { checkWithdrawals, type NlriList, readNlriList, writeNlriList } from '../nlri/list.ts'
import { NotificationCode, UpdateSubcode } from '../notification-codes.ts'
import { OPTIONAL_NON_TRANSITIVE, type PathAttribute } from './attribute.ts'
import { countOf } from './mp-reach.ts'

export type MpUnreach = AddressFamily & NlriList

const SAFI = 2
const NLRI = 3

export const mpUnreach: PathAttribute<MpUnreach> = {
  code: 15,
  name: 'mpUnreach',
  flags: OPTIONAL_NON_TRANSITIVE,
  wrongFlags: 'session',
  check(bytes, at, length, context) {
    const broken = (subcode: number, why: string) => sessionFault(NotificationCode.update, subcode, `MP_UNREACH_NLRI: ${why}`)
    if (length < NLRI) return broken(UpdateSubcode.attributeLength, `${length} octets, at least 3 expected`)
    const family = { afi: u16(bytes, at), safi: u8(bytes, at + SAFI) }
    const list = readNlriList(family, bytes, at + NLRI, at + length, context.addPath)
    if (typeof list === 'string') return broken(UpdateSubcode.optionalAttribute, list)
    const why = checkWithdrawals(family, bytes, at + NLRI, at + length, context.addPath)
    return why === null ? null : routeFault(15, `MP_UNREACH_NLRI: ${why}`)
  },
  read(bytes, at, length, context) {
    const family = { afi: u16(bytes, at), safi: u8(bytes, at + SAFI) }
    const list = readNlriList(family, bytes, at + NLRI, at + length, context.addPath)
    return { ...family, ...(typeof list === 'string' ? { nlriHex: hex(bytes, at + NLRI, at + length) } : list) }
  },
  write: (value, out, at) => writeNlriList(value, value, out, put8(out, put16(out, at, value.afi), value.safi)),
  format: (value) => `${value.afi}/${value.safi}: ${countOf(value)}`,
}
