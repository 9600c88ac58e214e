/**
 * UPDATE octets into the RIB. One pass finds the parts (`wire/update-scan.ts`); attributes like those of the peer's last UPDATE are recognised by
 * their octets and cost nothing more; others are checked (RFC 7606), made canonical and interned; then every NLRI is learned or withdrawn.
 */

import { ByteKey, KEY_START, MAX_KEY } from '../../bytes/byte-key.ts'
import { copy, copyOf, put8, same, u8 } from '../../bytes/octets.ts'
import type { AttributeSets } from '../../rib/attribute-sets.ts'
import type { Rib } from '../../rib/rib.ts'
import { NO_SET } from '../../rib/verdict.ts'
import { AttributeCode, type AttributeContext, EXTENDED_LENGTH } from '../../wire/attribute/attribute.ts'
import { writeCanonicalAttributes } from '../../wire/attribute/canonical.ts'
import { nextHopFits } from '../../wire/attribute/mp-reach.ts'
import { checkAttribute } from '../../wire/attribute/table.ts'
import { faultWithoutNlri } from '../../wire/attribute/without-nlri.ts'
import { type Fault, routeFault, type SessionFault, sessionFault } from '../../wire/fault.ts'
import { sameFamily } from '../../wire/negotiated.ts'
import { readUnicast } from '../../wire/nlri/unicast.ts'
import { NotificationCode, UpdateSubcode } from '../../wire/notification-codes.ts'
import { UpdateScan } from '../../wire/update-scan.ts'
import type { FaultReach } from '../faults/fault-ring.ts'
import type { Inbound } from './inbound.ts'

const IPV4_OCTETS = 4

/** What the intake tells besides the routes. */
export interface IntakeEvents {
  /** A peer has told all it has (End-of-RIB, RFC 4724 §2). */
  endOfRib(peer: number): void
  /** Something was wrong in an UPDATE that did not end the session. */
  spared(inbound: Inbound, reach: FaultReach, why: string, octets: Uint8Array): void
}

export class Intake {
  private readonly rib: Rib
  private readonly sets: AttributeSets
  private readonly scan = new UpdateScan()
  private readonly key = new ByteKey(2 * 65535)
  private readonly events: IntakeEvents

  constructor(rib: Rib, events: IntakeEvents) {
    this.rib = rib
    this.sets = rib.sets
    this.events = events
  }

  /** Takes one UPDATE, octets `from`..`to` with its header. Returns the fault that ends the session, or null. Hot. */
  update(inbound: Inbound, bytes: Uint8Array, from: number, to: number): Fault | null {
    inbound.updates++
    const fault = this.take(inbound, bytes, from, to)
    if (inbound.noted !== null) {
      this.events.spared(inbound, inbound.noted.reach, inbound.noted.why, copyOf(bytes, from, to))
      inbound.noted = null
    }
    return fault
  }

