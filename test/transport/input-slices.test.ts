import { expect, test } from 'vitest'
import type { Reader } from '../../src/transport/reader.ts'
import { Turns } from './turns.ts'

/** A socket with as many long reads to come as it is given; each costs `costMs` of the clock. */
class Sender implements Reader {
  readonly givesWay: boolean = false
  reading = true
  taken = 0
  private readonly room: Turns<Sender>
  private readonly costMs: number

  constructor(room: Turns<Sender>, costMs: number) {
    this.room = room
    this.costMs = costMs
  }

  take(octets: Uint8Array): void {
    this.taken += octets.length
    this.room.clock += this.costMs
    this.room.order.push(this)
  }

  stopReading(): void {
    this.reading = false
  }

  resumeReading(): void {
    this.reading = true
  }
}

const LONG = 64 * 1024

test('long reads beyond a slice wait, one for each socket, and go on in turn', () => {
  const room = new Turns<Sender>()
  const [a, b, c] = [new Sender(room, 4), new Sender(room, 4), new Sender(room, 4)]
  for (const sender of [a, b, c]) room.input.arrived(sender, LONG)
  // 5 ms are used up after the second.
  expect([a.taken, b.taken, c.taken, c.reading]).toEqual([LONG, LONG, 0, false])
  room.input.arrived(a, LONG)
  expect([a.taken, a.reading]).toEqual([LONG, false])
  room.turn()
  room.turn()
  expect(room.order).toEqual([a, b, c, a])
  expect([a.reading, c.reading]).toEqual([true, true])
})

test('a turn that takes takes one read at least, however long it takes', () => {
  const room = new Turns<Sender>()
  const [a, b] = [new Sender(room, 100), new Sender(room, 100)]
  for (const sender of [a, b, a, b]) room.input.arrived(sender, LONG)
  expect(room.order).toEqual([a])
  room.turn()
  room.turn()
  expect(room.order).toEqual([a, b])
})

test('in every second turn nothing long is taken, whether it waits or comes', () => {
  const room = new Turns<Sender>()
  const senders = Array.from({ length: 6 }, () => new Sender(room, 4))
  for (const sender of senders.slice(0, 5)) room.input.arrived(sender, LONG)
  const taken = [room.order.length]
  for (let turn = 0; turn < 4; turn++) {
    room.turn()
    if (turn === 0) for (const sender of senders.slice(5)) room.input.arrived(sender, LONG)
    taken.push(room.order.length)
  }
  expect(taken).toEqual([2, 2, 4, 4, 6])
  expect(room.order).toEqual(senders)
})

test('a short read waits for nobody', () => {
  const room = new Turns<Sender>()
  const [bulk, quiet] = [new Sender(room, 100), new Sender(room, 0)]
  room.input.arrived(bulk, LONG)
  room.input.arrived(bulk, LONG)
  room.input.arrived(quiet, 19)
  expect([quiet.taken, bulk.taken]).toEqual([19, LONG])
})

test('octets that wait are those that came, though others land in the buffer after them', () => {
  const room = new Turns<Sender>()
  const bulk = new Sender(room, 100)
  const seen: number[] = []
  const reader: Reader = { givesWay: false, take: (octets) => seen.push(octets[0] ?? -1), stopReading() {}, resumeReading() {} }
  room.input.arrived(bulk, LONG)
  room.input.buffer.fill(7)
  room.input.arrived(reader, LONG)
  room.input.buffer.fill(8)
  room.turn()
  room.turn()
  expect(seen).toEqual([7])
})

test('what waits of a socket that closes is delivered first, and once', () => {
  const room = new Turns<Sender>()
  const [a, b] = [new Sender(room, 100), new Sender(room, 100)]
  room.input.arrived(a, LONG)
  room.input.arrived(b, LONG)
  room.input.deliver(b)
  expect(b.taken).toBe(LONG)
  room.turn()
  room.turn()
  expect(b.taken).toBe(LONG)
})

test('a quiet room asks for no turns', () => {
  const room = new Turns<Sender>()
  const a = new Sender(room, 1)
  room.input.arrived(a, LONG)
  room.turn()
  room.turn()
  room.input.arrived(a, LONG)
  expect(a.taken).toBe(2 * LONG)
})
