/**
 * Decoded messages as text for people: a head line, a line for each fault, a line for each field with its offset and length. What peers put into texts comes
 * from `wire` without control characters.
 */

import type { Fault } from '../wire/fault.ts'
import { notificationName } from '../wire/notification-codes.ts'
import type { Decoded, Found } from './decoded.ts'
import type { Field } from './dissect/field.ts'
import { gist } from './gist.ts'
import { formatUtc } from './utc.ts'

/** All lines of one message, with a blank line behind. */
export function formatDecoded(found: Found, decoded: Decoded): string {
  return `${lines(decoded.fields, 0, withFaults(formatHead(found, decoded), decoded))}\n`
}

/** The head line, with what the message is about, and a line for each fault. */
export function formatSummary(found: Found, decoded: Decoded): string {
  const about = gist(decoded.message)
  return withFaults(`${formatHead(found, decoded)}${about === '' ? '' : `: ${about}`}`, decoded)
}

function withFaults(head: string, { faults }: Decoded): string {
  let text = `${head}\n`
  for (const fault of faults) text += `! ${formatFault(fault)}\n`
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
  session: 'session reset',
} satisfies Record<Fault['reach'], string>

/** How far it reaches, with what NOTIFICATION, and why. */
function formatFault(fault: Fault): string {
  const reach = REACHES[fault.reach]
  if (fault.reach !== 'session') return `${reach}: ${fault.why}`
  return `${reach}, NOTIFICATION ${fault.code}/${fault.subcode} ${notificationName(fault.code, fault.subcode)}: ${fault.why}`
}

const WIDTH = 6
/** Lines are made of few different beginnings: those of the first offsets, and of each length, depth and name. */
const OFFSETS = Array.from({ length: 4097 }, (_, value) => String(value).padStart(WIDTH))
const heads = new Map<string, string[]>()
const MOST_KEPT = 4096

function lines(fields: readonly Field[], depth: number, before: string): string {
  let text = before
  for (const field of fields) {
    text += OFFSETS[field.offset] ?? String(field.offset).padStart(WIDTH)
    text += headOf(field.name, depth, field.length)
    if (field.value !== undefined) text += `: ${field.value}`
    if (field.note !== undefined) text += ` (${field.note})`
    text += field.fault === undefined ? '\n' : ` ! ${field.fault}\n`
    if (field.fields !== undefined) text = lines(field.fields, depth + 1, text)
  }
  return text
}

/** `     8      rd`: the length, and the name as far in as it is deep. */
function headOf(name: string, depth: number, length: number): string {
  let ofName = heads.get(name)
  if (ofName === undefined) {
    ofName = []
    heads.set(name, ofName)
  }
  const place = 8 * length + depth
  const kept = ofName[place]
  if (kept !== undefined) return kept
  const head = `${String(length).padStart(WIDTH)}${'  '.repeat(depth + 1)}${name}`
  if (place < MOST_KEPT && depth < 8) ofName[place] = head
  return head
}
