/**
 * The first pass over an UPDATE (RFC 4271 §4.3): where everything stands, nothing decoded.
 *
 *     +---------------------------------+
 *     | Withdrawn Routes Length (2)     |
 *     | Withdrawn Routes (IPv4 unicast) |
 *     | Total Path Attribute Length (2) |
 *     | Path Attributes                 |
 *     | NLRI (IPv4 unicast), the rest   |
 *     +---------------------------------+
 *
 * MP_REACH_NLRI value (RFC 4760 §3): AFI (2) SAFI (1) next hop length (1) next hop, reserved (1), NLRI.
 * MP_UNREACH_NLRI value (RFC 4760 §4): AFI (2) SAFI (1) NLRI.
 */

import { copyOf, u8, u16 } from '../bytes/octets.ts'
import { AttributeCode, EXTENDED_LENGTH, OPTIONAL_NON_TRANSITIVE, OPTIONAL_TRANSITIVE } from './attribute/attribute.ts'
import { type Fault, sessionFault } from './fault.ts'
import { HEADER_LENGTH } from './framing.ts'
import { NotificationCode, UpdateSubcode } from './notification-codes.ts'

/** Where the parts of one UPDATE stand. Reused from message to message. */
export class UpdateScan {
  withdrawnFrom = 0
  withdrawnTo = 0
  attributesFrom = 0
  attributesTo = 0
  nlriFrom = 0
  nlriTo = 0
  /** AFI and SAFI of MP_REACH_NLRI; 0 when there is none. */
  reachAfi = 0
  reachSafi = 0
  nextHopAt = 0
  nextHopLength = 0
  reachFrom = 0
  reachTo = 0
  /** AFI and SAFI of MP_UNREACH_NLRI; 0 when there is none. */
  unreachAfi = 0
  unreachSafi = 0
  unreachFrom = 0
  unreachTo = 0
  /** Attributes found, by order; the first of duplicates only (RFC 7606 §3 g). */
  count = 0
  readonly code = new Uint8Array(256)
  readonly flags = new Uint8Array(256)
  readonly valueAt = new Int32Array(256)
  readonly valueLength = new Int32Array(256)
  /** Attributes that came twice and were left out. */
  duplicates = 0
  private readonly seen = new Int32Array(256)
  private round = 0

  /** Position of an attribute in the columns, or -1. */
  find(code: number): number {
    for (let i = 0; i < this.count; i++) if (this.code[i] === code) return i
    return -1
  }

  /** Whether the message is an End-of-RIB: empty for IPv4 unicast, or an empty MP_UNREACH_NLRI alone (RFC 4724 §2). */
  get endOfRib(): boolean {
    if (this.withdrawnTo > this.withdrawnFrom || this.nlriTo > this.nlriFrom) return false
    if (this.count === 0) return true
    return this.count === 1 && this.unreachAfi !== 0 && this.unreachFrom === this.unreachTo
  }

  /**
   * Reads the structure of the UPDATE in octets `from`..`to`, header included. Returns null or the fault; on a fault with reach `route`
   * the parts found so far are usable, so that the routes can be withdrawn. Hot: allocates nothing.
   */
  scan(bytes: Uint8Array, from: number, to: number): Fault | null {
    this.count = 0
    this.duplicates = 0
    this.reachAfi = 0
    this.unreachAfi = 0
    // 32 bits as in `seen`, never 0: that stands for codes that never came.
    this.round = (this.round + 1) | 0 || 1
    const { round } = this
    let at = from + HEADER_LENGTH
    const withdrawn = u16(bytes, at)
    at += 2
    if (at + withdrawn + 2 > to)
      return sessionFault(
        NotificationCode.update,
        UpdateSubcode.malformedAttributeList,
        `withdrawn routes of ${withdrawn} octets overrun the message`,
      )
    this.withdrawnFrom = at
    this.withdrawnTo = at + withdrawn
    at += withdrawn
    const total = u16(bytes, at)
    at += 2
    if (at + total > to)
      return sessionFault(
        NotificationCode.update,
        UpdateSubcode.malformedAttributeList,
        `path attributes of ${total} octets overrun the message`,
      )
    const end = at + total
    this.attributesFrom = at
    this.attributesTo = end
    this.nlriFrom = end
    this.nlriTo = to
    while (at < end) {
      const headerAt = at
      if (end - at < 3) return this.overrun(0, 'a path attribute header is cut short')
      const flags = u8(bytes, at)
      const code = u8(bytes, at + 1)
      let length = u8(bytes, at + 2)
      let value = at + 3
      if (flags & EXTENDED_LENGTH) {
        if (end - at < 4) return this.overrun(code, `the header of attribute ${code} is cut short`)
        length = u16(bytes, at + 2)
        value = at + 4
      }
      if (value + length > end) return this.overrun(code, `attribute ${code} of ${length} octets overruns the attributes`)
      at = value + length
      if (this.seen[code] === round) {
        if (code === AttributeCode.mpReach || code === AttributeCode.mpUnreach) {
          return sessionFault(
            NotificationCode.update,
            UpdateSubcode.malformedAttributeList,
            `attribute ${code} stands twice (RFC 7606 section 3 g)`,
          )
        }
        this.duplicates++
        continue
      }
      this.seen[code] = round
      const position = this.count++
      this.code[position] = code
      this.flags[position] = flags
      this.valueAt[position] = value
      this.valueLength[position] = length
      const multiprotocol = code === AttributeCode.mpReach || code === AttributeCode.mpUnreach
      if (multiprotocol && (flags & OPTIONAL_TRANSITIVE) !== OPTIONAL_NON_TRANSITIVE) {
        const why = `attribute ${code} with flags 0x${flags.toString(16)} (RFC 7606 section 5.3)`
        return sessionFault(NotificationCode.update, UpdateSubcode.attributeFlags, why, copyOf(bytes, headerAt, at))
      }
      if (code === AttributeCode.mpReach) {
        const fault = this.reach(bytes, headerAt, value, length)
        if (fault) return fault
      } else if (code === AttributeCode.mpUnreach) {
        if (length < 3)
          return sessionFault(
            NotificationCode.update,
            UpdateSubcode.attributeLength,
            `MP_UNREACH_NLRI of ${length} octets`,
            copyOf(bytes, headerAt, at),
          )
        this.unreachAfi = u16(bytes, value)
        this.unreachSafi = u8(bytes, value + 2)
        this.unreachFrom = value + 3
        this.unreachTo = at
      }
    }
    return null
  }

  private reach(bytes: Uint8Array, headerAt: number, value: number, length: number): Fault | null {
    const nextHopLength = length < 4 ? 0 : u8(bytes, value + 3)
    if (length < 5 + nextHopLength) {
      return sessionFault(
        NotificationCode.update,
        UpdateSubcode.attributeLength,
        `MP_REACH_NLRI of ${length} octets`,
        copyOf(bytes, headerAt, value + length),
      )
    }
    this.reachAfi = u16(bytes, value)
    this.reachSafi = u8(bytes, value + 2)
    this.nextHopAt = value + 4
    this.nextHopLength = nextHopLength
    this.reachFrom = value + 5 + nextHopLength
    this.reachTo = value + length
    return null
  }

  /** RFC 7606 §4: withdraw what was found; where no NLRI was found there is nothing to withdraw and the session is at fault. */
  private overrun(attribute: number, why: string): Fault {
    if (this.reachAfi === 0 && this.nlriFrom === this.nlriTo)
      return sessionFault(NotificationCode.update, UpdateSubcode.malformedAttributeList, why)
    return { reach: 'route', attribute, why }
  }
}
