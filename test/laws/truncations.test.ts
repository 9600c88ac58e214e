import { describe, expect, it } from 'vitest'
import { checkAttribute, PATH_ATTRIBUTES } from '../../src/wire/attribute/table.ts'
import { CAPABILITIES } from '../../src/wire/capability/table.ts'
import { readMessage } from '../../src/wire/message.ts'
import { evpn } from '../../src/wire/nlri/evpn/evpn.ts'
import { evpnRouteType } from '../../src/wire/nlri/evpn/table.ts'
import { UpdateScan } from '../../src/wire/update-scan.ts'
import { contextOf, loadVectors, octets, type Vector } from '../wire/vectors.ts'

const MESSAGES = [...loadVectors('messages'), ...loadVectors('malformed-examples'), ...loadVectors('malformed-own')]
const CONTEXTS = [true, false].flatMap((fourOctetAs) => [true, false].map((internal) => ({ fourOctetAs, internal })))

/** Every beginning of the octets, in memory of its own. */
function* beginnings(bytes: Uint8Array): Generator<Uint8Array> {
  for (let length = 0; length < Math.min(bytes.length, 600); length++) yield bytes.slice(0, length)
}

describe('cut anywhere', () => {
  it('a message is a fault', () => {
    for (const vector of MESSAGES) {
      for (const cut of beginnings(octets(vector.hex))) {
        const { message, faults } = readMessage(cut, contextOf(vector))
        expect(message === null && cut.length < 19 ? true : faults.length > 0, `${vector.id} at ${cut.length}`).toBe(true)
      }
    }
  })

  it('a message whose length says so is a message, faults or both', () => {
    for (const vector of MESSAGES) {
      for (const cut of beginnings(octets(vector.hex))) {
        if (cut.length < 19) continue
        cut[16] = cut.length >> 8
        cut[17] = cut.length
        const { message, faults } = readMessage(cut, contextOf(vector))
        expect(message !== null || faults.length > 0, `${vector.id} at ${cut.length}`).toBe(true)
      }
    }
  })

  it('the value of every known attribute is a fault or a value', () => {
    const seen = new Set<number>()
    const scan = new UpdateScan()
    for (const vector of MESSAGES) {
      const bytes = octets(vector.hex)
      if (bytes[18] !== 2 || bytes.length < 23) continue
      scan.scan(bytes, 0, bytes.length)
      for (let i = 0; i < scan.count; i++) {
        const [code, at] = [scan.code[i]!, scan.valueAt[i]!]
        seen.add(code)
        for (const cut of beginnings(bytes.slice(at, at + scan.valueLength[i]!))) {
          for (const context of CONTEXTS) judge(code, cut, context)
        }
      }
    }
    expect(PATH_ATTRIBUTES.filter(({ code }) => !seen.has(code)).map(({ name }) => name)).toEqual([])
  })

  it('an EVPN route of every type is a reason or a view, and has a key', () => {
    const key = new Uint8Array(300)
    for (const vector of loadVectors('evpn-nlri')) {
      const bytes = octets(vector.hex)
      for (const cut of beginnings(bytes)) {
        if (cut.length < 2) continue
        cut[1] = cut.length - 2
        expect(evpn.keyInto(cut, 0, cut.length, key, 0)).toBeGreaterThan(0)
        expect(evpnRouteType(cut[0]!).keyEnd(cut, 2, cut.length - 2)).toBeLessThanOrEqual(cut.length - 2)
        expect(evpn.format(evpn.read(cut, 0, cut.length))).not.toBe('')
      }
    }
  })

  it('the value of every capability is a reason or a value', () => {
    for (const vector of loadVectors('capabilities') as Vector[]) {
      const bytes = octets(vector.hex)
      const entry = CAPABILITIES[bytes[0]!]
      for (const cut of beginnings(bytes.slice(2))) if (entry?.check(cut) === null) expect(entry.read(cut)).toBeTypeOf('object')
    }
  })
})

function judge(code: number, value: Uint8Array, context: { fourOctetAs: boolean; internal: boolean }): void {
  const entry = PATH_ATTRIBUTES.find((known) => known.code === code)
  if (entry === undefined) return
  const fault = checkAttribute(entry.flags, code, value, 0, value.length, context)
  if (fault !== null) expect(fault.why).not.toBe('')
  else expect(typeof entry.format(entry.read(value, 0, value.length, context))).toBe('string')
}
