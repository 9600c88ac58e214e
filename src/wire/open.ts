/**
 * The OPEN message, RFC 4271 §4.2, capabilities per RFC 5492, long optional parameters per RFC 9072.
 *
 *     +-----------------------------+
 *     | Version            (1)      |
 *     | My AS              (2)      |  AS_TRANS 23456 when the AS does not fit (RFC 6793)
 *     | Hold Time          (2)      |  seconds
 *     | BGP Identifier     (4)      |
 *     | Opt. Param. Length (1)      |  255 and a type of 255 behind it: long form
 *     | parameters: type (1), length (1), value            |
 *     | long form: 255 (1), length (2), then parameters     |
 *     |            of type (1), length (2), value            |
 *     +-----------------------------+
 */

import { u8 as octet, struct, u16be, u32be } from 'buffer-layout'
import { copy, copyOf, put8, put16, put32, u8, u16, u32 } from '../bytes/octets.ts'
import type { RawCapability } from './capability/capability.ts'
import { fourOctetAs } from './capability/four-octet-as.ts'
import { CAPABILITIES } from './capability/table.ts'
import { type SessionFault, sessionFault } from './fault.ts'
import { HEADER_LENGTH, MessageType, writeHeader } from './framing.ts'
import { HeaderSubcode, NotificationCode, OpenSubcode } from './notification-codes.ts'

/**
 * The OPEN message, RFC 4271 §4.2, capabilities per RFC 5492, long optional parameters per RFC 9072.
 */
export interface Open {
  readonly version: number
  /** The 2-octet My Autonomous System field as sent (AS_TRANS 23456 for an AS that does not fit). */
  readonly myAs: number
  /** Proposed hold time in seconds; 0, or at least 3. */
  readonly holdTimeSeconds: number
  /** BGP Identifier, 4 octets as an unsigned number. */
  readonly routerId: number
  /** In the order sent; unknown ones too. */
  readonly capabilities: readonly RawCapability[]
}

export const BGP_VERSION = 4
/** Stands in the 2-octet AS fields for an AS that does not fit there (RFC 6793 §9). */
export const AS_TRANS = 23456

const fixed = struct([octet('version'), u16be('myAs'), u16be('holdTime'), u32be('routerId'), octet('parametersLength')])
const MY_AS = fixed.offsetOf('myAs')
const HOLD_TIME = fixed.offsetOf('holdTime')
const ROUTER_ID = fixed.offsetOf('routerId')
const PARAMETERS_LENGTH = fixed.offsetOf('parametersLength')
const PARAMETERS = fixed.span

const CAPABILITY_PARAMETER = 2
const LONG_FORM = 255

/** Whether the OPEN body `from`..`to` has its optional parameters in the long form of RFC 9072 §2. */
export function isLongForm(bytes: Uint8Array, from: number, to: number): boolean {
  return to - from > PARAMETERS && u8(bytes, from + PARAMETERS_LENGTH) !== 0 && u8(bytes, from + PARAMETERS) === LONG_FORM
}

/**
 * Reads the body `from`..`to` (behind the header) and judges what can be judged without knowing the peer (RFC 4271 §6.2): version, hold time,
 * identifier, AS 0 (RFC 7607), optional parameters and the capabilities that are known. Whether AS and identifier suit this peer is for the session.
 * Capability values are copies.
 */