  private take(inbound: Inbound, bytes: Uint8Array, from: number, to: number): Fault | null {
    const { scan, rib } = this
    const structure = scan.scan(bytes, from, to)
    if (structure !== null && structure.reach !== 'route') return structure
    const plainRoutes = scan.nlriTo > scan.nlriFrom
    if (plainRoutes || scan.withdrawnTo > scan.withdrawnFrom) {
      const broken = brokenPrefixes(bytes, scan)
      if (broken !== null) return broken
      inbound.fault('ignored', 'IPv4 unicast was not agreed')
    }
    if (scan.unreachAfi !== 0) {
      if (!this.carried(inbound, scan.unreachAfi, scan.unreachSafi))
        inbound.fault('ignored', `family ${scan.unreachAfi}/${scan.unreachSafi} was not agreed`)
      else if (scan.endOfRib) this.events.endOfRib(inbound.peer)
      else {
        const end = rib.withdraw(inbound.peer, bytes, scan.unreachFrom, scan.unreachTo)
        if (end !== scan.unreachTo) return this.overrun(bytes, AttributeCode.mpUnreach, end, scan.unreachTo)
      }
    }
    if (scan.duplicates > 0) inbound.fault('attribute-discard', 'duplicate attribute left out (RFC 7606 3 g)')
    if (scan.reachAfi === 0 || scan.reachFrom === scan.reachTo) {
      const unsure = faultWithoutNlri(bytes, scan, inbound.context)
      if (unsure !== null) return unsure
    }
    if (scan.reachAfi === 0) return plainRoutes ? fatalAttribute(bytes, scan, inbound.context) : null
    if (!this.carried(inbound, scan.reachAfi, scan.reachSafi)) {
      inbound.fault('ignored', `family ${scan.reachAfi}/${scan.reachSafi} was not agreed`)
      return fatalAttribute(bytes, scan, inbound.context)
    }
    if (!nextHopFits(scan.reachAfi, scan.reachSafi, scan.nextHopLength)) {
      const why = `next hop of ${scan.nextHopLength} octets (RFC 7606 7.11)`
      return sessionFault(
        NotificationCode.update,
        UpdateSubcode.optionalAttribute,
        why,
        attributeOctets(bytes, scan, AttributeCode.mpReach),
      )
    }
    const withoutNextHop = plainRoutes && scan.find(AttributeCode.nextHop) < 0
    if (structure !== null || withoutNextHop) {
      const fatal = fatalAttribute(bytes, scan, inbound.context)
      return fatal ?? this.takeBack(inbound, bytes, structure?.why ?? 'NEXT_HOP is missing (RFC 7606 3 d)')
    }
    const fault = this.findSet(inbound, bytes)
    if (fault !== null) {
      if (fault.reach !== 'route') return fault
      return this.takeBack(inbound, bytes, fault.why)
    }
    const end = rib.learn(inbound.peer, inbound.lastSet, inbound.typeVerdicts, bytes, scan.reachFrom, scan.reachTo)
    inbound.counted?.(inbound.lastSet, rib.learned)
    if (end !== scan.reachTo) return this.overrun(bytes, AttributeCode.mpReach, end, scan.reachTo)
    return null
  }

  /** Lets go of what a session held. */
  close(inbound: Inbound): void {
    if (inbound.lastSet !== NO_SET) this.sets.release(inbound.lastSet)
    inbound.lastSet = NO_SET
    inbound.lastLength = -1
  }

  private carried(inbound: Inbound, afi: number, safi: number): boolean {
    const { family } = this.rib
    if (family.afi !== afi || family.safi !== safi) return false
    for (const agreed of inbound.families) if (sameFamily(agreed, family)) return true
    return false
  }

  /** Leaves the set of the scanned UPDATE in `inbound.lastSet`, held. */
  private findSet(inbound: Inbound, bytes: Uint8Array): Fault | null {
    const { scan, key, sets } = this
    // Everything around MP_REACH_NLRI: before it, behind it, and its next hop.
    const reach = scan.find(AttributeCode.mpReach)
    const valueAt = scan.valueAt[reach]!
    const valueEnd = valueAt + scan.valueLength[reach]!
    const headAt = valueAt - (u8(scan.flags, reach) & 0x10 ? 4 : 3)
    const headLength = headAt - scan.attributesFrom
    const tailLength = scan.attributesTo - valueEnd
    const length = headLength + tailLength + scan.nextHopLength
    const plain = scan.unreachAfi === 0
    if (
      plain &&
      length === inbound.lastLength &&
      scan.nextHopLength === inbound.lastNextHopLength &&
      same(bytes, scan.nextHopAt, inbound.last, 0, scan.nextHopLength) &&
      same(bytes, scan.attributesFrom, inbound.last, scan.nextHopLength, headLength) &&
      same(bytes, valueEnd, inbound.last, scan.nextHopLength + headLength, tailLength)
    ) {
      return null
    }
    let at = KEY_START
    at = put8(key.octets, at, inbound.peer)
    at = put8(key.octets, at, inbound.peer >>> 8)
    at = put8(key.octets, at, scan.nextHopLength)
    at = copy(bytes, scan.nextHopAt, scan.nextHopAt + scan.nextHopLength, key.octets, at)
    const written = writeCanonicalAttributes(bytes, scan, inbound.context, key.octets, at, inbound.discarded)
    if (typeof written !== 'number') return written
    // Widening to 4-octet AS numbers can nearly double them.
    if (written - KEY_START > MAX_KEY) return routeFault(0, 'attributes are too long')
    key.seal(written)
    const set = sets.intern(key)
    sets.hold(set)
    if (inbound.lastSet !== NO_SET) sets.release(inbound.lastSet)
    inbound.lastSet = set
    inbound.lastLength = -1
    if (sets.imported[set] === NO_SET || sets.judgedBy[set] !== inbound.rules) inbound.rejudge(sets, set)
    // What was left out of attributes is to be counted every time: those are not remembered.
    if (plain && inbound.noted === null) this.remember(inbound, bytes, headLength, valueEnd, tailLength, length)
    return null
  }

