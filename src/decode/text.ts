/** Decoded messages as text for people: a head line, a line for each fault, a line for each field with its offset and length. */

import type { Fault } from '../wire/fault.ts'
import { notificationName } from '../wire/notification.ts'
import type { Decoded, Found } from './decoded.ts'
import type { Field } from './field.ts'
import { formatUtc } from './utc.ts'

/** All lines of one message, with a blank line behind. */
export function formatDecoded(found: Found, decoded: Decoded): string {
  return `${lines(decoded.fields, 0, formatSummary(found, decoded))}\n`
}

/** The head line and a line for each fault. */
export function formatSummary(found: Found, decoded: Decoded): string {
  let text = `${formatHead(found, decoded)}\n`
  for (const fault of decoded.faults) text += `! ${formatFault(fault)}\n`
  return text
}

/** `#3 UPDATE, 93 octets, packet 7 2026-01-02T03:04:05.678901Z 10.1.0.1:179 > 10.1.0.2:40112`. */
export function formatHead({ number, octets, packet, streamOffset }: Found, { name }: Decoded): string {
  const head = `#${number} ${name}, ${octets.length} octets`
  if (packet === null) return `${head}, at ${streamOffset}`
  return `${head}, packet ${packet.number} ${formatUtc(packet.seconds, packet.nanoseconds)} ${packet.from} > ${packet.to}`
}

const REACHES = {
  attribute: 'attribute discard',
  route: 'treat as withdraw',
  family: 'AFI/SAFI disable',
  session: 'session reset',
} as const

/** How far it reaches, with what NOTIFICATION, and why. */
export function formatFault(fault: Fault): string {
  const reach = REACHES[fault.reach]
  if (fault.reach !== 'session') return `${reach}: ${fault.why}`
  return `${reach}, NOTIFICATION ${fault.code}/${fault.subcode} ${notificationName(fault.code, fault.subcode)}: ${fault.why}`
}

const OFFSET_WIDTH = 6
const LENGTH_WIDTH = 6
const PADS = Array.from({ length: 16 }, (_, depth) => '  '.repeat(depth + 1))

function lines(fields: readonly Field[], depth: number, before: string): string {
  let text = before
  for (const field of fields) {
    text += `${column(field.offset, OFFSET_WIDTH)}${column(field.length, LENGTH_WIDTH)}${PADS[depth] ?? PADS[15]}${field.name}`
    if (field.value !== undefined) text += `: ${harmless(field.value)}`
    if (field.note !== undefined) text += ` (${field.note})`
    if (field.fault !== undefined) text += ` ! ${field.fault}`
    text += '\n'
    if (field.fields !== undefined) text = lines(field.fields, depth + 1, text)
  }
  return text
}

/** Numbers to the right; those of the first messages are kept ready. */
function column(value: number, width: number): string {
  return COLUMNS[value] ?? String(value).padStart(width)
}
const COLUMNS = Array.from({ length: 4097 }, (_, value) => String(value).padStart(OFFSET_WIDTH))

/** Peers send texts: no control character of theirs reaches a terminal. */
function harmless(value: string | number): string | number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  return typeof value === 'number' ? value : value.replaceAll(/[\x00-\x1f\x7f-\x9f]/g, '.')
}
