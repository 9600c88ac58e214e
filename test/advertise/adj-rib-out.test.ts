/** Update groups against the plain definition of an Adj-RIB-Out: per member, what the export rules make of the best paths that are not its own. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { externalExporter, internalExporter, type Self, type Source } from '../../src/advertise/exporter/exporters.ts'
import { LAGGARD_OCTETS } from '../../src/advertise/members/laggards.ts'
import type { Member, Pace } from '../../src/advertise/members/member.ts'
import { Buckets } from '../../src/advertise/packing/buckets.ts'
import { UpdateGroup } from '../../src/advertise/update-group.ts'
import { Boundary } from '../../src/federation/boundary.ts'
import { domainOf, federationOf } from '../federation/agreement.ts'
import { attributesOf, Feed, NOTHING_HELD, type Path } from '../rib/feed.ts'
import { attribute, extCommunities, join, macIpNlri, u32Octets } from '../wire/update-octets.ts'
import { type Attribute, attributeText, hex, keyOf, Receiver, readAttributes } from './receiver.ts'

const SELF: Self = { asn: 65000, routerId: 0xc0000201, clusterId: 0xc0000202 }
const SHARED = '0002fde800002774'
const PRIVATE = '0002fde800002775'
const NON_TRANSITIVE = '4306000000000009'

type Kind = 'client' | 'non-client' | 'external' | 'domain'
const PEERS: readonly { readonly kind: Kind; readonly source: Source }[] = (
  ['client', 'client', 'non-client', 'non-client', 'external', 'domain', 'domain'] as const
).map((kind, index) => ({
  kind,
  source: {
    external: kind === 'external' || kind === 'domain',
    client: kind === 'client',
    routerId: 0x0a000001 + index,
    domain: kind === 'domain' ? 'fra' : null,
  },
}))
const idOf = (index: number) => index + 1
const sourceOf = (id: number) => PEERS[id - 1]?.source

/** Attributes of a route, told apart by where it comes from: the community holds the peer's id. */
type Variant = Pick<Path, 'ext' | 'mobility' | 'originator' | 'clusters' | 'med'> & { readonly filler?: number }
const VARIANTS: readonly Variant[] = [
  { ext: [SHARED] },
  { ext: [SHARED, PRIVATE], med: 7 },
  { ext: [PRIVATE] },
  { ext: [PRIVATE, NON_TRANSITIVE], originator: 77, clusters: [5, 6] },
  { ext: [SHARED, NON_TRANSITIVE], mobility: { sequence: 2 } },
  {},
  // Around the longest attributes that fit: some groups can be told, some not.
  ...[3690, 3710, 3725, 3925, 3930, 3935, 3940, 3945, 3950, 3955, 3960, 3970].map((filler): Variant => ({ ext: [SHARED], filler })),
  { ext: [SHARED], filler: 4000 },
]

/** An unknown attribute of `octets` octets, its header included, that everybody passes on. */
const fillerOf = (octets: number) => attribute(0xe0, 250, Array(octets - 4).fill(1))

const made = new Map<string, Uint8Array>()

function octetsOf(peer: number, variant: Variant): Uint8Array {
  const name = `${peer} ${VARIANTS.indexOf(variant)}`
  const octets = made.get(name) ?? makeOctets(peer, variant)
  made.set(name, octets)
  return octets
}

function makeOctets(peer: number, { filler, ...path }: Variant): Uint8Array {
  const { external } = PEERS[peer]!.source
  const inside = external ? { localPref: null, asns: [65100 + peer] } : {}
  const attributes = attributesOf({ communities: [`0000${idOf(peer).toString(16).padStart(4, '0')}`], ...path, ...inside })
  if (!external) return filler === undefined ? attributes : join(attributes, fillerOf(filler))
  const allowed = readAttributes(attributes).filter(({ code }) => code !== 9 && code !== 10)
  const plain = join(...allowed.map(({ flags, code, value }) => attribute(flags, code, value)))
  return filler === undefined ? plain : join(plain, fillerOf(filler))
}