  private remember(inbound: Inbound, bytes: Uint8Array, headLength: number, valueEnd: number, tailLength: number, length: number): void {
    const { scan } = this
    if (length > inbound.last.length) inbound.last = new Uint8Array(2 * length)
    const { last } = inbound
    let at = copy(bytes, scan.nextHopAt, scan.nextHopAt + scan.nextHopLength, last, 0)
    at = copy(bytes, scan.attributesFrom, scan.attributesFrom + headLength, last, at)
    copy(bytes, valueEnd, valueEnd + tailLength, last, at)
    inbound.lastLength = length
    inbound.lastNextHopLength = scan.nextHopLength
  }

  /** Treat-as-withdraw, RFC 7606 §2. */
  private takeBack(inbound: Inbound, bytes: Uint8Array, why: string): Fault | null {
    const { scan, rib } = this
    inbound.fault('treat-as-withdraw', why)
    const end = rib.withdraw(inbound.peer, bytes, scan.reachFrom, scan.reachTo)
    return end === scan.reachTo ? null : this.overrun(bytes, AttributeCode.mpReach, end, scan.reachTo)
  }

  private overrun(bytes: Uint8Array, code: number, at: number, end: number): Fault {
    const name = code === AttributeCode.mpReach ? 'MP_REACH_NLRI' : 'MP_UNREACH_NLRI'
    const why = `NLRI overruns ${name}, ${end - at} octets are left`
    return sessionFault(NotificationCode.update, UpdateSubcode.optionalAttribute, why, attributeOctets(bytes, this.scan, code))
  }
}

/** IPv4 unicast fields that cannot be read end the session, agreed or not: nothing behind them can be trusted (RFC 4271 §6.3, RFC 7606 §5.3). */
function brokenPrefixes(bytes: Uint8Array, scan: UpdateScan): SessionFault | null {
  const withdrawn = readUnicast(bytes, scan.withdrawnFrom, scan.withdrawnTo, IPV4_OCTETS, false)
  if (typeof withdrawn === 'string') return sessionFault(NotificationCode.update, UpdateSubcode.invalidNetworkField, withdrawn)
  const announced = readUnicast(bytes, scan.nlriFrom, scan.nlriTo, IPV4_OCTETS, false)
  return typeof announced === 'string' ? sessionFault(NotificationCode.update, UpdateSubcode.invalidNetworkField, announced) : null
}

/** The attribute that ends the session whatever becomes of the routes: one that says it is well-known and is not (RFC 4271 §6.3). */
function fatalAttribute(bytes: Uint8Array, scan: UpdateScan, context: AttributeContext): SessionFault | null {
  for (let i = 0; i < scan.count; i++) {
    const code = scan.code[i]!
    if (code === AttributeCode.mpReach || code === AttributeCode.mpUnreach) continue
    const fault = checkAttribute(scan.flags[i]!, code, bytes, scan.valueAt[i]!, scan.valueLength[i]!, context)
    if (fault?.reach === 'session') return fault
  }
  return null
}

/** Flags, type, length and value of an attribute: what a NOTIFICATION about it carries (RFC 4271 §6.3). */
function attributeOctets(bytes: Uint8Array, scan: UpdateScan, code: number): Uint8Array {
  const i = scan.find(code)
  const at = scan.valueAt[i]!
  return copyOf(bytes, at - (u8(scan.flags, i) & EXTENDED_LENGTH ? 4 : 3), at + scan.valueLength[i]!)
}
