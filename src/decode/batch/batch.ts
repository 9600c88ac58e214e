/**
 * The batch form: lines `{id, kind, hex, context}` in, a line `{id, verdict, decoded, encoded}` out for each, in order. A line that cannot be worked on
 * gives `{id, error}`; none ends the batch.
 */

import { hex, put16, u8 } from '../../bytes/octets.ts'
import { EXTENDED_LENGTH } from '../../wire/attribute/attribute.ts'
import { CAPABILITIES, readCapability, writeCapability } from '../../wire/capability/table.ts'
import { EXTENDED_COMMUNITY_OCTETS } from '../../wire/community/extended-community.ts'
import { readExtendedCommunity, writeExtendedCommunity } from '../../wire/community/table.ts'
import { type Fault, routeFault, sessionFault } from '../../wire/fault.ts'
import { type MessageFields, readMessage, writeMessage } from '../../wire/message.ts'
import { L2VPN_EVPN } from '../../wire/negotiated.ts'
import { checkNlriList, readNlriList, writeNlriList } from '../../wire/nlri/list.ts'
import { NotificationCode, OpenSubcode, UpdateSubcode } from '../../wire/notification-codes.ts'
import { readAttribute, writeAttributes } from '../../wire/update-view.ts'
import type { Input } from '../found-taker.ts'
import { messageContext, readVectorContext, type VectorContext } from './vector-context.ts'
import { isForSession, sessionFaults, verdictOf } from './verdict.ts'

/** What comes out for a line. */
export interface BatchAnswer {
  readonly id: unknown
  readonly verdict: string
  /** Only where it is another one: what a session does with octets that can be read. */
  readonly sessionVerdict?: string
  /** Contents in neutral names; empty when the verdict is not `ok`. */
  readonly decoded: object
  /** Hex of what the writers make of `decoded`; null when that cannot be. */
  readonly encoded: string | null
  /** What is wrong, in words. */
  readonly why?: readonly string[]
}

export interface BatchError {
  readonly id: unknown
  readonly error: string
}

/** What one kind makes of its octets. */
interface Read {
  readonly faults: readonly Fault[]
  /** The faults when the octets come in a session, where they differ. */
  readonly sessionFaults?: readonly Fault[]
  readonly decoded: object | null
  encode(): Uint8Array
}

type Reader = (octets: Uint8Array, context: VectorContext) => Read | string

const LONGEST = 2 * 65535

const READERS: Readonly<Record<string, Reader>> = {
  message(octets, context) {
    const read = readMessage(octets, messageContext(context))
    return {
      faults: read.faults.filter((fault) => !isForSession(fault)),
      sessionFaults: sessionFaults(octets, read, context),
      decoded: read.message,
      encode: () => writeMessage(read.message as MessageFields, messageContext(context)),
    }
  },
  'evpn-nlri'(octets, context) {
    const { addPath } = messageContext(context)
    const list = readNlriList(L2VPN_EVPN, octets, 0, octets.length, addPath)
    if (typeof list === 'string')
      return { faults: [sessionFault(NotificationCode.update, UpdateSubcode.optionalAttribute, list)], decoded: null, encode: () => octets }
    const why = checkNlriList(L2VPN_EVPN, octets, 0, octets.length, addPath)
    const faults = why === null ? [] : [routeFault(14, why)]
    return { faults, decoded: list, encode: () => written((out) => writeNlriList(L2VPN_EVPN, list, out, 0)) }
  },
  attribute(octets, context) {
    if (octets.length < 3) return 'an attribute has at least 3 octets'
    const faults: Fault[] = []
    const flags = u8(octets, 0)
    const attributes = readAttribute(octets, messageContext(context), faults)
    return {
      faults,
      decoded: { ...attributes, flags, typeCode: u8(octets, 1) },
      encode: () =>
        withFlags(
          written((out) => writeAttributes(attributes, out, 0, messageContext(context))),
          flags,
        ),
    }
  },
  'ext-community'(octets) {
    if (octets.length !== EXTENDED_COMMUNITY_OCTETS) return `an extended community has 8 octets, not ${octets.length}`
    const view = readExtendedCommunity(octets, 0)
    return { faults: [], decoded: view, encode: () => written((out) => writeExtendedCommunity(view, out, 0)) }
  },
  capability(octets) {
    if (octets.length < 2 || u8(octets, 1) !== octets.length - 2) {
      return {
        faults: [sessionFault(NotificationCode.open, OpenSubcode.unspecific, 'a capability whose length does not fit')],
        decoded: null,
        encode: () => octets,
      }
    }
    const code = u8(octets, 0)
    const value = octets.slice(2)
    const view = readCapability({ code, value })
    const why = CAPABILITIES[code]?.check(value) ?? null
    const encode = () => {
      const back = writeCapability(view)
      return Uint8Array.of(back.code, back.value.length, ...back.value)
    }
    return { faults: why === null ? [] : [sessionFault(NotificationCode.open, OpenSubcode.unspecific, why)], decoded: view, encode }
  },
}

