/** Members that move from group to group while routes come and go: in the end they know what their group tells, and on the way they hear of nothing they may not. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { internalExporter } from '../../src/advertise/exporter/exporters.ts'
import type { Member } from '../../src/advertise/members/member.ts'
import { Move } from '../../src/advertise/move.ts'
import { Buckets } from '../../src/advertise/packing/buckets.ts'
import { UpdateGroup } from '../../src/advertise/update-group.ts'
import { ExportPolicy } from '../../src/advertise/verdicts/export-policy.ts'
import { put32, u8 } from '../../src/bytes/octets.ts'
import { Chain, Policy, type Term } from '../../src/policy/chain.ts'
import { Gate } from '../../src/policy/gate/gate.ts'
import { always } from '../../src/policy/gate/plan.ts'
import type { Edit, RouteView } from '../../src/policy/modules/module.ts'
import { NOBODY } from '../../src/policy/route-draft.ts'
import { AttributeCode, WELL_KNOWN } from '../../src/wire/attribute/attribute.ts'
import { macAt } from '../../src/wire/nlri/evpn/in-place.ts'
import { attributesOf, Feed } from '../rib/feed.ts'
import { macIpNlri } from '../wire/update-octets.ts'
import { keyOf, Receiver } from './receiver.ts'

const SOURCE = 1
const MEMBERS = [2, 3]
const SELF = { asn: 65000, routerId: 0xc0000201, clusterId: 0xc0000202 }
/** Of the MAC: the last octet. */
const lastOctet = (view: RouteView) => u8(view.nlri, macAt(view.nlri, view.nlriAt, view.nlriLength) + 5)
const localPref =
  (to: number): Edit =>
  (draft) =>
    draft.rewrite([{ code: AttributeCode.localPref, flags: WELL_KNOWN, add: true, value: (_b, _f, _t, out, at) => put32(out, at, to) }])

/** What the groups do: refuse some routes, or all with a MED; prefer some, or all. */
const WAYS = [
  { refuses: () => false, prefers: null, byRoute: false },
  { refuses: (n: number) => n % 3 === 0, prefers: null, byRoute: true },
  { refuses: (n: number) => n % 2 === 0, prefers: (n: number) => n % 5 === 0, byRoute: true },
  { refuses: () => false, prefers: () => true, byRoute: false },
] as const
const PREFERRED = 300

function gateOf({ refuses, prefers, byRoute }: (typeof WAYS)[number]): Gate | null {
  const looksAt = byRoute ? 'route' : 'attributes'
  const test = (of: (n: number) => boolean) => [
    { module: 'mac', looksAt, own: null, run: (view: RouteView) => of(byRoute ? lastOctet(view) : 0) } as const,
  ]
  const term = (name: string, rest: Pick<Term, 'tests' | 'edits' | 'decides'>): Term => ({
    policy: 'p',
    name,
    proposals: [],
    hits: { sets: 0, routes: 0 },
    ...rest,
  })
  const edit = { module: 'localPref', looksAt: 'attributes', touches: [AttributeCode.localPref], run: localPref(PREFERRED) } as const
  const terms = [term('refuse', { tests: test(refuses), edits: [], decides: 'reject' })]
  if (prefers !== null) terms.push(term('prefer', { tests: test(prefers), edits: [edit], decides: 'next' }))
  const chain = new Chain([new Policy('p', terms)], 'accept')
  return new Gate([always([chain])])
}

class Stage {
  readonly feed = new Feed()
  readonly buckets = new Buckets()
  readonly groups: UpdateGroup[]
  readonly members = new Map<number, { receiver: Receiver; member: Member; group: number; groups: Set<number>; known: Set<string> }>()
  moves: Move[] = []

  constructor(slice: number, first = 0, joined: readonly number[] = MEMBERS) {
    const { feed } = this
    const { rib, sets } = feed
    for (const id of [SOURCE, ...MEMBERS]) feed.addPeer(id)
    const sourceOf = () => ({ external: false, client: true, routerId: 1, domain: null })
    this.groups = WAYS.map((way, i) => {
      const exporter = { ...internalExporter(sets, SELF, sourceOf, true), key: `${i}` }
      const gate = gateOf(way)
      const policy = i === 0 || gate === null ? null : new ExportPolicy(rib, exporter, gate, () => NOBODY)
      return new UpdateGroup(rib, exporter, 4096, () => {}, slice, policy)
    })
    sets.onMade.push((set) => {
      for (const group of this.groups) group.forgetSet(set)
    })
    for (const id of joined) this.join(id, first)
  }

  join(id: number, group: number): void {
    const known = new Set<string>()
    const receiver = new Receiver(4096, (key) => known.add(key))
    const member = this.groups[group]!.members.join(id, receiver, 'end-of-rib')
    this.members.set(id, { receiver, member, group, groups: new Set([group]), known })
  }

  /** A member goes and comes again, and knows nothing. */
  rejoin(id: number): void {
    const { member, group } = this.members.get(id)!
    if (member.held) return
    this.groups[group]!.members.leave(member)
    this.join(id, group)
  }

