/**
 * Limits that come while routes are told: what is told is counted a few destinations at a time, and whatever changes meanwhile, in the end exactly what is told is
 * counted, nothing of it has been withdrawn, and nothing that is new has been told before all was counted.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Member } from '../../../src/advertise/members/member.ts'
import { Buckets } from '../../../src/advertise/packing/buckets.ts'
import { UpdateGroup } from '../../../src/advertise/update-group.ts'
import { Boundary } from '../../../src/federation/boundary.ts'
import { type LimitSettings, NO_LIMITS } from '../../../src/federation/limits/limits.ts'
import type { ToldRoutes } from '../../../src/federation/limits/told-routes.ts'
import { refusal } from '../../../src/policy/refusal.ts'
import { Changes } from '../../../src/rib/changes.ts'
import { keyOf, Receiver } from '../../advertise/receiver.ts'
import { attributesOf, Feed } from '../../rib/feed.ts'
import { macIpNlri } from '../../wire/update-octets.ts'
import { domainOf, federationOf } from '../agreement.ts'

const SELF = { asn: 65001, routerId: 0xc0000201, clusterId: 0xc0000202 }
const SOURCE = 1
const TARGETS = { web: '0002fde900002774', db: '0002fde900002775' } as const
type Vn = keyof typeof TARGETS
const VNS = ['web', 'db'] as const
const ROUTES = 40
/** Routes with this preference are told by the first group alone. */
const NOT_BY_THE_SECOND = 200

const octets = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))
const atMost = (routes: number): LimitSettings => ({ routes, changesPerSecond: null, burst: 0, onExcess: 'hold' })
const nlriOf = (key: number) => macIpNlri(key, { label: 100 })

function fraWith(web: number | null, all: number | null) {
  const share = VNS.map((vn, i) => ({
    ...{ vn, vni: 10100 + i, peerTargets: [octets(TARGETS[vn])], tunnelType: 8, limits: null },
    toldLimits: vn === 'web' && web !== null ? atMost(web) : null,
  }))
  const told = { domain: all === null ? null : atMost(all), types: [] }
  return { ...domainOf('fra', 65002, share), limits: { ...NO_LIMITS, told } }
}

class Stage {
  readonly feed = new Feed()
  readonly groups: UpdateGroup[]
  readonly members: { member: Member; receiver: Receiver }[]
  readonly vnOf = new Map<string, Vn>()
  /** Keys of routes that the first group alone tells. */
  private readonly ofFirst = new Set<string>()
  private firstIsThere = true
  /** Keys that were told when the limit came, and have been there since. */
  kept = new Set<string>()
  private readonly boundary: Boundary
  private readonly buckets = new Buckets()
  private readonly batch = new Changes()
  private limited: ToldRoutes | null = null

  constructor() {
    const { rib, sets } = this.feed
    for (const id of [SOURCE, 2, 3]) this.feed.addPeer(id)
    const vns = new Map(
      VNS.map((name, i) => {
        const targets = [octets(TARGETS[name])]
        return [name, { name, vni: 10100 + i, service: 'l2' as const, importTargets: targets, exportTargets: targets }] as const
      }),
    )
    const fra = fraWith(null, null)
    this.boundary = new Boundary(fra, vns, federationOf([fra]))
    const exporter = this.boundary.exporter(sets, SELF, () => ({ external: false, client: true, routerId: 1, domain: null }))
    const choosy = {
      ...exporter,
      judge: (set: number) => (sets.localPref[set] === NOT_BY_THE_SECOND ? refusal('policy') : exporter.judge(set)),
    }
    this.groups = [exporter, choosy].map((one) => new UpdateGroup(rib, one, 4096, () => {}))
    sets.onMade.push((set) => {
      for (const group of this.groups) group.forgetSet(set)
    })
    this.members = this.groups.map((group, i) => {
      const receiver = new Receiver(4096)
      return { receiver, member: group.members.join(i + 2, receiver, 'end-of-rib') }
    })
    while (this.groups.some(({ busy }) => busy)) for (const group of this.groups) group.advance()
  }

  get first(): ReadonlyMap<string, string> {
    return this.members[0]!.receiver.table
  }

  learn(key: number, vn: Vn, localPref: number): void {
    this.feed.learn(SOURCE, attributesOf({ ext: [TARGETS[vn]], localPref }), nlriOf(key))
    this.vnOf.set(keyOf(nlriOf(key)), vn)
    if (localPref === NOT_BY_THE_SECOND) this.ofFirst.add(keyOf(nlriOf(key)))
    else this.ofFirst.delete(keyOf(nlriOf(key)))
    if (!this.wouldTell(keyOf(nlriOf(key)))) this.kept.delete(keyOf(nlriOf(key)))
  }

  withdraw(key: number): void {
    this.feed.withdraw(SOURCE, nlriOf(key))
    this.vnOf.delete(keyOf(nlriOf(key)))
    this.kept.delete(keyOf(nlriOf(key)))
  }

  settle(): void {
    const before = new Set(this.first.keys())
    const counting = this.limited?.counting === true
    this.feed.settle((changes) => {
      this.buckets.arrange(changes)
      for (const group of this.groups) group.handOverBefore(changes)
      this.limited?.before(changes)
      this.limited?.begin(false)
      for (const group of this.groups) group.publish(changes, this.buckets)
      this.limited?.end()
    })
    if (counting) for (const key of this.first.keys()) expect(before.has(key) || this.unlimited(key)).toBe(true)
    for (const key of this.kept) expect(this.first.has(key)).toBe(true)
  }

