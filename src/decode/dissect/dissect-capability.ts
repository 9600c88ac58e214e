/** Takes a capability apart (RFC 5492 §4): code (1), length (1), value. */
import { copyOf, hex, u8 } from '../../bytes/octets.ts'
import { type CapabilityView, formatCapability, readCapability } from '../../wire/capability/table.ts'
import { type Field, group, leaf, type Placed, place, raw } from './field.ts'

/** Where the members of the known capabilities stand in the value; of lists, where each record stands. */
const PLACES: Readonly<Record<string, readonly Placed[]>> = {
  multiprotocol: [
    ['afi', 0, 2],
    ['safi', 3, 1],
  ],
  role: [['role', 0, 1]],
  'four-octet-as': [['as', 0, 4]],
}

interface Records {
  readonly member: string
  /** Octets before the first record. */
  readonly head: number
  readonly octets: number
  readonly places: readonly Placed[]
}

const FAMILY: readonly Placed[] = [
  ['afi', 0, 2],
  ['safi', 2, 1],
]

const RECORDS: Readonly<Record<string, Records>> = {
  'extended-next-hop': {
    member: 'entries',
    head: 0,
    octets: 6,
    places: [
      ['afi', 0, 2],
      ['safi', 2, 2],
      ['nextHopAfi', 4, 2],
    ],
  },
  'graceful-restart': { member: 'families', head: 2, octets: 4, places: [...FAMILY, ['forwardingPreserved', 3, 1]] },
  'long-lived-graceful-restart': {
    member: 'families',
    head: 0,
    octets: 7,
    places: [...FAMILY, ['forwardingPreserved', 3, 1], ['staleTime', 4, 3]],
  },
  'add-path': { member: 'families', head: 0, octets: 4, places: [...FAMILY, ['mode', 3, 1]] },
}

/** Members that are texts with their length in an octet before them. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  fqdn: ['hostname', 'domain'],
  'software-version': ['version'],
}

/** Adds the capability at `at`, of which octets up to `to` are there; returns `to`. */
export function dissectCapability(out: Field[], bytes: Uint8Array, at: number, to: number): number {
  const from = at + 2
  const view = readCapability({ code: u8(bytes, at), value: copyOf(bytes, from, to) })
  const fields: Field[] = []
  leaf(fields, 'code', at, 1, view.code, view.name)
  leaf(fields, 'length', at + 1, 1, u8(bytes, at + 1))
  value(fields, bytes, from, to, view)
  const missing = from + u8(bytes, at + 1) - to
  return group(out, 'capability', at, to - at, formatCapability(view), fields, missing > 0 ? `${missing} octets are missing` : undefined)
}

function value(out: Field[], bytes: Uint8Array, from: number, to: number, view: CapabilityView): void {
  const places = PLACES[view.name]
  const records = RECORDS[view.name]
  const texts = TEXTS[view.name]
  if ('hex' in view) raw(out, 'value', bytes, from, to)
  else if (places !== undefined) place(out, bytes, from, to, view, places)
  else if (texts !== undefined) textMembers(out, bytes, from, to, view, texts)
  else if (records !== undefined) recordList(out, bytes, from, to, view, records)
  else raw(out, 'value', bytes, from, to)
}

function recordList(out: Field[], bytes: Uint8Array, from: number, to: number, view: CapabilityView, records: Records): void {
  let at = from
  if (records.head > 0) {
    const flags = ['restartState', 'notification'].filter((name) => view[name] === true).join(', ')
    at = leaf(
      out,
      'flagsAndRestartTime',
      at,
      records.head,
      `0x${hex(bytes, at, at + records.head)}`,
      `${view.restartTime} s ${flags}`.trim(),
    )
  }
  for (const record of view[records.member] as readonly Record<string, unknown>[]) {
    const fields: Field[] = []
    place(fields, bytes, at, at + records.octets, record, records.places)
    at = group(out, records.member, at, records.octets, undefined, fields)
  }
  raw(out, 'rest', bytes, at, to)
}

function textMembers(out: Field[], bytes: Uint8Array, from: number, to: number, view: CapabilityView, names: readonly string[]): void {
  let at = from
  for (const name of names) {
    if (at >= to) break
    const length = u8(bytes, at)
    if (at + 1 + length > to) break
    at = leaf(out, `${name}Length`, at, 1, length)
    if (length > 0) at = leaf(out, name, at, length, String(view[name]))
  }
  raw(out, 'rest', bytes, at, to)
}