/** Route `key`: MAC/IP mostly, an Ethernet A-D per-EVI and an opaque type too. */
function nlriOf(key: number, label = 100): Uint8Array {
  if (key % 10 === 8) return join([1, 25, 0, 1, 10, 0, 0, 1, 0, 1], Array(9).fill(3), [1], u32Octets(key), [0, 0, label])
  if (key % 10 === 9) return join([99, 6, 1, 2], u32Octets(key))
  return macIpNlri(key, { label })
}

/** The rules, naively: the attributes a member of this kind is told, or null. */
function exported(to: Kind, source: Source, attributes: readonly Attribute[], type: number): Attribute[] | null {
  const without = (...codes: number[]) => attributes.filter(({ code }) => !codes.includes(code))
  const sorted = (list: Attribute[]) => list.sort((a, b) => a.code - b.code)
  const value = (code: number) => attributes.find((one) => one.code === code)?.value
  if (to === 'client' || to === 'non-client') {
    const list = without(5, 9, 10)
    list.push({ flags: 0x40, code: 5, value: value(5) ?? Uint8Array.of(0, 0, 0, 100) })
    if (source.external) return sorted(list)
    if (to === 'non-client' && !source.client) return null
    list.push({ flags: 0x80, code: 9, value: value(9) ?? Uint8Array.from(u32Octets(source.routerId)) })
    list.push({ flags: 0x80, code: 10, value: join(u32Octets(SELF.clusterId), value(10) ?? []) })
    return sorted(list)
  }
  const communities: readonly string[] =
    Buffer.from(value(16) ?? [])
      .toString('hex')
      .match(/.{16}/g) ?? []
  let kept = communities.filter((community) => (Number.parseInt(community.slice(0, 2), 16) & 0x40) === 0)
  if (to === 'domain') {
    if (source.domain !== null || ![2, 3, 5].includes(type) || !communities.includes(SHARED)) return null
    kept = kept.filter((community) => community !== PRIVATE)
  }
  const list = without(2, 4, 5, 9, 10, 16)
  const path = value(2)!
  const behind = path.length === 0 ? [2, 1, ...u32Octets(SELF.asn)] : [2, path[1]! + 1, ...u32Octets(SELF.asn), ...path.slice(2)]
  list.push({ flags: 0x40, code: 2, value: Uint8Array.from(behind) })
  if (to === 'domain') list.push({ flags: 0xc0, code: 36, value: Uint8Array.from([1, ...u32Octets(65001), 0, 0, 70]) })
  if (kept.length > 0) list.push({ flags: 0xc0, code: 16, value: readAttributes(extCommunities(...kept))[0]!.value })
  return sorted(list)
}

/** Octets of an UPDATE beside NLRI, next hop and the other attributes: header, two lengths, and MP_REACH_NLRI in the long form (RFC 4271 §4.3, RFC 4760 §3). */
const UPDATE_OCTETS = 19 + 2 + 2 + 4 + 5
/** A MAC/IP route may have a second label, which nobody looks for before it is written. */
const SECOND_LABEL = 3

const wireLength = (attributes: readonly Attribute[]) =>
  join(...attributes.map(({ flags, code, value }) => attribute(flags, code, value))).length

class Region {
  readonly feed = new Feed()
  readonly buckets = new Buckets()
  readonly groups = new Map<Kind, UpdateGroup>()
  readonly members = new Map<number, { member: Member; receiver: Receiver; ends: number; owed: number }>()
  /** Keys that a member of the domain's group may have heard of. */
  readonly mayCross = new Set<string>()
  readonly maxMessage: number

