import { describe, expect, it } from 'vitest'
import { messageContext, readVectorContext, type VectorContext } from '../../src/decode/batch/vector-context.ts'
import { isForSession, sessionFaults, verdictOf } from '../../src/decode/batch/verdict.ts'
import { readCapability, writeCapability } from '../../src/wire/capability/table.ts'
import { readExtendedCommunity, writeExtendedCommunity } from '../../src/wire/community/table.ts'
import type { Fault } from '../../src/wire/fault.ts'
import { type MessageFields, readMessage, writeMessage } from '../../src/wire/message.ts'
import { L2VPN_EVPN } from '../../src/wire/negotiated.ts'
import { evpn } from '../../src/wire/nlri/evpn/evpn.ts'
import { readNlriList, writeNlriList } from '../../src/wire/nlri/list.ts'
import { type AttributesView, readAttribute, writeAttributes } from '../../src/wire/update-view.ts'
import { contextOf, loadVectors, octets, toHex, type Vector, WRITTEN_OTHERWISE } from './vectors.ts'

/** Those, and attributes whose header is not part of the view that is written here. */
const NOT_CANONICAL: Readonly<Record<string, string>> = {
  ...WRITTEN_OTHERWISE,
  'attr-aspath-4octet-ext': 'a short attribute with the extended length bit',
  'attr-gobgp-mpreachnlriwithipv6': 'a short attribute with the extended length bit',
  'attr-gobgp-mpunreachnlriwithipv6': 'a short attribute with the extended length bit',
  'attr-partial-communities': 'the Partial bit of a known attribute is no part of its view',
}

/** A value as JSON has it: no undefined members. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown

/** Whether `ours` is what the vector asks for, or what it leaves room for. */
function agrees(vector: Vector, wanted: string, ours: string): boolean {
  return [wanted, ...(vector.alsoAcceptable ?? [])].some(
    (verdict) => ours === verdict || (verdict === 'session-reset' && ours.startsWith('notification:3/')),
  )
}

describe('messages', () => {
  for (const vector of loadVectors('messages')) {
    const context = contextOf(vector)
    const { message, faults } = readMessage(octets(vector.hex), context)
    it(`decodes ${vector.id}`, () => {
      expect(plain(message)).toEqual(plain(vector.expect))
    })
    it(`judges the octets of ${vector.id}`, () => {
      const ours = verdictOf(faults.filter((fault) => !isForSession(fault)))
      expect(agrees(vector, vector.verdict, ours), `${ours} ${JSON.stringify(faults)}`).toBe(true)
    })
    if (vector.sessionVerdict !== undefined) {
      it(`judges ${vector.id} in a session`, () => {
        const ours = verdictOf(sessionFaults(octets(vector.hex), { message, faults }, readVectorContext(vector.context) as VectorContext))
        expect(ours).toBe(vector.sessionVerdict?.split(' ')[0])
      })
    }
    it(`encodes ${vector.id}`, () => {
      const written = writeMessage(message as MessageFields, context)
      expect(toHex(written) === vector.hex).toBe(!(vector.id in NOT_CANONICAL))
      expect(plain(readMessage(written, context).message)).toEqual(plain(vector.expect))
    })
  }
})

describe('malformed messages', () => {
  for (const vector of [...loadVectors('malformed-examples'), ...loadVectors('malformed-own')]) {
    it(`judges ${vector.id}`, () => {
      const bytes = octets(vector.hex)
      const given = readVectorContext(vector.context) as VectorContext
      const ours = verdictOf(sessionFaults(bytes, readMessage(bytes, messageContext(given)), given))
      expect(agrees(vector, vector.verdict, ours), `${ours}, ${vector.verdict} wanted: ${vector.why}`).toBe(true)
    })
  }
})

describe('EVPN NLRI', () => {
  for (const vector of loadVectors('evpn-nlri')) {
    const bytes = octets(vector.hex)
    const list = readNlriList(L2VPN_EVPN, bytes, 0, bytes.length, contextOf(vector).addPath)
    it(`decodes ${vector.id}`, () => {
      expect(plain(list)).toEqual(plain(vector.expect))
    })
    it(`encodes ${vector.id}`, () => {
      if (typeof list === 'string') throw new Error(list)
      const out = new Uint8Array(bytes.length)
      expect(writeNlriList(L2VPN_EVPN, list, out, 0)).toBe(bytes.length)
      expect(toHex(out)).toBe(vector.hex)
    })
    it(`finds every NLRI of ${vector.id} fit for use`, () => {
      const skip = vector.context.addpath ? 4 : 0
      for (let at = skip; at < bytes.length; ) {
        const size = evpn.sizeOf(bytes, at, bytes.length)
        expect(evpn.check(bytes, at, size)).toBeNull()
        at += size + skip
      }
    })
  }
})

describe('path attributes', () => {
  for (const vector of loadVectors('attributes')) {
    const { flags: _flags, typeCode: _typeCode, ...expected } = vector.expect
    const context = contextOf(vector)
    const faults: Fault[] = []
    const attributes = readAttribute(octets(vector.hex), context, faults)
    it(`decodes ${vector.id}`, () => {
      expect(faults).toEqual([])
      expect(plain(attributes)).toEqual(plain(expected))
    })
    it(`encodes ${vector.id}`, () => {
      const out = new Uint8Array(0x10000)
      const end = writeAttributes(attributes, out, 0, context)
      expect(toHex(out.slice(0, end)) === vector.hex).toBe(!(vector.id in NOT_CANONICAL))
      const again: AttributesView = readAttribute(out.slice(0, end), context, faults)
      expect(plain(again)).toEqual(plain(expected))
    })
  }
})

describe('extended communities', () => {
  for (const vector of loadVectors('ext-communities')) {
    const view = readExtendedCommunity(octets(vector.hex), 0)
    it(`decodes ${vector.id}`, () => {
      expect(view).toEqual(vector.expect)
    })
    it(`encodes ${vector.id}`, () => {
      const out = new Uint8Array(8)
      expect(writeExtendedCommunity(view, out, 0)).toBe(8)
      expect(toHex(out)).toBe(vector.hex)
    })
  }
})

describe('capabilities', () => {
  for (const vector of loadVectors('capabilities')) {
    const bytes = octets(vector.hex)
    const view = readCapability({ code: bytes[0] ?? 0, value: bytes.slice(2) })
    it(`decodes ${vector.id}`, () => {
      expect(view).toEqual(vector.expect)
    })
    it(`encodes ${vector.id}`, () => {
      const { code, value } = writeCapability(view)
      const written = toHex(Uint8Array.of(code, value.length, ...value))
      expect(written === vector.hex).toBe(!(vector.id in NOT_CANONICAL))
      expect(readCapability({ code, value })).toEqual(vector.expect)
    })
  }
})