  move(ids: readonly number[], to: number): void {
    const all = ids.map((id) => this.members.get(id)!)
    for (const from of new Set(all.map(({ group }) => group))) {
      const those = all.filter(({ group, member }) => group === from && group !== to && !member.held)
      if (those.length === 0) continue
      this.moves.push(
        new Move(
          this.feed.rib,
          this.groups[from]!,
          this.groups[to]!,
          those.map(({ member }) => member),
        ),
      )
      for (const one of those) {
        one.group = to
        one.groups.add(to)
      }
    }
  }

  settle(limit?: number): void {
    this.feed.settle((changes) => {
      this.buckets.arrange(changes)
      for (const group of this.groups) group.publish(changes, this.buckets)
    }, limit)
  }

  advance(limit: number): void {
    this.settle()
    this.moves = this.moves.filter((move) => !move.advance(limit))
    for (const group of this.groups) if (group.busy) group.advance()
  }

  end(): void {
    for (const { receiver } of this.members.values()) receiver.pending = 0
    for (let guard = 0; guard === 0 || this.moves.length > 0 || this.groups.some(({ busy }) => busy); guard++) {
      expect(guard, 'it comes to an end').toBeLessThan(1000)
      this.advance(7)
    }
  }

  /** What a member of a group is to know: MACs' last octets and local preferences. */
  expected(id: number): string[] {
    const { rib, sets } = this.feed
    const { refuses, prefers } = WAYS[this.members.get(id)!.group]!
    const found: string[] = []
    const out = new Uint8Array(300)
    for (let dest = 0; dest < rib.destinations.capacity; dest++) {
      if (!rib.destinations.isLive(dest) || rib.peerOf(rib.destinations.best[dest]!) === id) continue
      const set = rib.destinations.advertised[dest]!
      rib.writeNlri(rib.destinations.best[dest]!, out, 0)
      const n = out[macAt(out, 0, 35) + 5]!
      if (refuses(n)) continue
      found.push(`${n} ${prefers?.(n) ? PREFERRED : sets.localPref[set]!}`)
    }
    return found.sort()
  }

  told(id: number): string[] {
    const { table } = this.members.get(id)!.receiver
    return [...table.values()]
      .map((text) => {
        const nlri = Buffer.from(text.split(' ', 1)[0]!, 'hex')
        const pref = Number.parseInt(/64\/5:([0-9a-f]{8})/.exec(text)![1]!, 16)
        return `${nlri[macAt(nlri, 0, nlri.length) + 5]} ${pref}`
      })
      .sort()
  }
}

const ROUTES = 40
const ROUTE_NUMBERS = Array.from({ length: ROUTES }, (_, n) => n)
const peer = fc.constantFrom(SOURCE, SOURCE, ...MEMBERS)
const key = fc.nat(ROUTES - 1)
const command = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('learn' as const), peer, key, pref: fc.constantFrom(100, 200) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('withdraw' as const), peer, key }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('settle' as const), limit: fc.integer({ min: 1, max: 9 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('advance' as const), limit: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('move' as const), ids: fc.subarray(MEMBERS, { minLength: 1 }), to: fc.nat(WAYS.length - 1) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stall' as const), id: fc.constantFrom(...MEMBERS) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rejoin' as const), id: fc.constantFrom(...MEMBERS) }) },
)

test('whatever happens on the way, who has arrived knows what the group tells, and nobody hears of a route that no group of his would tell', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(WAYS.length - 1), fc.array(command, { maxLength: 60 }), (slice, first, commands) => {
      const stage = new Stage(slice, first)
      const { feed } = stage
      for (const n of ROUTE_NUMBERS) feed.learn(SOURCE, attributesOf({}), macIpNlri(n, {}))
      stage.end()
      for (const one of commands) {
        if (one.do === 'learn') feed.learn(one.peer, attributesOf({ localPref: one.pref }), macIpNlri(one.key, {}))
        else if (one.do === 'withdraw') feed.withdraw(one.peer, macIpNlri(one.key, {}))
        else if (one.do === 'settle') stage.settle(one.limit)
        else if (one.do === 'advance') stage.advance(one.limit)
        else if (one.do === 'move') stage.move(one.ids, one.to)
        else if (one.do === 'rejoin') stage.rejoin(one.id)
        else stage.members.get(one.id)!.receiver.pending = 8 * 1024 * 1024
      }
      stage.end()
      for (const id of MEMBERS) {
        expect(stage.told(id)).toEqual(stage.expected(id))
        const { group, groups, receiver, known } = stage.members.get(id)!
        expect(stage.groups[group]!.sentTo(id)).toBe(stage.expected(id).length)
        const may = ROUTE_NUMBERS.filter((n) => [...groups].some((one) => !WAYS[one]!.refuses(n)))
        const mayHear = may.map((n) => keyOf(macIpNlri(n, {})))
        expect([...receiver.withdrawn, ...known].filter((heard) => !mayHear.includes(heard))).toEqual([])
      }
      expect(feed.rib.destinations.keepGhosts).toBe(0)
      for (const set of [SOURCE, ...MEMBERS]) for (let n = 0; n < ROUTES; n++) feed.withdraw(set, macIpNlri(n, {}))
      stage.end()
      for (const id of MEMBERS) expect(stage.told(id)).toEqual([])
      expect(feed.held).toEqual({ paths: 0, best: 0, destinations: 0, sets: 0, rests: 0 })
    }),
    { numRuns: 150 },
  )
})

