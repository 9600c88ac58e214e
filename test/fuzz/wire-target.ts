/** The codec by itself: messages read cold, and cut out of a stream. */
import { isDeepStrictEqual } from 'node:util'
import { hex, u16 } from '../../src/bytes/octets.ts'
import { dissectMessage } from '../../src/decode/dissect/dissect.ts'
import type { Fault } from '../../src/wire/fault.ts'
import { HEADER_LENGTH, MAX_EXTENDED_MESSAGE, MAX_MESSAGE, MessageCutter } from '../../src/wire/framing.ts'
import { type MessageContext, type MessageFields, type ReadMessage, readMessage, writeMessage } from '../../src/wire/message.ts'
import { L2VPN_EVPN } from '../../src/wire/negotiated.ts'
import type { Chance } from './chance.ts'
import { checkOrdered } from './expected.ts'
import { rule, type Stopwatch } from './finding.ts'
import { join } from './pieces.ts'

/** No message may take longer, in ms. */
export const LONGEST_MS = 50

const CONTEXTS: readonly MessageContext[] = [
  { fourOctetAs: true, internal: true, extendedMessage: true },
  { fourOctetAs: true, internal: false, extendedMessage: true },
  { fourOctetAs: false, internal: true, extendedMessage: false },
  { fourOctetAs: false, internal: false, extendedMessage: true },
  { fourOctetAs: true, internal: true, extendedMessage: true, addPath: [L2VPN_EVPN, { afi: 1, safi: 1 }, { afi: 2, safi: 1 }] },
]

/** Reads the input as one message, in one context or in all. */
export function readCold(octets: Uint8Array, chance: Chance, watch: Stopwatch): void {
  const contexts = chance.once(16) ? CONTEXTS : [chance.pick(CONTEXTS)]
  for (const context of contexts) {
    const read = watch.time('readMessage', LONGEST_MS, () => readMessage(octets, context))
    const { message, faults } = read
    rule(message !== null || faults.length > 0, 'says something', () => 'neither a message nor a fault')
    checkOrdered(octets[18] ?? 0, faults)
    if (chance.once(8)) readAmong(octets, context, read, chance)
    if (!chance.once(8)) continue
    rule(isDeepStrictEqual(readMessage(octets, context), read), 'reads the same twice', () => describe(read))
    if (message !== null && faults.length === 0) checkWritten(read, context)
  }
  if (chance.once(4)) {
    const { message } = readMessage(octets, contexts[0]!)
    watch.time('dissectMessage', LONGEST_MS, () => dissectMessage(octets, contexts[0]!, message))
  }
}

/** What stands behind a message says nothing of it. */
function readAmong(octets: Uint8Array, context: MessageContext, read: ReadMessage, chance: Chance): void {
  if (octets.length < HEADER_LENGTH || u16(octets, HEADER_LENGTH - 3) !== octets.length) return
  const among = join(octets, chance.once(2) ? new Uint8Array(64) : chance.octets(64))
  const { message, faults } = readMessage(among, context)
  // A header at fault is all there is to say; otherwise the length of the whole is one more.
  const own = faults.length > 0 && read.faults.length < faults.length ? faults.slice(0, -1) : faults
  rule(isDeepStrictEqual({ message, faults: own }, read), 'reads only its own octets', () => describe({ message, faults }))
}

/** What has nothing wrong is written to octets that mean the same. */
function checkWritten(read: ReadMessage, context: MessageContext): void {
  const written = writeMessage(read.message as MessageFields, context)
  const again = readMessage(written, { ...context, extendedMessage: true })
  rule(again.faults.length === 0, 'writes what is sound', () => `${describe(again)} of ${hex(written)}`)
  rule(isDeepStrictEqual(meaning(again), meaning(read)), 'writes what it means', () => `${describe(read)} became ${describe(again)}`)
}

/** Whether an OPEN has the long form says nothing: the short one is written when it will do (RFC 9072 §2). */
function meaning({ message }: ReadMessage): unknown {
  return message?.type === 'OPEN' ? { ...message, extendedOptionalParameters: null } : message
}

interface Cut {
  readonly messages: readonly string[]
  readonly fault: Fault | null
}

/** The input as a stream: in one piece and in pieces it gives the same messages and the same fault. */
export function readStream(octets: Uint8Array, chance: Chance, watch: Stopwatch): void {
  const maxReceive = chance.once(4) ? MAX_MESSAGE : MAX_EXTENDED_MESSAGE
  const whole = cut([octets], maxReceive, watch)
  // Every cut of one message in two, for short ones now and then; else a few cuts anywhere.
  if (octets.length <= 200 && chance.once(64)) {
    for (let at = 1; at < octets.length; at++)
      same(whole, cut([octets.subarray(0, at), octets.subarray(at)], maxReceive, watch), `cut at ${at}`)
  } else same(whole, cut(pieces(octets, chance), maxReceive, watch), 'cut in pieces')
}

function same(a: Cut, b: Cut, how: string): void {
  rule(
    isDeepStrictEqual(a, b),
    'cuts do not matter',
    () => `${how}: ${a.messages.length} messages, ${a.fault?.why}; ${b.messages.length}, ${b.fault?.why}`,
  )
}

function cut(parts: readonly Uint8Array[], maxReceive: number, watch: Stopwatch): Cut {
  const cutter = new MessageCutter()
  cutter.maxReceive = maxReceive
  const messages: string[] = []
  for (const part of parts) {
    // Spoilt afterwards: what a link hands over is borrowed until return.
    const borrowed = Uint8Array.from(part)
    const fault = watch.time('cutter', LONGEST_MS, () =>
      cutter.push(borrowed, (bytes, from, to, type) => {
        messages.push(`${type} ${Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')}`)
        return true
      }),
    )
    borrowed.fill(0xee)
    if (fault !== null) return { messages, fault }
  }
  return { messages, fault: null }
}

/** The octets in up to eight pieces. */
export function pieces(octets: Uint8Array, chance: Chance): Uint8Array[] {
  const cuts = Array.from({ length: chance.below(8) }, () => chance.below(octets.length + 1)).sort((a, b) => a - b)
  const parts: Uint8Array[] = []
  let from = 0
  for (const to of [...cuts, octets.length]) {
    if (to > from) parts.push(octets.subarray(from, to))
    from = to
  }
  return parts
}

function describe({ message, faults }: ReadMessage): string {
  return JSON.stringify({ message, faults: faults.map(({ why }) => why) })
}
