import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type MessageFields, readMessage, writeMessage } from '../../src/wire/message.ts'
import { loadVectors, octets } from '../wire/vectors.ts'
import { bent } from './values.ts'

const MESSAGES = [...loadVectors('messages'), ...loadVectors('malformed-examples')].map(({ hex }) => octets(hex))
const CONTEXTS = [true, false].flatMap((fourOctetAs) =>
  [true, false].map((internal) => ({ fourOctetAs, internal, extendedMessage: true, addPath: internal ? [] : [{ afi: 25, safi: 70 }] })),
)

/** Puts the marker right again and the length to what is there, so that what is bent is the body. */
function framed(bytes: Uint8Array): Uint8Array {
  const message = Uint8Array.from(bytes)
  if (message.length < 19) return message
  message.fill(0xff, 0, 16)
  message[16] = message.length >>> 8
  message[17] = message.length
  return message
}

describe('any message', () => {
  const bentMessages = fc.constantFrom(...MESSAGES).chain(bent)

  it('gives a message, faults or both, and never throws', () => {
    fc.assert(
      fc.property(bentMessages, fc.boolean(), fc.constantFrom(...CONTEXTS), (bytes, frame, context) => {
        const { message, faults } = readMessage(frame ? framed(bytes) : bytes, context)
        if (message === null) expect(faults.length).toBeGreaterThan(0)
      }),
      { numRuns: 2000 },
    )
  })

  it('that has nothing wrong is written to octets that mean the same', () => {
    fc.assert(
      fc.property(bentMessages, fc.constantFrom(...CONTEXTS), (bytes, context) => {
        const { message, faults } = readMessage(framed(bytes), context)
        fc.pre(message !== null && faults.length === 0)
        const again = readMessage(writeMessage(message as MessageFields, context), context)
        expect(again.message).toEqual(message)
      }),
      { numRuns: 1000 },
    )
  })

  it('made of random octets is no reason to throw', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6 }), fc.uint8Array({ maxLength: 200 }), (type, body) => {
        const bytes = framed(Uint8Array.of(...new Array(18).fill(0xff), type, ...body))
        for (const context of CONTEXTS) readMessage(bytes, context)
      }),
    )
  })
})
