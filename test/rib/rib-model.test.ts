/** The RIB against a naive model: maps of texts, decisions by elimination as RFC 4271 §9.1.2.2 words them. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DROP, rewrite } from '../../src/policy/rewrite/attribute-rewrite.ts'
import { join, macIpNlri, u32Octets } from '../wire/update-octets.ts'
import { attributesOf, Feed, NOTHING_HELD, type Path } from './feed.ts'

const PEERS = [
  { id: 1, external: false, routerId: 50, address: [10, 0, 0, 9] },
  { id: 2, external: true, routerId: 50, address: [10, 0, 0, 8] },
  { id: 3, external: true, routerId: 70, address: [10, 0, 0, 7] },
  { id: 4, external: true, routerId: 20, address: [10, 0, 0, 6] },
] as const

/** Set names with their attributes; those with communities are derived from, those with `refused` refused. */
const PATHS: readonly (Path & { refused?: boolean })[] = [
  {},
  { localPref: 200 },
  { asns: [65001], med: 10 },
  { asns: [65001], med: 20 },
  { asns: [65002], med: 5 },
  { asns: [65002, 65003] },
  { origin: 2 },
  { originator: 5, clusters: [1] },
  { originator: 5, clusters: [1, 2] },
  { mobility: { sequence: 1 } },
  { mobility: { sequence: 2 } },
  { mobility: { sequence: 0, sticky: true } },
  { communities: ['00010001'] },
  { communities: ['00020002'] },
  { localPref: 200, communities: ['00020002'] },
  { localPref: 500, refused: true, ext: ['0002000100000001'] },
]
const NEXT_HOPS = [
  [192, 0, 2, 1],
  [192, 0, 2, 2],
]
const KEYS = 4

/** NLRI of key `key` with a rest of kind `rest`; odd keys are of type 3, which has no rest and no mobility. */
function nlriOf(key: number, rest: number): Uint8Array {
  if (key % 2 === 0) return macIpNlri(key, { label: 100 + rest, esi: rest })
  return join([3, 17, 0, 1, 10, 0, 0, 1, 0, 1], [0, 0, 0, 0, 32], u32Octets(key))
}

interface Held {
  readonly peer: (typeof PEERS)[number]
  readonly path: Path & { refused?: boolean }
  readonly nextHop: readonly number[]
  readonly nlri: string
}

/** What the path is used with: communities are dropped on import. */
const usedAttributes = ({ path }: Held) => Buffer.from(attributesOf({ ...path, communities: [] })).toString('hex')

function lowest<T>(candidates: readonly T[], value: (one: T) => number): T[] {
  const low = Math.min(...candidates.map(value))
  return candidates.filter((one) => value(one) === low)
}

const addressNumber = (octets: readonly number[]) => octets.reduce((sum, octet) => sum * 256 + octet, 0)

function bestOf(paths: readonly Held[], macIp: boolean): Held | undefined {
  let left = paths.filter(({ path }) => !path.refused)
  if (left.length === 0) return undefined
  if (macIp) {
    left = lowest(left, ({ path }) => (path.mobility?.sticky ? 0 : 1))
    left = lowest(left, ({ path }) => -(path.mobility?.sequence ?? 0))
    left = lowest(left, ({ nextHop }) => addressNumber(nextHop))
  }
  left = lowest(left, ({ path }) => -(path.localPref ?? 100))
  left = lowest(left, ({ path }) => path.asns?.length ?? 0)
  left = lowest(left, ({ path }) => path.origin ?? 0)
  const neighbour = ({ path }: Held) => path.asns?.[0] ?? 0
  const med = ({ path }: Held) => path.med ?? 0
  left = left.filter((one) => !left.some((other) => neighbour(other) === neighbour(one) && med(other) < med(one)))
  left = lowest(left, ({ peer }) => (peer.external ? 0 : 1))
  left = lowest(left, ({ path, peer }) => path.originator ?? peer.routerId)
  left = lowest(left, ({ path }) => path.clusters?.length ?? 0)
  return lowest(left, ({ peer }) => addressNumber(peer.address))[0]
}

type Operation =
  | {
      readonly do: 'learn'
      readonly peer: number
      readonly path: number
      readonly nextHop: number
      readonly key: number
      readonly rest: number
    }
  | { readonly do: 'withdraw'; readonly peer: number; readonly key: number; readonly rest: number }
  | { readonly do: 'settle'; readonly limit: number }
  | { readonly do: 'forget'; readonly peer: number; readonly budget: number }
  | { readonly do: 'keep' }
  | { readonly do: 'drop' }

