import { describe, expect, it } from 'vitest'
import { readCapability, writeCapability } from '../../src/wire/capability/table.ts'
import { readExtendedCommunity, writeExtendedCommunity } from '../../src/wire/community/table.ts'
import type { Fault } from '../../src/wire/fault.ts'
import { wider } from '../../src/wire/fault.ts'
import { type MessageFields, readMessage, writeMessage } from '../../src/wire/message.ts'
import { L2VPN_EVPN } from '../../src/wire/negotiated.ts'
import { evpn } from '../../src/wire/nlri/evpn/evpn.ts'
import { readNlriList, writeNlriList } from '../../src/wire/nlri/list.ts'
import { type AttributesView, readAttribute, writeAttributes } from '../../src/wire/update-view.ts'
import { contextOf, loadVectors, octets, toHex, type Vector } from './vectors.ts'

/** What is not decoded yet, and why. Its octets are still carried: the encode tests below hold for it too. */
const OUT_OF_SCOPE = {
  families: { names: ['1/128', '2/128'], why: 'VPN families are not carried; their NLRI are shown as hex' },
}

/** Vectors whose octets mean the same as the ones we write, but are not the same. */
const SHORT = 'a short attribute with the extended length bit'
const ONE_PARAMETER = 'all capabilities in one optional parameter; we give each its own'
const NOT_CANONICAL: Readonly<Record<string, string>> = {
  'msg-exabgp-conf-attributes-2': SHORT,
  'msg-exabgp-conf-parity-3': SHORT,
  'msg-exabgp-conf-path-information-4': SHORT,
  'msg-exabgp-extended-nexthop-3': SHORT,
  'msg-ryu-bgp4-update-0': SHORT,
  'msg-update-all-attributes': SHORT,
  'msg-update-ext-length-on-short-attrs': SHORT,
  'msg-mpreach-not-first-mixed-withdraw': SHORT,
  'msg-evpn-ipv6-nexthop': SHORT,
  'msg-evpn-ipv6-nexthop-32': SHORT,
  'attr-aspath-4octet-ext': SHORT,
  'attr-gobgp-mpreachnlriwithipv6': SHORT,
  'attr-gobgp-mpunreachnlriwithipv6': SHORT,
  'msg-gobgpd-session-start-ibgp-1': ONE_PARAMETER,
  'msg-gobgpd-session-start-ebgp-1': ONE_PARAMETER,
  'msg-gobgpd-session-start-addpath-1': ONE_PARAMETER,
  'msg-open-many-capabilities-one-param': ONE_PARAMETER,
  'msg-open-extended-optional-params': ONE_PARAMETER,
  'attr-partial-communities': 'the Partial bit of a known attribute is no part of its view',
  'attr-frr-mp-ipv4': 'bits set behind the prefix length',
  'attr-frr-mp-ipv4-unreach': 'bits set behind the prefix length',
  'cap-frr-gr': 'reserved flag bits set',
}

/** Vectors whose verdict is another one here, and why. */
const OTHER_VERDICT: Readonly<Record<string, string>> = {
  'msg-exabgp-conf-generic-attribute-2': 'an unknown attribute that says it is well-known: session reset (RFC 4271 6.3)',
  'msg-exabgp-conf-generic-attribute-3': 'an unknown attribute that says it is well-known: session reset (RFC 4271 6.3)',
  'msg-update-all-attributes': 'whether the peer is in our confederation is for the session to know (RFC 5065 5)',
}

type Entry = Record<string, unknown>

/** Both sides of a comparison without what is out of scope. */
function scoped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(scoped)
  if (value === null || typeof value !== 'object') return value
  const entry = value as Entry
  const shown = OUT_OF_SCOPE.families.names.includes(`${entry.afi}/${entry.safi}`) ? { ...entry, nlri: null, nlriHex: null } : entry
  return Object.fromEntries(Object.entries(shown).map(([name, member]) => [name, scoped(member)]))
}

/** A value as JSON has it: no undefined members. */
const plain = (value: unknown) => scoped(JSON.parse(JSON.stringify(value)))

function verdictOf(faults: readonly Fault[]): string {
  const worst = faults.reduce<Fault | null>(wider, null)
  if (worst === null) return 'ok'
  if (worst.reach === 'attribute') return 'attribute-discard'
  if (worst.reach === 'route') return 'treat-as-withdraw'
  return worst.reach === 'family' ? 'session-reset' : `notification:${worst.code}/${worst.subcode}`
}

/** Whether what we would do is what the vector asks for. */
function agrees(vector: Vector, ours: string): boolean {
  const wanted = vector.sessionVerdict?.split(' ')[0] ?? vector.verdict
  if (wanted === 'session-reset') return ours === 'session-reset' || ours.startsWith('notification:3/')
  return ours === wanted
}

describe('messages', () => {
  for (const vector of loadVectors('messages')) {
    const context = contextOf(vector)
    const { message, faults } = readMessage(octets(vector.hex), context)
    it(`decodes ${vector.id}`, () => {
      expect(plain(message)).toEqual(plain(vector.expect))
    })
    it(`judges ${vector.id}`, () => {
      const agreed = agrees(vector, verdictOf(faults))
      expect(agreed, `${verdictOf(faults)} ${JSON.stringify(faults)}`).toBe(!(vector.id in OTHER_VERDICT))
    })
    it(`encodes ${vector.id}`, () => {
      const written = writeMessage(message as MessageFields, context)
      expect(toHex(written) === vector.hex).toBe(!(vector.id in NOT_CANONICAL))
      expect(plain(readMessage(written, context).message)).toEqual(plain(vector.expect))
    })
  }
})

describe('malformed messages', () => {
  for (const vector of loadVectors('malformed-examples')) {
    it(`judges ${vector.id}`, () => {
      const { faults } = readMessage(octets(vector.hex), { ...contextOf(vector), extendedMessage: false })
      expect(agrees(vector, verdictOf(faults)), `${verdictOf(faults)} ${JSON.stringify(faults)}`).toBe(true)
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
