/** Limits that come while routes are used: what is used is counted a few destinations at a time, and whatever changes meanwhile, in the end exactly what is used is counted. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Membership } from '../../../src/domain/membership.ts'
import { type Excess, type LimitSettings, NO_LIMITS } from '../../../src/federation/limits/limits.ts'
import { SentRoutes } from '../../../src/federation/limits/sent-routes.ts'
import { refusal } from '../../../src/policy/refusal.ts'
import type { Admission } from '../../../src/rib/admission.ts'
import { attributesOf, Feed } from '../../rib/feed.ts'
import { macIpNlri } from '../../wire/update-octets.ts'
import { domainOf } from '../agreement.ts'

const PEERS = [1, 2] as const
const TARGETS = { web: '0002fde900002774', db: '0002fde900002775' } as const
type Vn = keyof typeof TARGETS
const VNS = ['web', 'db'] as const
const ROUTES = 30
const HELD = refusal('held-by-limit')

const octets = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))
const nlriOf = (key: number) => macIpNlri(key, { label: 100 })
const atMost = (routes: number, onExcess: Excess = 'hold'): LimitSettings => ({ routes, changesPerSecond: null, burst: 0, onExcess })

function fraWith(web: number | null, all: number | null, onExcess: Excess = 'hold') {
  const share = VNS.map((vn, i) => ({
    ...{ vn, vni: 10100 + i, peerTargets: [], tunnelType: 8 },
    limits: vn === 'web' && web !== null ? atMost(web) : null,
  }))
  return { ...domainOf('fra', 65002, share), limits: { ...NO_LIMITS, domain: all === null ? null : atMost(all, onExcess) } }
}

class Stage {
  readonly feed = new Feed()
  readonly sent: SentRoutes
  private readonly types = new Int32Array(32)

  constructor() {
    const { rib, sets } = this.feed
    const vns = VNS.map((name, i) => {
      const targets = [octets(TARGETS[name])]
      return { name, vni: 10100 + i, service: 'l2' as const, importTargets: targets, exportTargets: targets }
    })
    const membership = new Membership(vns, sets)
    const admission: Admission = {
      admit: (dest, peer, before, used, same) => {
        if (same && !this.sent.waited && (before === used || before === HELD)) return before
        return this.sent.admit(dest, peer, before, used, membership.vnsOf(used))
      },
      misfit: () => 0,
      ended: (dest, peer, before) => this.sent.ended(dest, peer, before),
    }
    this.sent = new SentRoutes(rib, membership, admission, (dest, peer) => rib.reconsider(dest, peer, this.types), 0)
    for (const id of PEERS) rib.addPeer({ id, external: true, routerId: id, address: Uint8Array.of(10, 0, 0, id), admission })
  }

  learn(peer: number, key: number, vn: Vn): void {
    const attributes = attributesOf({ ext: [TARGETS[vn]], localPref: null, asns: [65002] })
    this.feed.learn(peer, attributes, nlriOf(key))
  }

  withdraw(peer: number, key: number): void {
    this.feed.withdraw(peer, nlriOf(key))
  }

  limit(web: number | null, all: number | null, onExcess: Excess = 'hold'): void {
    this.sent.limit(fraWith(web, all, onExcess))
  }

  /** By VN and all together: destinations at which something is used, of each VN once, and paths that wait. */
  held(): { used: Record<string, number>; destinations: number; waiting: number } {
    const { rib, sets } = this.feed
    const used: Record<string, number> = { 'all routes': 0, 'VN web': 0 }
    let [destinations, waiting] = [0, 0]
    const web = octets(TARGETS.web).join()
    for (let dest = 0; dest < rib.destinations.capacity; dest++) {
      if (!rib.destinations.isLive(dest)) continue
      const vns = new Set<string>()
      for (let row = rib.firstRow(dest); row >= 0; row = rib.nextRow(row)) {
        const verdict = rib.rows.used[row]!
        if (verdict === HELD) waiting++
        if (verdict < 0) continue
        const target = octets(TARGETS.web)
        const attributes = sets.octets(verdict).subarray(sets.attributesAt(verdict), sets.attributesEnd(verdict))
        vns.add(Buffer.from(attributes).includes(Buffer.from(target)) ? web : 'db')
      }
      if (vns.size > 0) destinations++
      used['all routes']! += vns.size
      if (vns.has(web)) used['VN web']!++
    }
    return { used, destinations, waiting }
  }

  end(): void {
    for (let guard = 0; this.sent.counting; guard++) {
      expect(guard).toBeLessThan(100)
      this.sent.countUsed(3)
    }
    for (let tick = 1; tick < 10; tick++) this.sent.tick(100 * tick)
  }

  check(): void {
    const { used, waiting } = this.held()
    const breakers = [...this.sent.breakers.all]
    for (const breaker of breakers) {
      expect([breaker.name, breaker.used]).toEqual([breaker.name, used[breaker.name]])
      if (breaker.held > 0) expect(breaker.state).toBe('holding')
      // What waits does so for somebody who is full.
      const full = breakers.some((one) => one.used >= (one.settings.routes ?? Number.POSITIVE_INFINITY))
      if (breaker.held > 0) expect([breaker.name, full]).toEqual([breaker.name, true])
    }
    expect(breakers.reduce((sum, breaker) => sum + breaker.held, 0)).toBe(waiting)
  }
}