  limit(web: number | null, all: number | null): void {
    const begins = this.limited === null
    this.boundary.adopt(fraWith(web, all))
    this.limited = this.boundary.exportAdmission(
      this.feed.rib,
      () => undefined,
      () => 0,
    )
    if (this.limited === null) return
    for (const group of this.groups) group.restrain(this.limited)
    if (begins) this.kept = new Set([...this.first.keys()].filter((one) => this.vnOf.has(one) && this.wouldTell(one)))
  }

  /** The group of one of them is no more. */
  leave(which: number): void {
    if (this.groups.length === 1) return
    const [group, gone] = [this.groups[which]!, this.members[which]!]
    group.members.leave(gone.member)
    group.close()
    if (which === 0) this.firstIsThere = false
    this.groups.splice(which, 1)
    this.members.splice(which, 1)
    this.kept = new Set([...this.kept].filter((key) => this.first.has(key) && this.wouldTell(key)))
  }

  /** A step of counting. */
  count(limit: number): void {
    this.settle()
    for (const group of this.groups) if (group.handsOver) group.handOver(limit)
    this.limited?.count(limit)
  }

  end(): void {
    for (let guard = 0; guard === 0 || this.limited?.counting === true; guard++) {
      expect(guard).toBeLessThan(1000)
      this.count(7)
    }
    for (let round = 0; round < 5; round++) {
      this.limited?.tick(100)
      this.askAgain()
    }
  }

  check(): void {
    const tables = this.members.map(({ receiver }) => receiver.table)
    for (const [i, { member, receiver }] of this.members.entries()) expect(this.groups[i]!.sentTo(member.peer)).toBe(receiver.table.size)
    for (const key of tables[1]?.keys() ?? []) expect(tables[0]!.has(key)).toBe(true)
    const breakers = [...(this.limited?.breakers.all ?? [])]
    let waiting = 0
    for (const { name, used, held, settings } of breakers) {
      const told = [...this.first.keys()].filter((key) => name === 'all routes' || this.vnOf.get(key) === 'web').length
      expect([name, used]).toEqual([name, told])
      if (held > 0) expect(breakers.some((one) => one.used >= (one.settings.routes ?? Number.POSITIVE_INFINITY))).toBe(true)
      if (settings.routes !== null) waiting += held
    }
    const wanted = [...this.vnOf].filter(([key]) => this.wouldTell(key))
    expect(this.first.size + waiting).toBe(wanted.length)
    const kept = (vn: Vn) => wanted.filter(([key, of]) => of === vn && !this.first.has(key)).length
    if (this.limited === null) return
    const heldBack = this.limited.heldBack()
    for (const vn of VNS) expect([...(heldBack.get(vn)?.values() ?? [])].reduce((sum, count) => sum + count, 0)).toBe(kept(vn))
  }

  private wouldTell(key: string): boolean {
    return this.firstIsThere || !this.ofFirst.has(key)
  }

  private askAgain(): void {
    const { limited, batch, buckets } = this
    while (limited?.due === true) {
      limited.gather(batch, 5)
      buckets.arrange(batch)
      limited.begin(true)
      for (const group of this.groups) group.publish(batch, buckets)
      limited.end()
      batch.clear()
    }
  }

  private unlimited(key: string): boolean {
    return [...(this.limited?.breakers.all ?? [])].every(({ name }) => name !== 'all routes' && name !== `VN ${this.vnOf.get(key)}`)
  }
}

const vn = fc.constantFrom(...VNS)
const key = fc.nat(ROUTES - 1)
const preference = fc.constantFrom(100, NOT_BY_THE_SECOND)
const routes = fc.option(fc.integer({ min: 1, max: ROUTES }))
const step = fc.oneof(
  fc.record({ what: fc.constant('learn' as const), key, vn, preference }),
  fc.record({ what: fc.constant('withdraw' as const), key }),
  fc.record({ what: fc.constant('count' as const), many: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ what: fc.constant('settle' as const) }),
  fc.record({ what: fc.constant('leave' as const), which: fc.nat(1) }),
)
const steps = fc.array(step, { maxLength: 30 })

test('what is told is what is counted, whatever happens while it is', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ key, vn, preference }), { maxLength: 60 }),
      fc.array(fc.record({ web: routes, all: routes, steps }), { minLength: 1, maxLength: 3 }),
      (before, phases) => {
        const stage = new Stage()
        for (const { key, vn, preference } of before) stage.learn(key, vn, preference)
        stage.settle()
        for (const { web, all, steps } of phases) {
          stage.limit(web, all)
          for (const one of steps) {
            if (one.what === 'learn') stage.learn(one.key, one.vn, one.preference)
            else if (one.what === 'withdraw') stage.withdraw(one.key)
            else if (one.what === 'count') stage.count(one.many)
            else if (one.what === 'leave') stage.leave(one.which)
            else stage.settle()
          }
        }
        stage.end()
        stage.check()
      },
    ),
    {
      numRuns: 250,
      examples: [
        // What comes while a group that would have told it is taken back.
        [
          [{ key: 29, vn: 'web', preference: NOT_BY_THE_SECOND }],
          [
            { web: null, all: 1, steps: [{ what: 'count', many: 1 }] },
            {
              ...{ web: null, all: null },
              steps: [
                { what: 'leave', which: 0 },
                { what: 'learn', key: 29, vn: 'web', preference: 100 },
              ],
            },
            { web: null, all: 1, steps: [] },
          ],
        ],
      ],
    },
  )
})
