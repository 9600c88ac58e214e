import { describe, expect, test } from 'vitest'
import { AttributeSets } from '../../src/rib/attribute-sets.ts'
import { compare, STEP_TEXT, Step } from '../../src/rib/decision.ts'
import type { RibPeer } from '../../src/rib/rib-peer.ts'
import { join, macIpNlri } from '../wire/update-octets.ts'
import { attributesOf, Feed, intern, type Path } from './feed.ts'

const peer = (id: number, more: Partial<RibPeer> = {}): RibPeer => ({
  id,
  external: false,
  routerId: 1000,
  address: Uint8Array.of(10, 0, 0, 1),
  ...more,
})

interface Side {
  readonly path?: Path
  readonly nextHop?: readonly number[]
  readonly peer?: Partial<RibPeer>
}

/** What decided, and that it is the same seen from the other side. Positive: the first is better. */
function decided(a: Side, b: Side, macIp = false): number {
  const sets = new AttributeSets()
  const setA = intern(sets, 1, attributesOf(a.path ?? {}), a.nextHop)
  const setB = intern(sets, 2, attributesOf(b.path ?? {}), b.nextHop)
  const [peerA, peerB] = [peer(1, a.peer), peer(2, b.peer)]
  const step = compare(sets, setA, setB, peerA, peerB, macIp)
  expect(compare(sets, setB, setA, peerB, peerA, macIp)).toBe(-step)
  return step
}

describe('decision of two paths', () => {
  test('higher LOCAL_PREF, as 32 bits unsigned (RFC 4271 9.1.1)', () => {
    expect(decided({ path: { localPref: 2 ** 31 } }, { path: { localPref: 100 } })).toBe(Step.localPref)
  })

  test('shorter AS_PATH (RFC 4271 9.1.2.2 a)', () => {
    expect(decided({ path: { asns: [1] } }, { path: { asns: [1, 2] } })).toBe(Step.pathLength)
  })

  test('lower ORIGIN (RFC 4271 9.1.2.2 b)', () => {
    expect(decided({ path: { origin: 0 } }, { path: { origin: 2 } })).toBe(Step.origin)
  })

  test('lower MED of the same neighbour AS, missing counts 0 (RFC 4271 9.1.2.2 c)', () => {
    expect(decided({ path: { asns: [1], med: 5 } }, { path: { asns: [1], med: 2 ** 32 - 1 } })).toBe(Step.med)
    expect(decided({ path: { asns: [1] } }, { path: { asns: [1], med: 1 } })).toBe(Step.med)
    expect(decided({ path: { asns: [1], med: 9 } }, { path: { asns: [2], med: 1 }, peer: { routerId: 2000 } })).toBe(Step.routerId)
  })

  test('external before internal (RFC 4271 9.1.2.2 d)', () => {
    expect(decided({ peer: { external: true, routerId: 5000 } }, {})).toBe(Step.external)
  })

  test('lower BGP identifier, ORIGINATOR_ID in its place (RFC 4271 9.1.2.2 f, RFC 4456 9)', () => {
    expect(decided({ peer: { routerId: 1 } }, { peer: { routerId: 0xffffffff } })).toBe(Step.routerId)
    expect(decided({ path: { originator: 5 }, peer: { routerId: 9 } }, { peer: { routerId: 6 } })).toBe(Step.routerId)
  })

  test('shorter CLUSTER_LIST (RFC 4456 9)', () => {
    expect(decided({ path: { originator: 5 } }, { path: { originator: 5, clusters: [1] } })).toBe(Step.clusterLength)
  })

  test('lower peer address, IPv4 first, then the lower id (RFC 4271 9.1.2.2 g)', () => {
    expect(decided({ peer: { address: Uint8Array.of(9, 255, 0, 0) } }, {})).toBe(Step.address)
    expect(decided({}, { peer: { address: new Uint8Array(16) } })).toBe(Step.address)
    expect(decided({}, {})).toBe(Step.address)
  })

  describe('of a MAC/IP route', () => {
    test('sticky before everything (RFC 7432 15.2)', () => {
      const sticky = { mobility: { sequence: 0, sticky: true }, localPref: 1, asns: [1, 2, 3] }
      expect(decided({ path: sticky }, { path: { mobility: { sequence: 9 }, localPref: 900 } }, true)).toBe(Step.sticky)
    })

    test('higher sequence before LOCAL_PREF and AS_PATH, missing counts 0 (RFC 7432 15)', () => {
      const moved = { mobility: { sequence: 1 }, localPref: 1, asns: [1, 2, 3] }
      expect(decided({ path: moved }, { path: { localPref: 900 } }, true)).toBe(Step.sequence)
      expect(decided({ path: { mobility: { sequence: 2 ** 32 - 1 } } }, { path: { mobility: { sequence: 5 } } }, true)).toBe(Step.sequence)
    })

    test('lower VTEP address at equal sequence, whatever the AS path says (RFC 7432 15.1)', () => {
      const far = { path: { asns: [1, 2], localPref: 1 }, nextHop: [9, 0, 0, 1] }
      expect(decided(far, { nextHop: [10, 0, 0, 1], path: { localPref: 900 } }, true)).toBe(Step.vtep)
    })

    test('goes on with the ordinary steps at equal VTEP', () => {
      expect(decided({ path: { localPref: 200 } }, {}, true)).toBe(Step.localPref)
    })
  })

  test('no other route type looks at MAC mobility', () => {
    const moved = { mobility: { sequence: 9, sticky: true } }
    expect(decided({ path: { localPref: 200 }, nextHop: [99, 0, 0, 1] }, { path: moved })).toBe(Step.localPref)
  })

  test('every step has a text', () => {
    expect(Object.values(Step).map((step) => STEP_TEXT[step] !== undefined)).not.toContain(false)
    expect(STEP_TEXT).toHaveLength(Object.keys(Step).length)
  })
})

