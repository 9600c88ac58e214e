/**
 * Who of our own domain names a next hop, and who of another one does, in any order, with time for a few routes between any two things that happen: against a model that
 * looks at all routes there are.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Source } from '../../../src/advertise/exporter/exporters.ts'
import { judgeNextHop } from '../../../src/federation/next-hops/judge.ts'
import { OwnNextHops } from '../../../src/federation/next-hops/own-next-hops.ts'
import type { NextHopSettings } from '../../../src/federation/next-hops/settings.ts'
import { refusal } from '../../../src/policy/refusal.ts'
import { NO_SET, type SetId } from '../../../src/rib/verdict.ts'
import { FaultCounts } from '../../../src/speaker/faults/fault-counts.ts'
import { ImportPolicy } from '../../../src/speaker/import/import-policy.ts'
import { Inbound } from '../../../src/speaker/import/inbound.ts'
import { Reimport } from '../../../src/speaker/import/reimport.ts'
import { attributesOf, Feed, intern, type Path } from '../../rib/feed.ts'
import { macIpNlri } from '../../wire/update-octets.ts'
import { domainOf, federationOf } from '../agreement.ts'

const OWN = refusal('own-next-hop')
const OURS: Source = { external: false, client: true, routerId: 1, domain: null }
/** By peer id: an NVE, another one, fra, what is made here. */
const SOURCES: readonly (Source | undefined)[] = [
  undefined,
  OURS,
  { ...OURS, routerId: 2 },
  { ...OURS, external: true, domain: 'fra' },
  { ...OURS, domain: 'fra', madeFor: 'inside' },
]
const FRA = 3
const MADE = 4
const FRA_AS = 65002
const NEXT_HOPS = [
  [192, 0, 2, 1],
  [192, 0, 2, 2],
  [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 192, 0, 2, 2],
] as const
/** By index in `NEXT_HOPS`: which are the same address. */
const ADDRESS = [0, 1, 1] as const
const FEDERATED = federationOf([domainOf('fra', FRA_AS)])
const ALONE = federationOf([])
const ANY: NextHopSettings = { within: null, shared: [] }
const CONFIGURED = Uint8Array.of(192, 0, 2, 1)

class Stage {
  readonly feed = new Feed()
  readonly own: OwnNextHops
  readonly reimport: Reimport
  private readonly inbounds = new Map<number, Inbound>()

  constructor() {
    const { rib, sets } = this.feed
    this.own = new OwnNextHops(sets, (peer) => SOURCES[peer])
    this.reimport = new Reimport(rib, new ImportPolicy(sets, () => undefined), (peer) => this.inbounds.get(peer))
    this.reimport.doubtful = this.own
    for (const peer of [1, 2, FRA, MADE]) {
      this.feed.addPeer(peer)
      const judge = (set: SetId) => this.judge(peer, set)
      this.inbounds.set(peer, new Inbound(peer, { fourOctetAs: true, internal: false }, [], judge, null, new FaultCounts()))
    }
  }

  private judge(peer: number, set: SetId) {
    const why = peer === FRA ? judgeNextHop(ANY, this.own, this.feed.sets, set) : null
    return why === null ? set : refusal(why)
  }

  learn(peer: number, key: number, path: Path, nextHop: number): void {
    const { sets, rib } = this.feed
    const set = intern(sets, peer, attributesOf(path), NEXT_HOPS[nextHop])
    sets.hold(set)
    const inbound = this.inbounds.get(peer)!
    if (sets.imported[set] === NO_SET || sets.judgedBy[set] !== inbound.rules) inbound.rejudge(sets, set)
    const nlri = macIpNlri(key)
    rib.learn(peer, set, null, nlri, 0, nlri.length)
    sets.release(set)
  }

  /** Until nothing is in doubt. Returns how many steps that took. */
  settle(): number {
    let steps = 0
    do {
      for (; this.reimport.pending; steps++) this.reimport.advance(1)
      // What was told until now keeps its sets until then.
      this.feed.settle()
    } while (this.reimport.pending)
    return steps
  }

  /** Verdicts on routes of fra, by key. */
  get verdicts(): Map<number, number> {
    const { rib } = this.feed
    const found = new Map<number, number>()
    for (let dest = 0; dest < rib.destinations.capacity; dest++) {
      for (let row = rib.destinations.isLive(dest) ? rib.firstRow(dest) : -1; row >= 0; row = rib.nextRow(row)) {
        const key = rib.destinations.octets(dest)[rib.destinations.start(dest) + 19]!
        if (rib.peerOf(row) === FRA) found.set(key, rib.rows.used[row]!)
      }
    }
    return found
  }
}

const KEYS = 5
const PATHS: readonly Path[] = [{}, { med: 1 }, { med: 2 }]
/** What fra has said, and somebody of ours tells on. */
const THEIRS: Path = { asns: [FRA_AS] }

const peerId = fc.constantFrom(1, 2, FRA, FRA, FRA, MADE)
const step = fc.oneof(
  fc.record({
    is: fc.constant('learn' as const),
    peer: peerId,
    key: fc.nat(KEYS - 1),
    path: fc.nat(PATHS.length),
    nextHop: fc.nat(NEXT_HOPS.length - 1),
  }),
  fc.record({ is: fc.constant('withdraw' as const), peer: peerId, key: fc.nat(KEYS - 1) }),
  fc.record({ is: fc.constant('forget' as const), peer: peerId }),
  fc.record({ is: fc.constant('advance' as const), by: fc.nat(4) }),
  fc.record({ is: fc.constant('configure' as const), address: fc.boolean() }),
  fc.record({ is: fc.constant('federate' as const), with: fc.boolean() }),
)

