import { describe, expect, test } from 'vitest'
import { DROP, rewrite } from '../../src/policy/rewrite/attribute-rewrite.ts'
import { AttributeSets } from '../../src/rib/attribute-sets.ts'
import type { SetId } from '../../src/rib/verdict.ts'
import { attribute, join, macIpNlri } from '../wire/update-octets.ts'
import { attributesOf, Feed, intern, NOTHING_HELD } from './feed.ts'

const dropCommunities = [{ code: 8, flags: 0xc0, add: false, value: () => DROP }]
const withoutCommunities = (sets: AttributeSets, set: SetId) =>
  sets.derive(set, (bytes, from, to, out, at) => rewrite(bytes, from, to, dropCommunities, out, at))

describe('AttributeSets', () => {
  test('gives the same octets of the same peer the same id, other peers and next hops another', () => {
    const sets = new AttributeSets()
    const octets = attributesOf({})
    const set = intern(sets, 1, octets)
    expect(intern(sets, 1, octets)).toBe(set)
    expect(intern(sets, 257, octets)).not.toBe(set)
    expect(intern(sets, 1, octets, [192, 0, 2, 2])).not.toBe(set)
    expect(sets.peer[intern(sets, 257, octets)]).toBe(257)
  })

  test('reads what the decision asks', () => {
    const sets = new AttributeSets()
    const set = intern(
      sets,
      1,
      attributesOf({
        origin: 1,
        asns: [4_200_000_001, 65002],
        med: 2 ** 32 - 1,
        localPref: 2 ** 31,
        originator: 0xc0000201,
        clusters: [1, 2, 3],
        ext: ['0002fde900002774'],
        mobility: { sequence: 2 ** 32 - 1, sticky: true },
      }),
    )
    expect([sets.origin, sets.pathLength, sets.neighborAs, sets.med, sets.localPref].map((column) => column[set])).toEqual([
      1,
      2,
      4_200_000_001,
      2 ** 32 - 1,
      2 ** 31,
    ])
    expect([sets.originator, sets.clusterLength, sets.mobility, sets.mobilitySequence].map((column) => column[set])).toEqual([
      0xc0000201,
      3,
      3,
      2 ** 32 - 1,
    ])
  })

  test('takes MED, LOCAL_PREF and the rest of an id that was used before by another set for its own', () => {
    const sets = new AttributeSets()
    const rich = intern(
      sets,
      1,
      attributesOf({ asns: [1, 2], med: 5, originator: 9, clusters: [1], mobility: { sequence: 4 }, localPref: 7 }),
    )
    sets.hold(rich)
    sets.release(rich)
    const poor = intern(sets, 2, join(attribute(0x40, 1, [0]), attribute(0x40, 2)))
    expect(poor).toBe(rich)
    const columns = [sets.localPref, sets.pathLength, sets.neighborAs, sets.med, sets.originator, sets.clusterLength, sets.mobility]
    expect(columns.map((column) => column[poor])).toEqual([100, 0, 0, 0, 0, 0, 0])
    expect([sets.head[poor], sets.imported[poor], sets.refs[poor], sets.peer[poor]]).toEqual([-1, -1, 0, 2])
  })

  test('counts AS_SETs once and confederation segments not at all (RFC 4271 9.1.2.2 a, RFC 5065 5.3)', () => {
    const sets = new AttributeSets()
    const segments = [3, 1, 0, 0, 0, 9, 2, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 3, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5]
    const set = intern(sets, 1, join(attribute(0x40, 1, [0]), attribute(0x40, 2, segments)))
    expect([sets.pathLength[set], sets.neighborAs[set]]).toEqual([3, 0])
  })

  test('counts clusters beyond 255 (RFC 4456 9)', () => {
    const sets = new AttributeSets()
    const set = intern(sets, 1, attributesOf({ clusters: Array.from({ length: 256 }, (_, i) => i + 1) }))
    expect(sets.clusterLength[set]).toBe(256)
  })

  test('reads attributes of the extended length', () => {
    const sets = new AttributeSets()
    const communities = Array.from({ length: 100 }, (_, i) => `0000${i.toString(16).padStart(4, '0')}`)
    const set = intern(sets, 1, attributesOf({ communities, mobility: { sequence: 3 } }))
    expect(sets.mobilitySequence[set]).toBe(3)
  })

  test('grows beyond its first columns without losing anything', () => {
    const sets = new AttributeSets()
    const ids = Array.from({ length: 5000 }, (_, i) => {
      const set = intern(sets, i % 300, attributesOf({ med: i }))
      sets.hold(set)
      return set
    })
    ids.forEach((set, i) => {
      expect([sets.med[set], sets.peer[set], sets.refs[set], sets.head[set]]).toEqual([i, i % 300, 1, -1])
    })
    let count = 0
    for (let set = sets.firstSetOf(7); set >= 0; set = sets.nextOfPeer(set)) count++
    expect(count).toBe(ids.filter((_, i) => i % 300 === 7).length)
    for (const set of ids) sets.release(set)
    expect(sets.table.size).toBe(0)
    for (let peer = 0; peer < 300; peer++) expect(sets.firstSetOf(peer)).toBe(-1)
  })

  test('a mark makes another set of the same octets, is no part of them, and goes with it', () => {
    const sets = new AttributeSets()
    const plain = intern(sets, 1, attributesOf({ med: 5, communities: ['00010002'] }))
    sets.hold(plain)
    expect(sets.marks).toBe(false)
    const marked = sets.deriveFrom(plain, { ...sets.octetsOf(plain), rateClass: 255 })
    sets.hold(marked)
    const other = sets.deriveFrom(plain, { ...sets.octetsOf(plain), rateClass: 1 })
    sets.hold(other)
    expect(new Set([plain, marked, other]).size).toBe(3)
    expect([plain, marked, other].map((set) => sets.rateClass(set))).toEqual([0, 255, 1])
    const octets = (set: SetId) => sets.octets(set).slice(sets.attributesAt(set), sets.attributesEnd(set))
    expect(octets(marked)).toEqual(octets(plain))
    expect([sets.med[marked], sets.nextHopLength(marked), sets.compareNextHop(plain, marked)]).toEqual([5, 4, 0])
    expect([sets.sameButMark(plain, marked), sets.sameButMark(other, marked)]).toEqual([true, true])
    const next = intern(sets, 1, attributesOf({ med: 6, communities: ['00010002'] }))
    expect(sets.sameButMark(next, marked)).toBe(false)
    expect(sets.deriveFrom(marked, { ...sets.octetsOf(marked), rateClass: 255 })).toBe(marked)
    const rest = withoutCommunities(sets, marked)
    expect([sets.rateClass(rest), sets.med[rest]]).toEqual([0, 5])
    for (const set of [next, rest]) sets.discard(set)
    for (const set of [plain, marked, other]) sets.release(set)
    expect(sets.table.size).toBe(0)
  })

  test('orders next hops by octets, shorter first', () => {
    const sets = new AttributeSets()
    const octets = attributesOf({})
    const low = intern(sets, 1, octets, [9, 255, 255, 255])
    const high = intern(sets, 1, octets, [10, 0, 0, 0])
    const six = intern(sets, 1, octets, Array(16).fill(0))
    expect(sets.compareNextHop(low, high)).toBeLessThan(0)
    expect(sets.compareNextHop(six, high)).toBeGreaterThan(0)
    expect(sets.compareNextHop(low, low)).toBe(0)
  })

  describe('derived sets', () => {
    test('are the set itself when nothing is rewritten', () => {
      const sets = new AttributeSets()
      const set = intern(sets, 1, attributesOf({}))
      expect(withoutCommunities(sets, set)).toBe(set)
    })

    test('are not the sets of the same octets that the peer sends: those are judged for themselves', () => {
      const sets = new AttributeSets()
      const raw = intern(sets, 1, attributesOf({ communities: ['00010001'] }))
      const derived = withoutCommunities(sets, raw)
      expect(intern(sets, 1, attributesOf({}))).not.toBe(derived)
      expect(sets.peer[derived]).toBe(1)
      expect(sets.nextHopLength(derived)).toBe(4)
      expect(sets.compareNextHop(raw, derived)).toBe(0)
    })

    test('two sets that become each other do not keep each other alive', () => {
      const feed = new Feed()
      feed.addPeer(1)
      const swap = { code: 8, flags: 0xc0, add: false }
      feed.judge = (set) =>
        feed.sets.derive(set, (bytes, from, to, out, at) =>
          rewrite(
            bytes,
            from,
            to,
            [
              {
                ...swap,
                value: (old, start, end, target, place) => {
                  for (let i = 0; i < end - start; i++) target[place + i] = (old[start + i] ?? 0) ^ 1
                  return place + end - start
                },
              },
            ],
            out,
            at,
          ),
        )
      feed.learn(1, attributesOf({ communities: ['00000000'] }), macIpNlri(1))
      feed.learn(1, attributesOf({ communities: ['01010101'] }), macIpNlri(2))
      feed.settle()
      feed.withdraw(1, join(macIpNlri(1), macIpNlri(2)))
      feed.settle()
      expect(feed.held).toEqual(NOTHING_HELD)
    })

    test('are refused when the rewriting makes them too long to hold', () => {
      const sets = new AttributeSets()
      const set = intern(sets, 1, attributesOf({}))
      expect(sets.derive(set, (_bytes, _from, _to, _out, at) => at + 65535)).toBe(-1)
    })
  })

  test('forgetting a peer survives a derived set that is older than what it is derived from', () => {
    const feed = new Feed()
    feed.addPeer(1)
    feed.addPeer(2)
    feed.judge = (set) => withoutCommunities(feed.sets, set)
    // Peer 2 has the better path, so that nothing of peer 1 is advertised and its derived set lives by the paths alone.
    feed.learn(2, attributesOf({ localPref: 200 }), macIpNlri(1))
    feed.learn(1, attributesOf({ communities: ['00010001'] }), macIpNlri(1))
    feed.learn(1, attributesOf({ communities: ['00020002'] }), macIpNlri(1))
    feed.settle()
    expect(feed.rib.forget(1, 100)).toBe(true)
    expect(feed.sets.firstSetOf(1)).toBe(-1)
    expect(feed.rib.forget(2, 100)).toBe(true)
    feed.settle()
    expect(feed.held).toEqual(NOTHING_HELD)
  })
})
