import { expect, test } from 'vitest'
import type { Reader } from '../../src/transport/reader.ts'
import { connected } from './pair.ts'
import { Turns } from './turns.ts'

const LONG = 64 * 1024
/** What a piece costs: more than the share of a turn, so that a turn takes one. */
const SLOW_MS = 0.3

class Peer implements Reader {
  readonly givesWay: boolean
  reading = true
  readonly taken: number[] = []
  private readonly room: Turns<string>
  private readonly name: string
  private readonly costMs: number

  constructor(room: Turns<string>, name: string, givesWay: boolean, costMs: number) {
    this.room = room
    this.name = name
    this.givesWay = givesWay
    this.costMs = costMs
  }

  take(octets: Uint8Array): void {
    this.taken.push(...octets)
    this.room.clock += this.costMs
    this.room.order.push(this.name)
  }

  stopReading(): void {
    this.reading = false
  }

  resumeReading(): void {
    this.reading = true
  }
}

test('a long read of another domain takes many turns, and the long one of a local NVE has all of its own between them', () => {
  const room = new Turns<string>()
  const other = new Peer(room, 'other', true, SLOW_MS)
  const local = new Peer(room, 'local', false, 1)
  room.input.arrived(other, LONG)
  expect([other.taken.length, other.reading]).toEqual([0, false])
  room.turn()
  room.input.arrived(local, LONG)
  room.turn()
  expect(room.order).toEqual(['other', 'local', 'other'])
  expect(local.taken.length).toBe(LONG)
})

test('while local NVEs have changes, other domains are heard one piece a millisecond, and soon after that more', () => {
  const room = new Turns<string>()
  const [other, local] = [new Peer(room, 'other', true, 0.01), new Peer(room, 'local', false, 0)]
  const change = (octets: number) => room.input.arrived(local, octets)
  const piecesIn = (ms: number, each: () => void) => {
    const before = room.order.filter((who) => who === 'other').length
    for (const end = room.clock + ms; room.clock < end; room.clock += 0.1) {
      if (other.reading) room.input.arrived(other, LONG)
      each()
      room.turn()
    }
    return room.order.filter((who) => who === 'other').length - before
  }
  const apart = piecesIn(100, () => change(60))
  expect(apart).toBeGreaterThan(80)
  expect(apart).toBeLessThan(110)
  piecesIn(60, () => {})
  expect(piecesIn(100, () => change(19))).toBeGreaterThan(1000)
})

test('domains take turns, piece by piece', () => {
  const room = new Turns<string>()
  const [a, b] = [new Peer(room, 'a', true, SLOW_MS), new Peer(room, 'b', true, SLOW_MS)]
  for (const peer of [a, b]) room.input.arrived(peer, LONG)
  for (let turn = 0; turn < 4; turn++) room.turn()
  expect(room.order).toEqual(['a', 'b', 'a', 'b'])
})

test('the octets are those that came, in order, and then it is read from again', () => {
  const room = new Turns<string>()
  const other = new Peer(room, 'other', true, 0.01)
  for (let at = 0; at < LONG; at++) room.input.buffer[at] = at % 251
  room.input.arrived(other, LONG)
  room.input.buffer.fill(0)
  for (let turns = 0; turns < 100 && !room.quiet; turns++) {
    expect(other.reading).toBe(false)
    room.turn()
  }
  expect(other.reading).toBe(true)
  expect(other.taken).toEqual(Array.from({ length: LONG }, (_, at) => at % 251))
  expect(room.quiet).toBe(true)
})

test('what waits of one whose socket is gone comes at once, and once', () => {
  const room = new Turns<string>()
  const other = new Peer(room, 'other', true, SLOW_MS)
  room.input.arrived(other, LONG)
  room.turn()
  room.input.deliver(other)
  expect(other.taken.length).toBe(LONG)
  room.turn()
  expect(other.taken.length).toBe(LONG)
})

test('over a real socket all arrives in order, across pauses too', async () => {
  const { near, far, listener } = await connected()
  try {
    far.link.giveWay()
    const sent = Buffer.alloc(8 << 20)
    for (let at = 0; at < sent.length; at += 4) sent.writeUInt32BE(at, at)
    near.link.write(sent)
    const pausing = setInterval(() => {
      far.link.pause()
      setImmediate(() => far.link.resume())
    }, 1)
    await far.until(() => far.octets === sent.length)
    clearInterval(pausing)
    expect(Buffer.concat(far.chunks).equals(sent)).toBe(true)
    expect(Math.max(...far.chunks.map(({ length }) => length))).toBeLessThanOrEqual(4096)
  } finally {
    near.link.close()
    far.link.close()
    listener.close()
  }
})
