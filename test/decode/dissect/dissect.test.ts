import { describe, expect, test } from 'vitest'
import { messageContext, readVectorContext, type VectorContext } from '../../../src/decode/batch/vector-context.ts'
import { dissectMessage } from '../../../src/decode/dissect/dissect.ts'
import { dissectNlriList } from '../../../src/decode/dissect/dissect-nlri.ts'
import type { Field } from '../../../src/decode/dissect/field.ts'
import { formatUtc } from '../../../src/decode/utc.ts'
import { readMessage } from '../../../src/wire/message.ts'
import { L2VPN_EVPN } from '../../../src/wire/negotiated.ts'
import { evpnRouteType } from '../../../src/wire/nlri/evpn/table.ts'
import { loadVectors, octets, type Vector } from '../../wire/vectors.ts'
import { leaves } from '../found.ts'

/** For tests that do much, on machines that do much else. */
const UNHURRIED = 60_000
const messages = ['messages', 'malformed-examples', 'malformed-own'].flatMap(loadVectors)

function treeOf(bytes: Uint8Array, vector: Vector): Field[] {
  const context = messageContext(readVectorContext(vector.context) as VectorContext)
  return dissectMessage(bytes, context, readMessage(bytes, context).message)
}

/** Where octets stand twice, in no leaf, or in none of the parts of their group; null: every octet stands once, in order. */
function flawOf(fields: readonly Field[], from: number, to: number): string | null {
  let next = from
  for (const field of fields) {
    if (field.offset !== next) return `${field.name} at ${field.offset}, expected at ${next}`
    const inside = field.fields === undefined ? null : flawOf(field.fields, field.offset, field.offset + field.length)
    if (inside !== null) return inside
    next += field.length
  }
  return next === to ? null : `ends at ${next}, expected at ${to}`
}

function expectWhole(vector: Vector, bytes: Uint8Array): void {
  const flaw = flawOf(treeOf(bytes, vector), 0, bytes.length)
  if (flaw !== null) expect.unreachable(`${vector.id}, ${Buffer.from(bytes).toString('hex')}: ${flaw}`)
}

describe('the tree of a message', () => {
  test('has every octet in one leaf, of every vector', () => {
    expect(messages.length).toBeGreaterThan(170)
    for (const vector of messages) expectWhole(vector, octets(vector.hex))
  })

  test('has every octet in one leaf, of every vector cut at every octet', { timeout: UNHURRIED }, () => {
    for (const vector of messages) {
      const bytes = octets(vector.hex)
      for (let end = 0; end < Math.min(bytes.length, 200); end++) expectWhole(vector, bytes.subarray(0, end))
    }
  })

  test('has every octet in one leaf, of every vector with an octet changed', { timeout: UNHURRIED }, () => {
    let seed = 7
    const random = (below: number) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
      return Math.floor((seed / 2 ** 32) * below)
    }
    for (const vector of messages) {
      for (let round = 0; round < 20; round++) {
        const bytes = Uint8Array.from(octets(vector.hex))
        if (bytes.length < 20) continue
        bytes[19 + random(bytes.length - 19)] = random(256)
        expectWhole(vector, bytes)
      }
    }
  })

  test('names every field of the routes in good messages: nothing is left over', () => {
    for (const vector of messages.filter(({ verdict }) => verdict === 'ok')) {
      const bytes = octets(vector.hex)
      const rest = leaves(treeOf(bytes, vector)).filter(({ name }) => name === 'rest')
      expect(rest, vector.id).toEqual([])
    }
  })

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])('shows route type %i field by field', (type) => {
    expect(evpnRouteType(type).name).not.toBe('opaque')
    const routes = loadVectors('evpn-nlri').flatMap((vector) => {
      const out: Field[] = []
      const { addPath } = messageContext(readVectorContext(vector.context) as VectorContext)
      dissectNlriList(out, octets(vector.hex), 0, vector.hex.length / 2, L2VPN_EVPN, addPath)
      return out.filter(({ fields }) => fields?.some(({ name, value }) => name === 'routeType' && value === type))
    })
    expect(routes.length).toBeGreaterThan(0)
    for (const { fields } of routes) {
      const names = fields!.map(({ name }) => name)
      expect(names.length).toBeGreaterThan(4)
      expect(names).not.toContain('rest')
      expect(names).not.toContain('opaque')
    }
  })
})

test('the reason inside a Hard Reset is shown, one level deep (RFC 8538 3)', () => {
  const nested = Uint8Array.from([
    ...Array(16).fill(0xff),
    0xff,
    0xff,
    3,
    ...Array(65516 / 2)
      .fill([6, 9])
      .flat(),
  ])
  const fields = dissectMessage(nested, { fourOctetAs: true, internal: true }, null)
  expect(fields.map(({ name }) => name)).toEqual(['marker', 'length', 'type', 'code', 'subcode', 'reason'])
  expect(fields.at(-1)?.fields?.map(({ name }) => name)).toEqual(['code', 'subcode', 'data'])
})

test('times are in UTC', () => {
  expect(formatUtc(0, 0)).toBe('1970-01-01T00:00:00.000000Z')
  expect(formatUtc(1_795_319_500, 392_747_000)).toBe('2026-11-22T03:51:40.392747Z')
  expect(formatUtc(951_782_399, 1)).toBe('2000-02-28T23:59:59.000000001Z')
  expect(formatUtc(951_782_400, 0)).toBe('2000-02-29T00:00:00.000000Z')
  for (let day = 0; day < 60_000; day += 7) {
    expect(formatUtc(day * 86_400 + 1, 0)).toBe(new Date((day * 86_400 + 1) * 1000).toISOString().replace('.000Z', '.000000Z'))
  }
})
