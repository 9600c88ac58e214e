import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SessionFault } from '../../src/wire/fault.ts'
import { MessageCutter, type MessageType, writeHeader } from '../../src/wire/framing.ts'
import { join, message, u16Octets } from './update-octets.ts'

const KEEPALIVE = message(4, [])
const updateOf = (size: number, fill = 0) => message(2, Array(size - 19).fill(fill))

/** Pushes the pieces; the messages taken (as hex, with their type) and the fault. Octets of a piece are wiped when `push` returns: they were borrowed. */
function cut(
  pieces: readonly Uint8Array[],
  maxReceive = 4096,
  most = Number.POSITIVE_INFINITY,
): { taken: string[]; fault: SessionFault | null } {
  const cutter = new MessageCutter()
  cutter.maxReceive = maxReceive
  const taken: string[] = []
  let fault: SessionFault | null = null
  for (const piece of pieces) {
    const borrowed = Buffer.from(piece)
    fault = cutter.push(borrowed, (bytes, from, to, type) => {
      taken.push(`${type} ${Buffer.from(bytes.subarray(from, to)).toString('hex')}`)
      return taken.length < most
    })
    borrowed.fill(0x55)
    if (fault !== null || taken.length >= most) break
  }
  return { taken, fault }
}

/** Cuts `stream` at the sorted offsets. */
function pieces(stream: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const ends = [...cuts.map((at) => at % (stream.length + 1)), stream.length].sort((a, b) => a - b)
  return ends.map((end, i) => stream.slice(i === 0 ? 0 : ends[i - 1], end))
}

const messages = fc.array(
  fc.oneof(
    fc.constant(KEEPALIVE),
    fc.tuple(fc.constantFrom(2, 3, 5), fc.uint8Array({ minLength: 4, maxLength: 60 })).map(([type, body]) => message(type, body)),
    fc.integer({ min: 23, max: 4096 }).map((size) => updateOf(size)),
  ),
  { minLength: 1, maxLength: 12 },
)

describe('MessageCutter', () => {
  test('gives the same messages however TCP cuts the stream', () => {
    fc.assert(
      fc.property(messages, fc.array(fc.nat(), { maxLength: 30, size: 'max' }), (whole, cuts) => {
        const stream = join(...whole)
        const { taken, fault } = cut(pieces(stream, cuts))
        expect(fault).toBeNull()
        expect(taken).toEqual(whole.map((one) => `${one[18]} ${Buffer.from(one).toString('hex')}`))
      }),
      { numRuns: 300 },
    )
  })

  test('gives the same messages octet by octet', () => {
    const stream = join(KEEPALIVE, updateOf(30), updateOf(23), KEEPALIVE, updateOf(300))
    expect(cut([...stream].map((octet) => Uint8Array.of(octet)))).toEqual(cut([stream]))
    expect(cut([stream]).taken).toHaveLength(5)
  })

  test('cuts messages of 65535 octets that come in pieces when extended messages were agreed (RFC 8654)', () => {
    const stream = join(updateOf(65535, 1), KEEPALIVE, updateOf(65535, 2))
    const { taken, fault } = cut(pieces(stream, [10, 19, 4096, 5000, 65540, 70_000]), 65535)
    expect(fault).toBeNull()
    expect(taken.map((one) => one.length)).toEqual([2 + 2 * 65535, 2 + 2 * 19, 2 + 2 * 65535])
  })

  test('faults come out the same however TCP cuts the stream', () => {
    const bad = Uint8Array.from(KEEPALIVE)
    bad[15] = 0xfe
    fc.assert(
      fc.property(messages, fc.array(fc.nat(), { maxLength: 20, size: 'max' }), (whole, cuts) => {
        const { taken, fault } = cut(pieces(join(...whole, bad, KEEPALIVE), cuts))
        expect(taken).toHaveLength(whole.length)
        expect(fault).toMatchObject({ reach: 'session', code: 1, subcode: 1 })
      }),
      { numRuns: 100 },
    )
  })

  test('hands on nothing more once the taker has heard enough', () => {
    expect(cut([join(KEEPALIVE, KEEPALIVE, KEEPALIVE)], 4096, 2).taken).toHaveLength(2)
    const halves = [KEEPALIVE.slice(0, 5), join(KEEPALIVE.slice(5), KEEPALIVE)]
    expect(cut(halves, 4096, 1).taken).toHaveLength(1)
  })

  test('lets the longest message grow between two messages of one read (RFC 8654)', () => {
    const cutter = new MessageCutter()
    const sizes: number[] = []
    const fault = cutter.push(join(KEEPALIVE, updateOf(5000)), (_bytes, from, to) => {
      cutter.maxReceive = 65535
      return sizes.push(to - from) > 0
    })
    expect([fault, sizes]).toEqual([null, [19, 5000]])
  })
})

describe('header faults (RFC 4271 6.1)', () => {
  const header = (length: number, type: number, marker = 0xff) =>
    join(Array(16).fill(marker), u16Octets(length), [type], Array(100).fill(0))
  const faultOf = (octets: Uint8Array, maxReceive?: number) => {
    const { fault, taken } = cut([octets], maxReceive)
    expect(taken).toEqual([])
    return fault === null ? null : [fault.code, fault.subcode, Buffer.from(fault.data).toString('hex')]
  }

  test('a marker that is not all ones: Connection Not Synchronized', () => {
    expect(faultOf(header(19, 4, 0))).toEqual([1, 1, ''])
  })

  test.each([0, 6, 255])('type %i: Bad Message Type with the type', (type) => {
    expect(faultOf(header(19, type))).toEqual([1, 3, Buffer.from([type]).toString('hex')])
  })

  test.each([
    ['any', 18, 2],
    ['OPEN', 28, 1],
    ['UPDATE', 22, 2],
    ['NOTIFICATION', 20, 3],
    ['KEEPALIVE', 18, 4],
    ['KEEPALIVE', 20, 4],
    ['UPDATE', 4097, 2],
  ])('%s of %i octets: Bad Message Length with the length', (_name, length, type) => {
    expect(faultOf(header(length, type))).toEqual([1, 2, length.toString(16).padStart(4, '0')])
  })

  test('OPEN and KEEPALIVE are never longer than 4096 octets, whatever was agreed (RFC 8654 4)', () => {
    expect(faultOf(header(4097, 1), 65535)).toEqual([1, 2, '1001'])
    expect(faultOf(header(4097, 2), 65535)).toBeNull()
  })

  test('a bad length is seen before the message is complete', () => {
    expect(faultOf(header(4097, 2).slice(0, 19))).toEqual([1, 2, '1001'])
  })

  test('what writeHeader writes is cut', () => {
    const out = new Uint8Array(40)
    expect(writeHeader(out, 3, 23, 2 satisfies MessageType)).toBe(22)
    expect(cut([out.slice(3, 26)]).taken).toHaveLength(1)
  })
})