export function readOpen(bytes: Uint8Array, from: number, to: number): Open | SessionFault {
  const size = to - from
  if (size < PARAMETERS) {
    const length = size + HEADER_LENGTH
    return sessionFault(
      NotificationCode.messageHeader,
      HeaderSubcode.badLength,
      `OPEN of ${length} octets, at least 29 expected`,
      Uint8Array.of(length >>> 8, length),
    )
  }
  const version = u8(bytes, from)
  if (version !== BGP_VERSION) return openFault(OpenSubcode.unsupportedVersion, `version ${version}`, Uint8Array.of(0, BGP_VERSION))
  const myAs = u16(bytes, from + MY_AS)
  if (myAs === 0) return openFault(OpenSubcode.badPeerAs, 'AS 0')
  const holdTimeSeconds = u16(bytes, from + HOLD_TIME)
  if (holdTimeSeconds === 1 || holdTimeSeconds === 2) {
    return openFault(OpenSubcode.unacceptableHoldTime, `hold time of ${holdTimeSeconds} s`)
  }
  const routerId = u32(bytes, from + ROUTER_ID)
  if (routerId === 0) return openFault(OpenSubcode.badRouterId, 'BGP Identifier 0.0.0.0')

  const long = isLongForm(bytes, from, to)
  if (long && size < PARAMETERS + 3) return malformed('long optional parameters without a length')
  const parametersAt = from + PARAMETERS + (long ? 3 : 0)
  const parametersLength = long ? u16(bytes, from + PARAMETERS + 1) : u8(bytes, from + PARAMETERS_LENGTH)
  if (parametersAt + parametersLength !== to) {
    return malformed(`optional parameters of ${parametersLength} octets where ${to - parametersAt} are left`)
  }
  const capabilities: RawCapability[] = []
  const headOctets = long ? 3 : 2
  for (let at = parametersAt; at < to; ) {
    if (at + headOctets > to) return malformed('optional parameter without a length')
    const type = u8(bytes, at)
    const length = long ? u16(bytes, at + 1) : u8(bytes, at + 1)
    const value = at + headOctets
    if (value + length > to) return malformed(`optional parameter ${type} of ${length} octets runs over the end`)
    if (type !== CAPABILITY_PARAMETER) return openFault(OpenSubcode.unsupportedParameter, `optional parameter ${type}`)
    const fault = readCapabilities(bytes, value, value + length, capabilities)
    if (fault !== null) return fault
    at = value + length
  }
  const zero = capabilities.some(({ code, value }) => code === fourOctetAs.code && u32(value, 0) === 0)
  if (zero) return openFault(OpenSubcode.badPeerAs, 'AS 0 in the 4-octet AS capability')
  return { version, myAs, holdTimeSeconds, routerId, capabilities }
}

/** Adds the capabilities in `from`..`to` to `found`; the fault when one runs over the end or has a value that cannot be (RFC 5492 §4). */
function readCapabilities(bytes: Uint8Array, from: number, to: number, found: RawCapability[]): SessionFault | null {
  for (let at = from; at < to; ) {
    if (at + 2 > to) return malformed('capability without a length')
    const code = u8(bytes, at)
    const length = u8(bytes, at + 1)
    if (at + 2 + length > to) return malformed(`capability ${code} of ${length} octets runs over the end`)
    const value = copyOf(bytes, at + 2, at + 2 + length)
    const why = CAPABILITIES[code]?.check(value) ?? null
    if (why !== null) return malformed(why)
    found.push({ code, value })
    at += 2 + length
  }
  return null
}

/**
 * Writes the whole message, header included; returns the offset behind. Each capability stands in an optional parameter of its own, as most
 * speakers do; the long form is used only when 255 octets are not enough (RFC 9072 §2).
 */
export function writeOpen(open: Open, out: Uint8Array, at: number): number {
  let end = put8(out, at + HEADER_LENGTH, open.version)
  end = put16(out, end, open.myAs)
  end = put16(out, end, open.holdTimeSeconds)
  end = put32(out, end, open.routerId)
  const short = open.capabilities.reduce((sum, { value }) => sum + 4 + value.length, 0)
  const long = short > 255 || open.capabilities.some(({ value }) => value.length > 253)
  if (long) {
    const octets = short + open.capabilities.length
    end = put16(out, put8(out, put8(out, end, LONG_FORM), LONG_FORM), octets)
  } else {
    end = put8(out, end, short)
  }
  for (const { code, value } of open.capabilities) {
    end = put8(out, end, CAPABILITY_PARAMETER)
    end = long ? put16(out, end, value.length + 2) : put8(out, end, value.length + 2)
    end = put8(out, put8(out, end, code), value.length)
    end = copy(value, 0, value.length, out, end)
  }
  writeHeader(out, at, end - at, MessageType.open)
  return end
}

function openFault(subcode: number, why: string, data?: Uint8Array): SessionFault {
  return sessionFault(NotificationCode.open, subcode, `OPEN: ${why}`, data)
}

function malformed(why: string): SessionFault {
  return openFault(OpenSubcode.unspecific, why)
}