  constructor(maxMessage: number, slice: number) {
    this.maxMessage = maxMessage
    const { feed } = this
    const { sets, rib } = feed
    for (const [index, { source }] of PEERS.entries()) feed.addPeer(idOf(index), { external: source.external, routerId: source.routerId })
    const octets = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))
    const vn = { name: 'web', vni: 10100, service: 'l2' as const, importTargets: [octets(SHARED)], exportTargets: [octets(SHARED)] }
    const share = { vn: 'web', vni: 10100, peerTargets: [octets(SHARED)], tunnelType: 8, limits: null }
    const fra = domainOf('fra', 65100, [share])
    const boundary = new Boundary(fra, new Map([['web', vn]]), federationOf([fra]))
    const exporters = {
      client: internalExporter(sets, SELF, sourceOf, true),
      'non-client': internalExporter(sets, SELF, sourceOf, false),
      external: externalExporter(sets, SELF, sourceOf),
      domain: boundary.exporter(sets, SELF, sourceOf),
    }
    for (const [kind, exporter] of Object.entries(exporters)) {
      const sayEnd = (member: Member) => {
        this.members.get(member.peer - 1)!.ends++
      }
      this.groups.set(kind as Kind, new UpdateGroup(rib, exporter, maxMessage, sayEnd, slice))
    }
    sets.onMade.push((set) => {
      for (const group of this.groups.values()) group.forgetSet(set)
    })
  }

  join(peer: number): void {
    if (this.members.has(peer)) return
    const own = `0000${idOf(peer).toString(16).padStart(4, '0')}`
    const receiver = new Receiver(this.maxMessage, (_key, attributes) => {
      const from = attributes.find(({ code }) => code === 8)
      expect(hex(from!.value), 'never its own route').not.toBe(own)
    })
    if (PEERS[peer]!.kind === 'domain') receiver.pace = new Allowance()
    const member = this.groups.get(PEERS[peer]!.kind)!.members.join(idOf(peer), receiver, 'end-of-rib')
    this.members.set(peer, { member, receiver, ends: 0, owed: 1 })
  }

  leave(peer: number): void {
    const joined = this.members.get(peer)
    if (joined === undefined) return
    this.groups.get(PEERS[peer]!.kind)!.members.leave(joined.member)
    this.members.delete(peer)
  }

  refresh(peer: number): void {
    const joined = this.members.get(peer)
    if (joined === undefined) return
    this.groups.get(PEERS[peer]!.kind)!.members.walk(joined.member, 'end-of-refresh')
    joined.owed = Math.max(joined.owed, joined.ends + 1)
  }

  stall(peer: number, pending: number): void {
    const joined = this.members.get(peer)
    if (joined !== undefined) joined.receiver.pending = pending
  }

  /** So many routes more may be told to a member with a pace. */
  grant(peer: number, routes: number): void {
    const pace = this.members.get(peer)?.receiver.pace
    if (pace instanceof Allowance) pace.left = Math.min(routes, pace.left + routes)
  }

  flush(limit = 1_000_000): void {
    const { feed, buckets } = this
    feed.settle((changes) => {
      for (let i = 0; i < changes.count; i++) {
        for (const set of [changes.before[i]!, changes.after[i]!]) {
          if (set >= 0 && this.crosses(set, feed.rib.destinations.typeOf(changes.dest[i]!)))
            this.mayCross.add(this.keyOfDest(changes.dest[i]!))
        }
      }
      buckets.arrange(changes)
      for (const group of this.groups.values()) group.publish(changes, buckets)
    }, limit)
  }

  advance(): void {
    if (this.feed.rib.destinations.unsettled === 0) for (const group of this.groups.values()) if (group.busy) group.advance()
  }

  /** Lets everybody drain and everything be told; then compares. */
  check(): void {
    this.flush()
    for (const { receiver } of this.members.values()) {
      receiver.pending = 0
      if (receiver.pace instanceof Allowance) receiver.pace.left = 1_000_000
    }
    for (let guard = 0; [...this.groups.values()].some((group) => group.busy); guard++) {
      expect(guard, 'advancing comes to an end').toBeLessThan(10_000)
      expect(
        [...this.groups.values()].some((group) => group.ready),
        'what is busy can go on',
      ).toBe(true)
      this.advance()
    }
    for (const [peer, { receiver, member, ends, owed }] of this.members) {
      const expected = this.expected(peer)
      expect(Object.fromEntries(receiver.table), `Adj-RIB-Out of ${PEERS[peer]!.kind} ${idOf(peer)}`).toEqual(Object.fromEntries(expected))
      expect(this.groups.get(PEERS[peer]!.kind)!.sentTo(member.peer), `sentTo of ${idOf(peer)}`).toBe(expected.size)
      expect(ends, 'every walk ends').toBeGreaterThanOrEqual(owed)
      if (PEERS[peer]!.kind !== 'domain') continue
      for (const key of receiver.withdrawn) expect(this.mayCross.has(key), `${key} was never to be known outside`).toBe(true)
    }
    expect(this.feed.rib.destinations.keepGhosts).toBe(0)
  }

  private expected(peer: number): Map<string, string> {
    const { rib, sets } = this.feed
    const found = new Map<string, string>()
    const texts = new Map<number, { readonly text: string; readonly octets: number } | null>()
    const out = new Uint8Array(300)
    for (let dest = 0; dest < rib.destinations.capacity; dest++) {
      if (!rib.destinations.isLive(dest) || rib.destinations.best[dest]! < 0) continue
      const row = rib.destinations.best[dest]!
      const source = rib.peerOf(row)
      if (source === idOf(peer)) continue
      const set = rib.rows.used[row]!
      // One answer for all routes with this set and of this type.
      const name = 1000 * set + rib.destinations.typeOf(dest)
      if (!texts.has(name)) {
        const told = exported(PEERS[peer]!.kind, sourceOf(source)!, this.attributesOf(set), rib.destinations.typeOf(dest))
        texts.set(name, told === null ? null : { text: attributeText(told), octets: wireLength(told) })
      }
      const told = texts.get(name) ?? null
      if (told === null) continue
      const nlri = out.slice(0, rib.writeNlri(row, out, 0))
      const octets = UPDATE_OCTETS + sets.nextHopLength(set) + told.octets + nlri.length + SECOND_LABEL
      if (octets > this.maxMessage) continue
      const nextHop = sets.octets(set).slice(sets.nextHopAt(set), sets.nextHopAt(set) + sets.nextHopLength(set))
      found.set(keyOf(nlri), `${hex(nlri)} via ${hex(nextHop)} ${told.text}`)
    }
    return found
  }

  private crosses(set: number, type: number): boolean {
    return exported('domain', sourceOf(this.feed.sets.peer[set]!)!, this.attributesOf(set), type) !== null
  }

  private attributesOf(set: number): Attribute[] {
    const { sets } = this.feed
    return readAttributes(sets.octets(set).slice(sets.attributesAt(set), sets.attributesEnd(set)))
  }

  private keyOfDest(dest: number): string {
    const out = new Uint8Array(300)
    const { rib } = this.feed
    return keyOf(out.slice(0, rib.writeWithdrawn(dest, out, 0)))
  }
}