const vn = fc.constantFrom(...VNS)
const peer = fc.constantFrom(...PEERS)
const key = fc.nat(ROUTES - 1)
const routes = fc.option(fc.integer({ min: 1, max: ROUTES }))
const said = fc.record({ what: fc.constant('learn' as const), peer, key, vn })
const step = fc.oneof(
  said,
  fc.record({ what: fc.constant('withdraw' as const), peer, key }),
  fc.record({ what: fc.constant('count' as const), many: fc.integer({ min: 1, max: 9 }) }),
)

test('what is used is what is counted, and nothing new is used beyond a limit, whatever happens while it is counted', () => {
  fc.assert(
    fc.property(
      fc.array(said, { maxLength: 60 }),
      fc.array(fc.record({ web: routes, all: routes, steps: fc.array(step, { maxLength: 30 }) }), { minLength: 1, maxLength: 3 }),
      (first, phases) => {
        const stage = new Stage()
        stage.limit(null, null)
        for (const { peer, key, vn } of first) stage.learn(peer, key, vn)
        stage.feed.settle()
        for (const { web, all, steps } of phases) {
          const before = stage.held().destinations
          stage.limit(web, all)
          for (const one of steps) {
            if (one.what === 'learn') stage.learn(one.peer, one.key, one.vn)
            else if (one.what === 'withdraw') stage.withdraw(one.peer, one.key)
            else if (stage.sent.counting) stage.sent.countUsed(one.many)
            if (all !== null) expect(stage.held().destinations).toBeLessThanOrEqual(Math.max(all, before))
          }
        }
        stage.end()
        stage.feed.settle()
        stage.check()
      },
    ),
    { numRuns: 150 },
  )
})

test('a limit that only warns keeps nobody waiting: neither what comes while it is counted, nor what waited behind another one', () => {
  const stage = new Stage()
  stage.limit(null, 1)
  for (let key = 0; key < 3; key++) stage.learn(1, key, 'web')
  stage.end()
  stage.feed.settle()
  expect(stage.held()).toMatchObject({ destinations: 1, waiting: 2 })
  stage.limit(null, 1, 'warn')
  stage.learn(1, 3, 'web')
  expect(stage.held().destinations).toBe(2)
  stage.end()
  stage.feed.settle()
  expect(stage.held()).toMatchObject({ destinations: 4, waiting: 0 })
  expect([...stage.sent.breakers.all].map(({ state, used, held }) => [state, used, held])).toEqual([['warning', 4, 0]])
})

test('nor does a rate that only warns keep back what waited behind another limit', () => {
  const stage = new Stage()
  stage.limit(null, 1)
  for (let key = 0; key < 5; key++) stage.learn(1, key, 'web')
  stage.end()
  stage.feed.settle()
  expect(stage.held()).toMatchObject({ destinations: 1, waiting: 4 })
  const domain: LimitSettings = { routes: null, changesPerSecond: 1, burst: 1, onExcess: 'warn' }
  stage.sent.limit({ ...fraWith(null, null), limits: { ...NO_LIMITS, domain } })
  stage.end()
  stage.feed.settle()
  expect(stage.held()).toMatchObject({ destinations: 5, waiting: 0 })
})