test('when nothing else happens, exactly the routes are told of which the two groups tell something else', () => {
  for (const [from, to] of [
    [0, 1],
    [1, 2],
    [2, 3],
    [3, 0],
    [0, 3],
  ] as const) {
    const stage = new Stage(5)
    for (let n = 0; n < ROUTES; n++) stage.feed.learn(SOURCE, attributesOf({}), macIpNlri(n, {}))
    stage.end()
    stage.move(MEMBERS, from)
    stage.end()
    const { receiver, known } = stage.members.get(2)!
    const before = stage.told(2)
    known.clear()
    receiver.withdrawn.clear()
    stage.move(MEMBERS, to)
    stage.end()
    const after = stage.told(2)
    const octet = (text: string) => text.split(' ')[0]!
    const announced = after.filter((text) => !before.includes(text)).map(octet)
    const withdrawn = before.map(octet).filter((n) => !after.map(octet).includes(n))
    const keys = (octets: readonly string[]) => octets.map((n) => keyOf(macIpNlri(Number(n), {}))).sort()
    expect([[...known].sort(), [...receiver.withdrawn].sort()]).toEqual([keys(announced), keys(withdrawn)])
  }
})

test('a route that comes and goes while somebody moves away from the only group that would tell it is none of his business', () => {
  const stage = new Stage(5)
  for (const n of [1, 2, 4, 6]) stage.feed.learn(SOURCE, attributesOf({}), macIpNlri(n, {}))
  stage.end()
  const { receiver, known } = stage.members.get(2)!
  known.clear()
  stage.move([2], 1)
  for (const change of [
    () => stage.feed.learn(SOURCE, attributesOf({}), macIpNlri(9, {})),
    () => stage.feed.learn(SOURCE, attributesOf({ localPref: 200 }), macIpNlri(9, {})),
    () => stage.feed.withdraw(SOURCE, macIpNlri(9, {})),
    () => stage.feed.learn(SOURCE, attributesOf({}), macIpNlri(12, {})),
  ]) {
    change()
    stage.settle()
  }
  stage.end()
  expect([...known]).toEqual([])
  expect([...receiver.withdrawn]).toEqual([keyOf(macIpNlri(6, {}))])
})

/** A table of routes, in a group in which somebody else has walked for so many steps before member 2 comes, which has then walked for `steps`. */
function amidWalk(ahead: number, steps: number): Stage {
  const stage = new Stage(5, 0, [])
  for (const n of ROUTE_NUMBERS) stage.feed.learn(SOURCE, attributesOf({}), macIpNlri(n, {}))
  stage.settle()
  stage.join(3, 0)
  for (let step = 0; step < ahead; step++) stage.advance(5)
  stage.join(2, 0)
  for (let step = 0; step < steps; step++) stage.advance(5)
  return stage
}

const WALK_STEPS = ROUTES / 5
const AMID = [0, 3, 6].flatMap((ahead) => Array.from({ length: WALK_STEPS }, (_, steps) => ({ ahead, steps })))

test.each(AMID)(
  'who moves while told of the table for the first time forgets what he has heard of, and nothing else: %o',
  ({ ahead, steps }) => {
    const stage = amidWalk(ahead, steps)
    const { receiver, known } = stage.members.get(2)!
    expect(known.size).toBe(5 * steps)
    // What changes is told at once, also where the walk has not been yet.
    for (const n of [0, 21, 39]) stage.feed.learn(SOURCE, attributesOf({ localPref: 200 }), macIpNlri(n, {}))
    stage.settle()
    const heard = ROUTE_NUMBERS.filter((n) => known.has(keyOf(macIpNlri(n, {}))))
    stage.move([2], 1)
    for (const n of [3, 7, 22, 33]) stage.feed.withdraw(SOURCE, macIpNlri(n, {}))
    stage.end()
    expect(stage.told(2)).toEqual(stage.expected(2))
    expect([...receiver.stray]).toEqual([])
    const forgotten = heard.filter((n) => n % 3 === 0 || n === 7 || n === 22)
    expect([...receiver.withdrawn].sort()).toEqual(forgotten.map((n) => keyOf(macIpNlri(n, {}))).sort())
  },
)

test.each(AMID)('so does who falls behind meanwhile: %o', ({ ahead, steps }) => {
  const stage = amidWalk(ahead, steps)
  const { receiver, member } = stage.members.get(2)!
  receiver.pending = 8 * 1024 * 1024
  stage.advance(5)
  expect(member.missed).not.toBe(null)
  for (const n of ROUTE_NUMBERS) if (n % 4 === 0) stage.feed.withdraw(SOURCE, macIpNlri(n, {}))
  stage.settle()
  stage.end()
  expect(stage.told(2)).toEqual(stage.expected(2))
  expect([...receiver.stray]).toEqual([])
})
