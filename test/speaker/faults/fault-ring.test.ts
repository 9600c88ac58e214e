import { expect, test } from 'vitest'
import { FaultCounts } from '../../../src/speaker/faults/fault-counts.ts'
import { FaultRing } from '../../../src/speaker/faults/fault-ring.ts'

const record = (octets: number, why = 'x') => ({
  at: 0,
  peer: 'a',
  address: '192.0.2.1',
  reach: 'treat-as-withdraw' as const,
  why,
  notification: null,
  octets: new Uint8Array(octets),
  fourOctetAs: true,
  internal: true,
})

test('the ring keeps the newest records, bounded in number, and says how many have gone', () => {
  const ring = new FaultRing()
  for (let i = 0; i < 1000; i++) ring.add(record(19, String(i)))
  expect(ring.all()).toHaveLength(256)
  expect(ring.all().at(-1)).toMatchObject({ number: 1000, why: '999' })
  expect(ring.forgotten).toBe(744)
})

test('the ring is bounded in octets', () => {
  const ring = new FaultRing()
  for (let i = 0; i < 100; i++) ring.add(record(65535))
  const octets = ring.all().reduce((sum, { octets }) => sum + octets.length, 0)
  expect(octets).toBeLessThanOrEqual(1024 * 1024)
  expect(octets).toBeGreaterThan(900_000)
})

test('a peer that invents reasons does not make the counters grow without end', () => {
  const counts = new FaultCounts()
  for (let i = 0; i < 1000; i++) counts.add('attribute-discard', `value ${i}`)
  expect(counts.byReason.size).toBe(65)
  expect([...counts.byReason.values()].reduce((a, b) => a + b, 0)).toBe(1000)
})