test('a route of another domain is refused for its next hop as long as a route of ours names it, or the configuration', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const stage = new Stage()
      const { feed, own, reimport } = stage
      /** `peer key`: path and next hop. */
      const model = new Map<string, readonly [peer: number, key: number, path: number, nextHop: number]>()
      let configured: Uint8Array[] = []
      own.adopt(FEDERATED, configured)
      for (const one of [...steps, { is: 'federate' as const, with: true }]) {
        if (one.is === 'learn') {
          stage.learn(one.peer, one.key, PATHS[one.path] ?? THEIRS, one.nextHop)
          model.set(`${one.peer} ${one.key}`, [one.peer, one.key, one.path, one.nextHop])
        } else if (one.is === 'withdraw') {
          feed.withdraw(one.peer, macIpNlri(one.key))
          model.delete(`${one.peer} ${one.key}`)
        } else if (one.is === 'forget') {
          expect(feed.rib.forget(one.peer, 1000)).toBe(true)
          for (const [text, [peer]] of [...model]) if (peer === one.peer) model.delete(text)
        } else if (one.is === 'advance') {
          reimport.advance(one.by)
          feed.settle()
        } else if (one.is === 'configure') {
          configured = one.address ? [CONFIGURED] : []
          own.adopt(FEDERATED, configured)
        } else {
          // Who has no other domain any more hears no more of it, and what fra said is gone.
          if (!one.with) {
            feed.rib.forget(FRA, 1000)
            for (const [text, [peer]] of [...model]) if (peer === FRA) model.delete(text)
          }
          own.adopt(one.with ? FEDERATED : ALONE, configured)
        }
      }
      stage.settle()
      const ours = new Set(configured.length > 0 ? [0] : [])
      for (const [peer, , path, nextHop] of model.values()) if (peer <= 2 && path < PATHS.length) ours.add(ADDRESS[nextHop]!)
      const theirs = [...model.values()].filter(([peer]) => peer === FRA)
      const wanted = new Map(theirs.map(([, key, , nextHop]) => [key, ours.has(ADDRESS[nextHop]!)]))
      expect(new Map([...stage.verdicts].map(([key, verdict]) => [key, verdict === OWN]))).toEqual(wanted)
      // Nothing of it is left behind.
      for (const peer of [1, 2, FRA, MADE]) feed.rib.forget(peer, 1000)
      own.adopt(FEDERATED, [])
      stage.settle()
      expect([feed.held.paths, feed.held.sets, (Reflect.get(own, 'table') as { size: number }).size]).toEqual([0, 0, 0])
    }),
    { numRuns: 3000 },
  )
})

describe('between two slices', () => {
  /** Verdicts on routes that fra says of `keys` keys, for each of which it has a set with `pathOf`, when after `steps` steps `meanwhile` happens. */
  function interrupted(keys: number, pathOf: (key: number) => Path, steps: number, meanwhile: (stage: Stage) => void): Map<number, number> {
    const stage = new Stage()
    stage.own.adopt(FEDERATED, [])
    for (let key = 0; key < keys; key++) stage.learn(FRA, key, pathOf(key), 0)
    stage.learn(1, 100, {}, 0)
    stage.reimport.advance(steps)
    meanwhile(stage)
    stage.settle()
    return stage.verdicts
  }

  test.each([
    ['routes of one set', () => ({})],
    ['sets', (key: number) => ({ med: key })],
  ])('%s that go, or become others, are not asked about, and all behind them are', (_, pathOf) => {
    const keys = 8
    for (let steps = 0; steps < 2 * keys + 3; steps++) {
      for (let gone = 0; gone < keys; gone++) {
        const verdicts = interrupted(keys, pathOf, steps, (stage) => {
          stage.feed.withdraw(FRA, macIpNlri(gone))
          stage.learn(FRA, (gone + 1) % keys, { med: 99 }, 1)
          // What was freed is given out again.
          stage.learn(FRA, 50, { med: 98 }, 1)
        })
        const wanted = new Map(Array.from({ length: keys }, (_, key) => [key, OWN]))
        wanted.delete(gone)
        const used = [(gone + 1) % keys, 50]
        expect(used.map((key) => (verdicts.get(key) ?? -1) >= 0)).toEqual([true, true])
        for (const key of used) {
          verdicts.delete(key)
          wanted.delete(key)
        }
        expect(verdicts).toEqual(wanted)
      }
    }
  })
})

describe('what it costs', () => {
  /** fra names each next hop with a set of its own and this many routes. */
  function crowded(routes: number): Stage {
    const stage = new Stage()
    stage.own.adopt(FEDERATED, [])
    for (let key = 0; key < routes; key++) stage.learn(FRA, key, {}, 0)
    stage.learn(FRA, routes, {}, 1)
    stage.settle()
    return stage
  }

  test('what becomes ours costs as much as the routes that name it, and any other change of ours nothing', () => {
    const stage = crowded(1000)
    stage.learn(1, 9, {}, 1)
    // The next hop, its one set and that one's one route.
    expect(stage.settle()).toBe(3)
    stage.learn(1, 10, {}, 1)
    stage.learn(2, 11, { med: 1 }, 1)
    stage.feed.withdraw(1, macIpNlri(9))
    expect(stage.reimport.pending).toBe(false)
    stage.learn(2, 12, {}, 0)
    expect(stage.settle()).toBe(1002)
  })

  test('who comes and goes before anybody has looked costs no route', () => {
    const stage = crowded(1000)
    stage.learn(1, 9, {}, 0)
    stage.feed.withdraw(1, macIpNlri(9))
    expect(stage.settle()).toBeLessThanOrEqual(3)
  })
})
