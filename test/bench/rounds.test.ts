/**
 * Everything is freed when routes go: a hundred rounds of loading and withdrawing, and what is held afterwards. By the RIB's own count, which must be
 * the same to the octet, and by what V8 holds after collecting garbage, where compiled code comes and goes.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import type { LinkHandlers } from '../../src/speaker/world.ts'
import { asPath, extCommunities, join, LOCAL_PREF_100, macIpNlri, mpReach, mpUnreach, ORIGIN_IGP, update } from '../wire/update-octets.ts'
import { InMemoryReflector } from './in-memory-reflector.ts'

const ROUNDS = 100
/** By then every table has its size and everything is compiled. */
const WARM = 30
/** Of peers that come and go there are more, and they bring less: what a session leaves behind is small. */
const COMINGS = 500
const WARM_COMINGS = 250
const SENDERS = 4
const RECEIVERS = 3
/** Of a sender, in UPDATEs with attributes of their own. */
const UPDATES = 20
const UPDATES_OF_COMERS = 2
const PACKED = 25
/** An octet kept for every route would be 140,000, and 100 octets for every session that came and went 125,000. */
const HEAP_MOST = 120_000

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

interface Round {
  /** Announced by `sender`, in an RD and with attributes of that number. */
  load(sender: number, number: number): void
  withdraw(sender: number, number: number): void
}

function held(reflector: InMemoryReflector) {
  // Twice: what a finalizer lets go is free only then.
  collect()
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return { rib: reflector.speaker.rib.memory, heap: heapUsed, buffers: arrayBuffers }
}

function nlri(sender: number, number: number, at: number): Uint8Array {
  const macs = Array.from({ length: PACKED }, (_, index) => macIpNlri(number * 1000 + at * PACKED + index, { rd: sender + 1 }))
  return join(...macs)
}

function loaded(sender: number, number: number, updates: number): Uint8Array[] {
  return Array.from({ length: updates }, (_, at) => {
    const mobility = `06000000${(number * UPDATES + at).toString(16).padStart(8, '0')}`
    const attributes = [ORIGIN_IGP, asPath(), LOCAL_PREF_100, extCommunities('0002fde800002710', mobility)]
    return update([...attributes, mpReach([10, 0, 1, sender + 1], nlri(sender, number, at))])
  })
}

function withdrawn(sender: number, number: number): Uint8Array[] {
  return Array.from({ length: UPDATES }, (_, at) => update([mpUnreach(nlri(sender, number, at))]))
}

/** Runs `rounds`, and tells how much more is held after the last than after the first `warm`. */
function grown(reflector: InMemoryReflector, rounds: number, warm: number, round: (number: number) => void) {
  let before = held(reflector)
  for (let number = 0; number < rounds; number++) {
    if (number === warm) before = held(reflector)
    round(number)
    expect(reflector.speaker.rib.paths).toBe(0)
  }
  const after = held(reflector)
  return { rib: after.rib - before.rib, heap: after.heap - before.heap, buffers: after.buffers - before.buffers }
}

function rounds(reflector: InMemoryReflector, senders: readonly LinkHandlers[], updates: number): Round {
  const say = (sender: number, updates: readonly Uint8Array[]) => {
    for (const octets of updates) senders[sender]?.received(octets)
    reflector.settle()
  }
  return {
    load: (sender, number) => say(sender, loaded(sender, number, updates)),
    withdraw: (sender, number) => say(sender, withdrawn(sender, number)),
  }
}

function standing(reflector: InMemoryReflector): Round {
  const senders = Array.from({ length: SENDERS }, (_, index) => reflector.connect(`10.0.1.${index + 1}`))
  for (let index = 0; index < RECEIVERS; index++) reflector.connect(`10.0.2.${index + 1}`)
  return rounds(reflector, senders, UPDATES)
}

test.each([
  ['the same routes', () => 1],
  ['other routes with other attributes every time', (number: number) => number],
] as const)(`${ROUNDS} rounds of loading and withdrawing %s keep nothing`, (_, numberOf) => {
  const reflector = new InMemoryReflector()
  const { load, withdraw } = standing(reflector)
  const growth = grown(reflector, ROUNDS, WARM, (round) => {
    const number = numberOf(round)
    for (let sender = 0; sender < SENDERS; sender++) load(sender, number)
    expect(reflector.speaker.rib.best).toBe(SENDERS * UPDATES * PACKED)
    for (let sender = 0; sender < SENDERS; sender++) withdraw(sender, number)
  })
  expect(reflector.written).toBeGreaterThan(ROUNDS * RECEIVERS * SENDERS * UPDATES * PACKED * 35)
  expect(growth.rib).toBe(0)
  expect(growth.heap).toBeLessThan(HEAP_MOST)
  expect(growth.buffers).toBeLessThan(HEAP_MOST)
})

test(`${COMINGS} rounds of peers that come from other addresses, load and go without a word keep nothing`, () => {
  const reflector = new InMemoryReflector()
  reflector.connect('10.0.2.1')
  const growth = grown(reflector, COMINGS, WARM_COMINGS, (round) => {
    const senders = Array.from({ length: SENDERS }, (_, index) => reflector.connect(`10.${1 + (round >> 8)}.${round & 255}.${index + 1}`))
    const { load } = rounds(reflector, senders, UPDATES_OF_COMERS)
    for (let sender = 0; sender < SENDERS; sender++) load(sender, round)
    const late = reflector.connect(`10.${101 + (round >> 8)}.${round & 255}.1`)
    expect(reflector.speaker.rib.best).toBe(SENDERS * UPDATES_OF_COMERS * PACKED)
    for (const peer of [...senders, late]) peer.closed('gone')
    reflector.settle()
  })
  expect(reflector.speaker.peers.size).toBe(1)
  expect(reflector.speaker.sources.attachments.filter((one) => one !== undefined)).toHaveLength(1)
  expect(reflector.speaker.sources.attachments.length).toBeLessThan(3 * SENDERS)
  expect(growth.rib).toBe(0)
  expect(growth.heap).toBeLessThan(HEAP_MOST)
  expect(growth.buffers).toBeLessThan(HEAP_MOST)
})