const peer = fc.nat(PEERS.length - 1)
const key = fc.nat(KEYS - 1)
const learn: fc.Arbitrary<Operation> = fc.record({
  do: fc.constant('learn' as const),
  peer,
  path: fc.nat(11),
  nextHop: fc.nat(1),
  key,
  rest: fc.nat(1),
})
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { arbitrary: learn, weight: 8 },
  { arbitrary: fc.record({ do: fc.constant('withdraw' as const), peer, key, rest: fc.nat(1) }), weight: 4 },
  { arbitrary: fc.record({ do: fc.constant('settle' as const), limit: fc.integer({ min: 1, max: 3 }) }), weight: 3 },
  { arbitrary: fc.record({ do: fc.constant('forget' as const), peer, budget: fc.nat(3) }), weight: 1 },
  { arbitrary: fc.constant({ do: 'keep' as const }), weight: 1 },
  { arbitrary: fc.constant({ do: 'drop' as const }), weight: 1 },
)

const universe = fc.oneof(
  fc.constant([2, 3, 4]),
  fc.shuffledSubarray(
    PATHS.map((_, index) => index),
    { minLength: 1, maxLength: 4 },
  ),
)

class Compared {
  readonly feed = new Feed()
  /** By key, then peer id. */
  readonly model = Array.from({ length: KEYS }, () => new Map<number, Held>())
  /** What a follower of the changes believes: key octets -> attributes and NLRI. */
  readonly followed = new Map<string, string>()
  private keptGhosts = 0

  private readonly paths: readonly number[]

  /** `paths`: indices of the few that this run is about, so that they meet often. */
  constructor(paths: readonly number[]) {
    this.paths = paths
    for (const { id, external, routerId, address } of PEERS) this.feed.addPeer(id, { external, routerId, address: [...address] })
    const { sets } = this.feed
    const steps = [{ code: 8, flags: 0xc0, add: false, value: () => DROP }]
    this.feed.judge = (set) => {
      if (sets.localPref[set] === 500) return -2 - 3
      return sets.derive(set, (bytes, from, to, out, at) => rewrite(bytes, from, to, steps, out, at))
    }
  }

  apply(operation: Operation): void {
    const { feed } = this
    switch (operation.do) {
      case 'learn': {
        const [peer, path, nextHop] = [
          PEERS[operation.peer]!,
          PATHS[this.paths[operation.path % this.paths.length]!]!,
          NEXT_HOPS[operation.nextHop]!,
        ]
        const nlri = nlriOf(operation.key, operation.rest)
        feed.learn(peer.id, attributesOf(path), nlri, nextHop)
        this.model[operation.key]!.set(peer.id, { peer, path, nextHop, nlri: Buffer.from(nlri).toString('hex') })
        break
      }
      case 'withdraw':
        feed.withdraw(PEERS[operation.peer]!.id, nlriOf(operation.key, operation.rest))
        this.model[operation.key]!.delete(PEERS[operation.peer]!.id)
        break
      case 'settle':
        this.settle(operation.limit)
        break
      case 'forget': {
        const { id } = PEERS[operation.peer]!
        // Slices, as a speaker forgets; the rest of the paths goes before anything else happens to the model.
        for (let guard = 0; !feed.rib.forget(id, operation.budget + 1); guard++) expect(guard).toBeLessThan(20)
        for (const paths of this.model) paths.delete(id)
        break
      }
      case 'keep':
        feed.rib.destinations.keepGhosts++
        this.keptGhosts++
        break
      case 'drop':
        if (this.keptGhosts === 0) break
        this.keptGhosts--
        if (--feed.rib.destinations.keepGhosts === 0) feed.rib.destinations.dropGhosts()
        break
    }
  }

  settle(limit: number): void {
    const { feed } = this
    const { rib, sets, changes } = feed
    rib.settle(changes, limit)
    expect(changes.count).toBeLessThanOrEqual(limit)
    const out = new Uint8Array(300)
    const dests = new Set<number>()
    for (let i = 0; i < changes.count; i++) {
      const dest = changes.dest[i]!
      expect(dests.has(dest)).toBe(false)
      dests.add(dest)
      const octets = rib.destinations.octets(dest)
      const key = Buffer.from(
        octets.subarray(rib.destinations.start(dest), rib.destinations.start(dest) + rib.destinations.length(dest)),
      ).toString('hex')
      expect(changes.before[i]! >= 0).toBe(this.followed.has(key))
      if (changes.after[i]! < 0) {
        expect(changes.row[i]).toBe(-1)
        this.followed.delete(key)
        continue
      }
      const set = changes.after[i]!
      const attributes = Buffer.from(sets.octets(set).subarray(sets.attributesAt(set), sets.attributesEnd(set))).toString('hex')
      const nlri = Buffer.from(out.subarray(0, rib.writeNlri(changes.row[i]!, out, 0))).toString('hex')
      this.followed.set(key, `${rib.peerOf(changes.row[i]!)} ${attributes} ${nlri}`)
    }
    rib.finish(changes)
  }

