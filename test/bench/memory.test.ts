/**
 * What routes cost in memory, by the RIB's own count of the octets of its tables and columns (not by the process's memory, which depends on when
 * garbage is collected), and that loading and withdrawing again and again costs nothing more.
 */
import { describe, expect, test } from 'vitest'
import { attributesOf, Feed, NOTHING_HELD } from '../rib/feed.ts'
import { join, macIpNlri } from '../wire/update-octets.ts'

const PEERS = [1, 2, 3, 4]

/** Attributes of the `set`th set: route target, encapsulation and every tenth with a MAC mobility of its own. */
function attributes(set: number): Uint8Array {
  const ext = [`0002fde8${(set % 5000).toString(16).padStart(8, '0')}`, '030c000000000008']
  return attributesOf({ ext, med: set, ...(set % 10 === 0 ? { mobility: { sequence: 1 } } : {}) })
}

/** Loads `routes` MAC/IP routes, `perSet` with the same attributes, from four peers in turn. */
function load(feed: Feed, routes: number, perSet: number): void {
  for (let at = 0; at < routes; at += perSet) {
    const nlri = Array.from({ length: Math.min(perSet, routes - at) }, (_, i) => macIpNlri(at + i, { label: (at % 5000) + 1 }))
    feed.learn(PEERS[(at / perSet) % PEERS.length]!, attributes(at / perSet), join(...nlri))
  }
  feed.settle(() => {}, 16_384)
}

function withdraw(feed: Feed): void {
  for (const peer of PEERS) while (!feed.rib.forget(peer, 16_384));
  feed.settle(() => {}, 16_384)
}

function started(): Feed {
  const feed = new Feed()
  for (const peer of PEERS) feed.addPeer(peer)
  return feed
}

describe('memory of 200,000 routes', () => {
  test.each([
    // Dense, as in a data centre with one attribute set per NVE and VN; and sparse, as with a MAC mobility sequence per route.
    [100, 130],
    [2, 205],
  ])('with %i routes per attribute set: below %i octets a route', (perSet, bound) => {
    const feed = started()
    const empty = feed.rib.memory
    load(feed, 200_000, perSet)
    expect(feed.rib.best).toBe(200_000)
    const each = (feed.rib.memory - empty) / 200_000
    expect(each).toBeLessThan(bound)
    // Nor can it be less than the key octets that are held: a count that forgets something is no bound.
    expect(each).toBeGreaterThan(24 + 13 + 29)
  })
})

test('20 rounds of loading and withdrawing take no more than the first two', () => {
  const feed = started()
  let memory = 0
  for (let round = 0; round < 20; round++) {
    load(feed, 4000, 1 + (round % 2))
    withdraw(feed)
    expect(feed.held).toEqual(NOTHING_HELD)
    if (round === 1) memory = feed.rib.memory
  }
  expect(feed.rib.memory).toBe(memory)
})