function written(write: (out: Uint8Array) => number): Uint8Array {
  const out = new Uint8Array(LONGEST)
  return out.slice(0, write(out))
}

/** An attribute as written with its own flags, the extended length among them. */
function withFlags(attribute: Uint8Array, flags: number): Uint8Array {
  const headOctets = u8(attribute, 0) & EXTENDED_LENGTH ? 4 : 3
  const length = attribute.length - headOctets
  const wide = length > 255 || (flags & EXTENDED_LENGTH) !== 0
  const out = new Uint8Array(length + (wide ? 4 : 3))
  out[0] = wide ? flags | EXTENDED_LENGTH : flags
  out[1] = u8(attribute, 1)
  if (wide) put16(out, 2, length)
  else out[2] = length
  out.set(attribute.subarray(headOctets), wide ? 4 : 3)
  return out
}

/** Works on one line. Never throws, whatever the line. */
export function answerLine(line: string): BatchAnswer | BatchError {
  let given: unknown
  try {
    given = JSON.parse(line)
  } catch {
    return { id: null, error: 'not a line of JSON' }
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return { id: null, error: 'expected an object' }
  const { id = null, kind = 'message', hex: text, context } = given as Readonly<Record<string, unknown>>
  const reader = typeof kind === 'string' && Object.hasOwn(READERS, kind) ? READERS[kind] : undefined
  if (reader === undefined) return { id, error: `kind: found ${JSON.stringify(kind)}, expected one of ${Object.keys(READERS).join(', ')}` }
  if (typeof text !== 'string' || !/^([0-9a-fA-F]{2})*$/.test(text)) return { id, error: 'hex: expected two hex digits for each octet' }
  const known = readVectorContext(context)
  if (typeof known === 'string') return { id, error: known }
  try {
    return answer(id, reader, new Uint8Array(Buffer.from(text, 'hex')), known)
  } catch (error) {
    // A bug of ours, told where it shows: the lines behind it are still worth their answers.
    return { id, error: `internal: ${error instanceof Error ? error.message : String(error)}` }
  }
}

function answer(id: unknown, reader: Reader, octets: Uint8Array, context: VectorContext): BatchAnswer | BatchError {
  const read = reader(octets, context)
  if (typeof read === 'string') return { id, error: read }
  const ofSession = read.sessionFaults ?? read.faults
  const faults = context.ofSession ? ofSession : read.faults
  const verdict = verdictOf(faults)
  const sessionVerdict = verdictOf(ofSession)
  const why = [...new Set(ofSession.map((fault) => fault.why))]
  return {
    id,
    verdict,
    ...(sessionVerdict === verdict ? {} : { sessionVerdict }),
    decoded: verdict === 'ok' ? (read.decoded ?? {}) : {},
    encoded: verdict === 'ok' ? encoded(read) : null,
    ...(why.length > 0 ? { why } : {}),
  }
}

function encoded(read: Read): string | null {
  if (read.decoded === null) return null
  try {
    return hex(read.encode())
  } catch {
    // Writers throw on what cannot be written; here it came from outside.
    return null
  }
}

const LONGEST_LINE = 1 << 24

/** Lines in, lines out. */
export class Batch implements Input {
  private readonly say: (line: string) => void
  private readonly decoder = new TextDecoder()
  private rest = ''
  private skipping = false

  constructor(say: (line: string) => void) {
    this.say = say
  }

  push(piece: Uint8Array): void {
    const lines = (this.rest + this.decoder.decode(piece, { stream: true })).split('\n')
    this.rest = lines.pop() ?? ''
    for (const line of lines) this.take(line)
    if (this.rest.length <= LONGEST_LINE) return
    this.rest = ''
    this.skipping = true
  }

  end(): void {
    const last = this.rest + this.decoder.decode()
    this.rest = ''
    this.take(last)
  }

  private take(line: string): void {
    if (this.skipping) {
      this.skipping = false
      this.say(JSON.stringify({ id: null, error: `a line longer than ${LONGEST_LINE} characters` }))
      return
    }
    if (line.trim() !== '') this.say(JSON.stringify(answerLine(line)))
  }
}