  check(): void {
    const { feed } = this
    while (feed.rib.destinations.unsettled > 0) this.settle(1000)
    const best = this.model.map((paths, key) => bestOf([...paths.values()], key % 2 === 0)).filter((one) => one !== undefined)
    const expected = best.map((one) => `${one.peer.id} ${usedAttributes(one)} ${one.nlri}`)
    expect([...this.followed.values()].sort()).toEqual(expected.sort())
    expect(feed.rib.best).toBe(best.length)
    expect(feed.rib.paths).toBe(this.model.reduce((sum, paths) => sum + paths.size, 0))
    for (const { id } of PEERS) {
      const held = this.model.flatMap((paths) => paths.get(id) ?? [])
      expect(feed.rib.receivedFrom(id)).toBe(held.length)
      expect(feed.rib.refusedFrom(id, 3)).toBe(held.filter(({ path }) => path.refused).length)
    }
  }
}

describe('the RIB', () => {
  test('holds, chooses, tells and counts what a naive model does, and holds nothing in the end', () => {
    fc.assert(
      fc.property(universe, fc.array(operation, { maxLength: 120, size: 'max' }), (paths, operations) => {
        const compared = new Compared(paths)
        for (const [step, one] of operations.entries()) {
          compared.apply(one)
          if (step % 40 === 39) compared.check()
        }
        compared.check()
        for (let peer = 0; peer < PEERS.length; peer++) {
          for (let key = 0; key < KEYS; key++) compared.apply({ do: 'withdraw', peer, key, rest: 0 })
        }
        for (let i = 0; i < operations.length; i++) compared.apply({ do: 'drop' })
        compared.check()
        expect(compared.feed.held).toEqual(NOTHING_HELD)
        for (const { id } of PEERS) expect(compared.feed.sets.firstSetOf(id)).toBe(-1)
      }),
      { numRuns: 300 },
    )
  }, 30_000)

  test('snapshot tells every destination once, in slices, whatever the limit', () => {
    const feed = new Feed()
    feed.addPeer(1)
    const count = 50
    for (let i = 0; i < count; i++) feed.learn(1, attributesOf({ med: i % 7 }), macIpNlri(i))
    feed.settle()
    for (let i = 0; i < count; i += 3) feed.withdraw(1, macIpNlri(i))
    feed.settle()
    for (const limit of [1, 2, 7, 33, 34, 1000]) {
      const seen: number[] = []
      for (let from = 0; from >= 0; ) {
        from = feed.rib.snapshot(feed.changes, from, limit)
        seen.push(...feed.changes.dest.slice(0, feed.changes.count))
        expect(feed.changes.count).toBeLessThanOrEqual(limit)
        feed.changes.clear()
      }
      expect(seen).toHaveLength(33)
      expect(new Set(seen).size).toBe(33)
    }
  })

  test('a ghost keeps its id and key until nobody needs it', () => {
    const feed = new Feed()
    feed.addPeer(1)
    feed.learn(1, attributesOf({}), macIpNlri(1))
    feed.settle()
    feed.rib.destinations.keepGhosts++
    feed.withdraw(1, macIpNlri(1))
    feed.settle()
    expect([feed.rib.destinations.isLive(0), feed.rib.destinations.typeOf(0), feed.rib.destinations.size]).toEqual([false, 2, 1])
    feed.learn(1, attributesOf({}), macIpNlri(2))
    feed.settle()
    expect(feed.rib.destinations.typeOf(1)).toBe(2)
    feed.learn(1, attributesOf({}), macIpNlri(1))
    feed.settle()
    expect([feed.rib.destinations.isLive(0), feed.rib.destinations.size]).toEqual([true, 2])
    feed.withdraw(1, macIpNlri(1))
    feed.settle()
    feed.rib.destinations.keepGhosts--
    feed.rib.destinations.dropGhosts()
    expect(feed.rib.destinations.size).toBe(1)
    feed.learn(1, attributesOf({}), macIpNlri(3))
    feed.settle()
    expect([feed.rib.destinations.size, feed.rib.destinations.isLive(0), feed.rib.best]).toEqual([2, true, 2])
  })
})
