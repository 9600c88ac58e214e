import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ByteKey, KEY_START } from '../../src/bytes/byte-key.ts'
import { ByteTable } from '../../src/bytes/byte-table.ts'

const key = new ByteKey(65535)

function seal(octets: Uint8Array): ByteKey {
  key.octets.set(octets, KEY_START)
  key.seal(KEY_START + octets.length)
  return key
}

const octetsOf = (table: ByteTable, id: number) =>
  Buffer.from(table.octets(id)).subarray(table.start(id), table.start(id) + table.length(id))

/** The table and a Map held beside it; every operation is compared. */
class Pair {
  readonly table: ByteTable
  readonly model = new Map<string, number>()
  private readonly ids = new Set<number>()

  constructor(segmentBits: number) {
    this.table = new ByteTable(segmentBits)
  }

  upsert(octets: Uint8Array): void {
    const text = Buffer.from(octets).toString('hex')
    const known = this.model.get(text)
    const id = this.table.upsert(seal(octets))
    if (this.table.inserted !== (known === undefined)) expect.fail(`inserted is ${this.table.inserted} for ${text}`)
    if (known === undefined) {
      if (this.ids.has(id)) expect.fail(`id ${id} is in use`)
      this.model.set(text, id)
      this.ids.add(id)
    } else if (id !== known) expect.fail(`id ${id} for ${text}, expected ${known}`)
  }

  remove(octets: Uint8Array): void {
    const text = Buffer.from(octets).toString('hex')
    const id = this.table.find(seal(octets))
    if (id !== (this.model.get(text) ?? -1)) expect.fail(`found ${id} for ${text}`)
    if (id < 0) return
    this.table.remove(id)
    this.model.delete(text)
    this.ids.delete(id)
  }

  check(): void {
    expect(this.table.size).toBe(this.model.size)
    for (const [text, id] of this.model) {
      if (this.table.find(seal(Buffer.from(text, 'hex'))) !== id) expect.fail(`${text} is not found`)
      if (octetsOf(this.table, id).toString('hex') !== text) expect.fail(`id ${id} does not hold ${text}`)
    }
  }
}

describe.each([0, 1, 10])('ByteTable of 2^%i segments', (bits) => {
  test('does what a Map does, whatever comes in which order', () => {
    const octets = fc.oneof(fc.uint8Array({ maxLength: 3 }), fc.uint8Array({ maxLength: 40 }))
    const operation = fc.record({ insert: fc.boolean(), octets })
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 300, size: 'max' }), (operations) => {
        const pair = new Pair(bits)
        for (const { insert, octets } of operations) {
          if (insert) pair.upsert(octets)
          else pair.remove(octets)
        }
        pair.check()
      }),
      { numRuns: 30 },
    )
  })

  test('survives growth and runs of neighbours: thousands in, half out, in again', () => {
    const table = new ByteTable(bits)
    const ids = new Map<number, number>()
    const octets = new Uint8Array(4)
    const view = new DataView(octets.buffer)
    let seed = 1
    const random = () => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
      return seed
    }
    for (let step = 0; step < 60_000; step++) {
      const number = random() % 20_000
      view.setUint32(0, number)
      const id = table.find(seal(octets))
      if (id !== (ids.get(number) ?? -1)) expect.fail(`${number}: id ${id}, expected ${ids.get(number)}`)
      if (id < 0) ids.set(number, table.upsert(key))
      else if (random() % 3 === 0) {
        table.remove(id)
        ids.delete(number)
      }
    }
    expect(table.size).toBe(ids.size)
    expect(new Set(ids.values()).size).toBe(ids.size)
    expect(table.capacity).toBeLessThanOrEqual(20_000)
  })

  test('tells keys apart whose hashes are the same', () => {
    const table = new ByteTable(bits)
    seal(Uint8Array.of(1, 2, 3))
    const { hash } = key
    const first = table.upsert(key)
    seal(Uint8Array.of(9, 9, 9))
    // A collision, forged: two keys, one hash.
    key.hash = hash
    const second = table.upsert(key)
    expect(second).not.toBe(first)
    expect(table.find(key)).toBe(second)
    expect(table.find(seal(Uint8Array.of(1, 2, 3)))).toBe(first)
  })

  test('tells a key from the same octets with zeros behind', () => {
    const table = new ByteTable(bits)
    const ids = [0, 1, 2, 3, 4, 5].map((zeros) => table.upsert(seal(Uint8Array.of(7, ...Array(zeros).fill(0)))))
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.map((id) => table.length(id))).toEqual([1, 2, 3, 4, 5, 6])
  })

  test('finds what the memory of a longer key has been used for before', () => {
    const table = new ByteTable(bits)
    table.upsert(seal(new Uint8Array(20).fill(255)))
    expect(table.find(seal(Uint8Array.of(255)))).toBe(-1)
    table.upsert(seal(Uint8Array.of(255)))
    expect(table.size).toBe(2)
  })

  test('holds the empty key and keys of 65535 octets', () => {
    const table = new ByteTable(bits)
    const empty = table.upsert(seal(new Uint8Array(0)))
    const long = table.upsert(seal(new Uint8Array(65535).fill(3)))
    expect([table.length(empty), table.length(long)]).toEqual([0, 65535])
    table.remove(long)
    expect(table.find(seal(new Uint8Array(65535).fill(3)))).toBe(-1)
    expect(table.find(seal(new Uint8Array(0)))).toBe(empty)
  })

  test('refuses a key that its length field cannot hold: a bug of ours', () => {
    const long = new ByteKey(70_000)
    expect(() => long.seal(KEY_START + 65536)).toThrow('65536')
  })

  test('gives ids and memory out again: no growth over rounds of the same load', () => {
    const table = new ByteTable(bits)
    const octets = new Uint8Array(30)
    let memory = 0
    for (let round = 0; round < 20; round++) {
      const ids: number[] = []
      for (let i = 0; i < 3000; i++) {
        octets[0] = i
        octets[1] = i >> 8
        octets[2] = round
        ids.push(table.upsert(seal(octets.subarray(0, 10 + (i % 20)))))
      }
      for (const id of ids) table.remove(id)
      if (round === 0) memory = table.memory
    }
    expect(table.size).toBe(0)
    expect(table.capacity).toBe(3000)
    expect(table.memory).toBe(memory)
  })
})