/** A pace of which the test says how much is left. */
class Allowance implements Pace {
  left = 3
  readonly exceeded = 0

  take(routes: number): void {
    expect(routes, 'told no faster than it may').toBeLessThanOrEqual(this.left)
    this.left -= routes
  }

  exceed(): void {}
}

const KEYS = 30
const peer = fc.nat(PEERS.length - 1)
const operation = fc.oneof(
  { arbitrary: fc.tuple(fc.constant('learn' as const), peer, fc.nat(VARIANTS.length - 1), fc.nat(KEYS - 1), fc.nat(1)), weight: 12 },
  { arbitrary: fc.tuple(fc.constant('withdraw' as const), peer, fc.nat(KEYS - 1)), weight: 6 },
  { arbitrary: fc.tuple(fc.constant('flush' as const), fc.integer({ min: 1, max: 4 })), weight: 4 },
  { arbitrary: fc.tuple(fc.constant('advance' as const)), weight: 4 },
  { arbitrary: fc.tuple(fc.constant('join' as const), peer), weight: 3 },
  { arbitrary: fc.tuple(fc.constant('leave' as const), peer), weight: 1 },
  { arbitrary: fc.tuple(fc.constant('refresh' as const), peer), weight: 1 },
  {
    arbitrary: fc.tuple(
      fc.constant('stall' as const),
      peer,
      fc.constantFrom(0, 0, 100_000, 3 * 1024 * 1024, LAGGARD_OCTETS + 1, LAGGARD_OCTETS + 1),
    ),
    weight: 3,
  },
  { arbitrary: fc.tuple(fc.constant('grant' as const), peer, fc.integer({ min: 1, max: 5 })), weight: 4 },
  { arbitrary: fc.tuple(fc.constant('check' as const)), weight: 1 },
)