describe('the best of many paths', () => {
  // An IMET route: no step of MAC mobility.
  const nlri = Uint8Array.of(3, 17, 0, 1, 10, 0, 0, 1, 0, 1, 0, 0, 0, 0, 32, 10, 0, 0, 1)

  test('does not depend on the order in which they came, MEDs of several neighbour ASes or not (RFC 4271 9.1.2.2 c)', () => {
    const paths: readonly { id: number; routerId: number; path: Path }[] = [
      { id: 1, routerId: 30, path: { asns: [65001], med: 10 } },
      { id: 2, routerId: 20, path: { asns: [65002], med: 0 } },
      { id: 3, routerId: 10, path: { asns: [65001], med: 20 } },
    ]
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ] as const
    const winners = orders.map((order) => {
      const feed = new Feed()
      for (const at of order) {
        const { id, routerId, path } = paths[at]!
        feed.addPeer(id, { external: true, routerId })
        feed.learn(id, attributesOf(path), nlri)
      }
      feed.settle()
      return feed.rib.peerOf(feed.rib.destinations.best[0]!)
    })
    // Peer 3 loses against peer 1 by MED; of 1 and 2 the lower identifier wins.
    expect(winners).toEqual([2, 2, 2, 2, 2, 2])
  })

  test('a refused path is never best, were it the better one', () => {
    const feed = new Feed()
    for (const id of [1, 2]) feed.addPeer(id)
    feed.judge = (set) => (feed.sets.peer[set] === 1 ? -2 : set)
    feed.learn(1, attributesOf({ localPref: 900 }), macIpNlri(1))
    feed.settle()
    expect(feed.rib.best).toBe(0)
    feed.learn(2, attributesOf({}), macIpNlri(1))
    feed.settle()
    expect(feed.rib.best).toBe(1)
    expect(feed.rib.peerOf(feed.rib.destinations.best[0]!)).toBe(2)
    expect([feed.rib.receivedFrom(1), feed.rib.refusedFrom(1, 0)]).toEqual([1, 1])
  })

  test('a new ESI, label or attribute of the same route is no second path (RFC 7432 7.2)', () => {
    const feed = new Feed()
    feed.addPeer(1)
    feed.learn(1, attributesOf({}), macIpNlri(1))
    feed.learn(1, attributesOf({}), macIpNlri(1, { esi: 7 }))
    feed.learn(1, attributesOf({}), macIpNlri(1, { label: 200 }))
    feed.learn(1, attributesOf({ med: 1 }), macIpNlri(1))
    feed.settle()
    expect([feed.rib.paths, feed.rib.destinations.size, feed.rib.receivedFrom(1)]).toEqual([1, 1, 1])
    feed.withdraw(1, macIpNlri(1, { esi: 9, label: 0 }))
    feed.settle()
    expect(feed.rib.paths).toBe(0)
  })

  test('a new label of the best path is a change with the same set', () => {
    const feed = new Feed()
    feed.addPeer(1)
    const seen: [number, number, string][] = []
    const follow = () => {
      const { changes, rib } = feed
      for (let i = 0; i < changes.count; i++) {
        const out = new Uint8Array(300)
        seen.push([
          changes.before[i]!,
          changes.after[i]!,
          Buffer.from(out.subarray(0, rib.writeNlri(changes.row[i]!, out, 0))).toString('hex'),
        ])
      }
    }
    feed.learn(1, attributesOf({}), macIpNlri(1))
    feed.settle(follow)
    feed.learn(1, attributesOf({}), macIpNlri(1, { label: 200, esi: 4 }))
    feed.settle(follow)
    feed.learn(1, attributesOf({}), macIpNlri(1, { label: 200, esi: 4 }))
    feed.settle(follow)
    const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex')
    expect(seen).toEqual([
      [-1, 0, hex(macIpNlri(1))],
      [0, 0, hex(macIpNlri(1, { label: 200, esi: 4 }))],
    ])
  })

  test('a malformed NLRI is told and its route withdrawn, those beside it learned (RFC 7606 2)', () => {
    const feed = new Feed()
    feed.addPeer(1)
    const told: string[] = []
    feed.rib.onBadNlri = (_peer, why) => told.push(why)
    feed.learn(1, attributesOf({}), macIpNlri(1))
    const bad = join(macIpNlri(1), [0, 0])
    bad[1] = 35
    feed.learn(1, attributesOf({}), join(macIpNlri(2), bad, macIpNlri(3)))
    feed.settle()
    expect(told).toHaveLength(1)
    expect([feed.rib.paths, feed.rib.best]).toEqual([2, 2])
  })

  test('an NLRI that overruns the field ends the learning at its first octet', () => {
    const feed = new Feed()
    feed.addPeer(1)
    const whole = join(macIpNlri(1), macIpNlri(2))
    expect(feed.learn(1, attributesOf({}), whole.slice(0, 50))).toBe(35)
    expect(feed.learn(1, attributesOf({}), whole)).toBe(whole.length)
    expect(feed.rib.withdraw(1, whole, 0, 36)).toBe(35)
  })
})
