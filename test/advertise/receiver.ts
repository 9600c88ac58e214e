/** A naive BGP receiver: reads the octets written to it with a parser of its own and keeps the table that they make. */
import { expect } from 'vitest'
import type { MemberLink, Pace } from '../../src/advertise/members/member.ts'

export interface Attribute {
  readonly flags: number
  readonly code: number
  readonly value: Uint8Array
}

export const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex')

export function readAttributes(octets: Uint8Array): Attribute[] {
  const found: Attribute[] = []
  for (let at = 0; at < octets.length; ) {
    const flags = octets[at]!
    const extended = (flags & 0x10) !== 0
    const length = extended ? octets[at + 2]! * 256 + octets[at + 3]! : octets[at + 2]!
    const from = at + (extended ? 4 : 3)
    if (from + length > octets.length) expect.fail('attributes overrun their field')
    if (extended !== (length > 255 || octets[at + 1] === 14 || octets[at + 1] === 15)) expect.fail('extended length only where needed')
    found.push({ flags: flags & 0xef, code: octets[at + 1]!, value: octets.slice(from, from + length) })
    at = from + length
  }
  return found
}

/** Long values are told apart by their start and length. */
const valueText = (value: Uint8Array) => (value.length > 600 ? `${hex(value.subarray(0, 32))}... ${value.length}` : hex(value))

export const attributeText = (attributes: readonly Attribute[]) =>
  attributes.map(({ flags, code, value }) => `${flags}/${code}:${valueText(value)}`).join(' ')

/** What of an EVPN NLRI is route key: RFC 7432 §7, RFC 9136 §3.1. */
export function keyOf(nlri: Uint8Array): string {
  const type = nlri[0]!
  const body = nlri.slice(2)
  if (type === 1) return `1 ${hex(body.slice(0, 22))}`
  if (type === 2) return `2 ${hex(body.slice(0, 8))} ${hex(body.slice(18, 30 + body[29]! / 8))}`
  if (type === 5) return `5 ${hex(body.slice(0, 8))} ${hex(body.slice(18, body.length === 34 ? 27 : 39))}`
  return `${type} ${hex(body)}`
}

function splitNlri(octets: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = []
  for (let at = 0; at < octets.length; ) {
    const end = at + 2 + octets[at + 1]!
    if (end > octets.length) expect.fail('NLRI overrun their field')
    found.push(octets.slice(at, end))
    at = end
  }
  return found
}

export class Receiver implements MemberLink {
  /** Route key -> NLRI, next hop and attributes. */
  readonly table = new Map<string, string>()
  /** Octets not taken yet, as the sender sees it. */
  pending = 0
  pace: Pace | null = null
  messages = 0
  ends = 0
  /** Keys that have ever been withdrawn. */
  readonly withdrawn = new Set<string>()
  /** Keys that were withdrawn before they had ever been announced. */
  readonly stray = new Set<string>()
  private readonly heard = new Set<string>()
  private readonly maxMessage: number
  private readonly announced: (key: string, attributes: readonly Attribute[]) => void

  constructor(maxMessage: number, announced: (key: string, attributes: readonly Attribute[]) => void = () => {}) {
    this.maxMessage = maxMessage
    this.announced = announced
  }

  write(octets: Uint8Array, messages: number): void {
    let count = 0
    for (let at = 0; at < octets.length; count++) {
      expect(hex(octets.subarray(at, at + 16)), 'marker').toBe('ff'.repeat(16))
      const length = octets[at + 16]! * 256 + octets[at + 17]!
      expect(octets[at + 18], 'type').toBe(2)
      expect(length, 'message length').toBeLessThanOrEqual(this.maxMessage)
      expect(at + length, 'whole messages').toBeLessThanOrEqual(octets.length)
      this.update(octets.slice(at + 19, at + length))
      at += length
    }
    expect(messages, 'count of messages').toBe(count)
    this.messages += count
  }

  private update(body: Uint8Array): void {
    expect([body[0], body[1]], 'no withdrawn IPv4 routes').toEqual([0, 0])
    expect(body[2]! * 256 + body[3]!, 'attributes to the end').toBe(body.length - 4)
    const [first, ...others] = readAttributes(body.slice(4))
    expect([...first!.value.slice(0, 3)], 'L2VPN EVPN').toEqual([0, 25, 70])
    if (first!.code === 15) {
      expect(others).toEqual([])
      for (const nlri of splitNlri(first!.value.slice(3))) {
        this.withdrawn.add(keyOf(nlri))
        if (!this.heard.has(keyOf(nlri))) this.stray.add(keyOf(nlri))
        this.table.delete(keyOf(nlri))
      }
      return
    }
    expect(first!.code, 'MP_REACH_NLRI first (RFC 7606 5.1)').toBe(14)
    const codes = others.map(({ code }) => code)
    expect(codes, 'ascending codes, once each').toEqual([...new Set(codes)].sort((a, b) => a - b))
    const behind = 4 + first!.value[3]!
    const nlri = splitNlri(first!.value.slice(behind + 1))
    expect(nlri.length, 'no message without routes').toBeGreaterThan(0)
    const via = `via ${hex(first!.value.slice(4, behind))} ${attributeText(others)}`
    for (const one of nlri) {
      this.announced(keyOf(one), others)
      this.heard.add(keyOf(one))
      this.table.set(keyOf(one), `${hex(one)} ${via}`)
    }
  }
}