function apply(region: Region, [what, ...numbers]: readonly [string, ...number[]]): void {
  const [first = 0, second = 0, third = 0, fourth = 0] = numbers
  switch (what) {
    case 'learn':
      region.feed.learn(idOf(first), octetsOf(first, VARIANTS[second]!), nlriOf(third, 100 + fourth))
      break
    case 'withdraw':
      region.feed.withdraw(idOf(first), nlriOf(second))
      break
    case 'flush':
      region.flush(first)
      break
    case 'advance':
      region.advance()
      break
    case 'join':
      region.join(first)
      break
    case 'leave':
      region.leave(first)
      break
    case 'refresh':
      region.refresh(first)
      break
    case 'stall':
      region.stall(first, second)
      break
    case 'grant':
      region.grant(first, second)
      break
    case 'check':
      region.check()
      break
  }
}

describe('every member holds its Adj-RIB-Out', () => {
  test('whatever is learned and withdrawn, whoever joins, stalls, asks again and leaves', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 250, size: 'max' }), fc.integer({ min: 1, max: 8 }), (operations, slice) => {
        const region = new Region(4096, slice)
        for (const one of operations) apply(region, one)
        region.check()
        for (let index = 0; index < PEERS.length; index++) while (!region.feed.rib.forget(idOf(index), 3));
        region.check()
        for (const { receiver } of region.members.values()) expect(receiver.table.size).toBe(0)
        expect(region.feed.held).toEqual(NOTHING_HELD)
      }),
      { numRuns: 40 },
    )
  }, 60_000)

  test('thousands of routes in full messages, a late joiner and one that falls behind', () => {
    const region = new Region(4096, 500)
    for (const index of [0, 1, 4, 5]) region.join(index)
    for (let key = 0; key < 3000; key++) region.feed.learn(1, octetsOf(0, VARIANTS[key % 2]!), nlriOf(key))
    region.flush(700)
    region.advance()
    region.join(2)
    region.advance()
    region.stall(1, LAGGARD_OCTETS + 1)
    for (let key = 0; key < 3000; key += 3) region.feed.withdraw(1, nlriOf(key))
    for (let key = 1; key < 3000; key += 3) region.feed.learn(2, octetsOf(1, VARIANTS[4]!), nlriOf(key))
    region.flush(700)
    region.join(3)
    region.check()
    expect(region.members.get(1)!.member.lapses).toBe(1)
    const { receiver } = region.members.get(3)!
    expect(receiver.messages).toBeLessThan(80)
  })

  test('with extended messages, attributes above 4096 octets are told (RFC 8654)', () => {
    const region = new Region(65535, 4096)
    region.join(0)
    for (let key = 0; key < 3000; key++) region.feed.learn(2, octetsOf(1, VARIANTS.at(-1)!), nlriOf(key))
    region.check()
    expect(region.members.get(0)!.receiver.table.size).toBe(3000)
    expect(region.members.get(0)!.receiver.messages).toBeLessThan(6)
  })
})
