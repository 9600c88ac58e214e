import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KEY_START } from '../../src/bytes/byte-key.ts'
import { Census } from '../../src/domain/census.ts'
import { Membership } from '../../src/domain/membership.ts'
import { Tally } from '../../src/domain/tally.ts'
import { AttributeSets } from '../../src/rib/attribute-sets.ts'
import { attributesOf, Feed, intern } from '../rib/feed.ts'
import { join, macIpNlri, u32Octets } from '../wire/update-octets.ts'

const octets = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))
const WEB = '0002fde800002774'
const DB = '0002fde800002775'
const vn = (name: string, vni: number, target: string, service: 'l2' | 'l3' = 'l2') => ({
  name,
  vni,
  service,
  importTargets: [octets(target)],
  exportTargets: [octets(target)],
})
const VNS = [vn('web', 10100, WEB), vn('db', 10200, DB, 'l3')]
const imet = (number: number) => join([3, 17, 0, 1, 10, 0, 0, 1, 0, 1], [0, 0, 0, 0, 32], u32Octets(number))

describe('Membership', () => {
  test('a route belongs to every VN whose target it carries, to none without', () => {
    const sets = new AttributeSets()
    const membership = new Membership(VNS, sets)
    expect(membership.vnsOf(intern(sets, 1, attributesOf({ ext: [DB, WEB] })))).toEqual([0, 1])
    expect(membership.vnsOf(intern(sets, 1, attributesOf({ ext: [DB, '030c000000000008'] })))).toEqual([1])
    expect(membership.vnsOf(intern(sets, 1, attributesOf({})))).toEqual([])
  })

  test('does not take a set for the one that had its id before', () => {
    const sets = new AttributeSets()
    const membership = new Membership(VNS, sets)
    const first = intern(sets, 1, attributesOf({ ext: [WEB] }))
    expect(membership.vnsOf(first)).toEqual([0])
    sets.hold(first)
    sets.release(first)
    const second = intern(sets, 1, attributesOf({ ext: [DB] }))
    expect(second).toBe(first)
    expect(membership.vnsOf(second)).toEqual([1])
  })
})

test('Tally counts how often and how many, and forgets what is gone', () => {
  const tally = new Tally()
  const put = (value: number) => {
    tally.key.octets[KEY_START] = value
    return KEY_START + 1
  }
  expect([tally.add(put(1)), tally.add(put(1)), tally.add(put(2))]).toEqual([true, false, true])
  expect([tally.remove(put(1)), tally.remove(put(1)), tally.remove(put(1)), tally.remove(put(2))]).toEqual([false, true, false, true])
  for (let i = 0; i < 5000; i++) {
    tally.key.octets[KEY_START + 1] = i
    tally.key.octets[KEY_START + 2] = i >> 8
    expect(tally.add(KEY_START + 3)).toBe(true)
  }
})

describe('Census', () => {
  const operation = fc.record({
    learn: fc.boolean(),
    peer: fc.integer({ min: 1, max: 3 }),
    targets: fc.constantFrom([WEB], [DB], [WEB, DB], []),
    nextHop: fc.integer({ min: 1, max: 3 }),
    key: fc.nat(5),
    rd: fc.constantFrom(1, 2),
    settle: fc.boolean(),
  })
  /** From which operation on the census is there, and how many destinations it catches up with at a time. */
  const lateness = fc.option(fc.record({ from: fc.nat(80), step: fc.integer({ min: 1, max: 3 }) }))

  test('says what a count of the best routes from scratch says, whatever happened', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 80, size: 'max' }), lateness, (operations, late) => {
        const feed = new Feed()
        for (const id of [1, 2, 3]) feed.addPeer(id)
        const make = (late: boolean) => new Census(VNS, feed.rib, (peer) => (peer === 3 ? 'fra' : ''), late)
        let census = make(false)
        const settle = () => feed.settle((changes) => census.follow(changes), 3)
        const model = new Map<string, { targets: readonly string[]; nextHop: number; mac: number | null; peer: number }>()
        for (const [i, { learn, peer, targets, nextHop, key, rd, settle: now }] of operations.entries()) {
          if (late !== null && i === late.from) {
            census.membership.close()
            census = make(true)
          }
          if (late !== null && i >= late.from) census.catchUp(late.step)
          const nlri = key < 4 ? macIpNlri(key, { rd }) : imet(key)
          const name = key < 4 ? `${key} ${rd}` : `${key}`
          // Each peer has a LOCAL_PREF of its own and routes of one next hop tie, so the lowest peer's path is the best.
          if (learn) feed.learn(peer, attributesOf({ ext: targets, localPref: 100 - peer }), nlri, [10, 0, 0, nextHop])
          else feed.withdraw(peer, nlri)
          if (learn) model.set(`${peer} ${name}`, { targets, nextHop, mac: key < 4 ? key : null, peer })
          else model.delete(`${peer} ${name}`)
          if (now) settle()
        }
        settle()
        if (late !== null && late.from < operations.length) while (!census.catchUp(late.step));
        const best = new Map<string, { targets: readonly string[]; nextHop: number; mac: number | null; peer: number }>()
        for (const [text, route] of model) {
          const name = text.slice(2)
          const other = best.get(name)
          const better =
            other === undefined ||
            (route.mac !== null && route.nextHop !== other.nextHop ? route.nextHop < other.nextHop : route.peer < other.peer)
          if (better) best.set(name, route)
        }
        for (const [index, target] of [WEB, DB].entries()) {
          const own = [...best.values()].filter(({ targets }) => targets.includes(target))
          const count = census.vns[index]!
          expect(count.routes).toBe(own.length)
          expect(count.tenantSystems).toBe(new Set(own.flatMap(({ mac }) => mac ?? [])).size)
          expect(Object.fromEntries(count.nves)).toEqual(tally(own.map(({ nextHop }) => `10.0.0.${nextHop}`)))
          expect(Object.fromEntries(count.byDomain)).toEqual(tally(own.map(({ peer }) => (peer === 3 ? 'fra' : ''))))
          expect(Object.fromEntries(count.ownByType)).toEqual(
            tally(own.filter(({ peer }) => peer !== 3).map(({ mac }) => (mac === null ? '3' : '2'))),
          )
        }
        const inVns = [...best.values()].filter(({ targets }) => targets.length > 0)
        expect(Object.fromEntries([...census.nves.values()].map(({ vtep, routes }) => [vtep, routes]))).toEqual(
          tally(inVns.map(({ nextHop }) => `10.0.0.${nextHop}`)),
        )
        const ofNone = [...best.values()].filter(({ targets }) => targets.length === 0)
        expect(Object.fromEntries(census.strays)).toEqual(tally(ofNone.map(({ peer }) => `${peer}`)))
        // Symmetric IRB: what is bridged and routed is one tenant system.
        const counted = (targets: readonly string[]) => (targets.includes(WEB) ? [WEB] : targets)
        for (const nve of census.nves.values()) {
          const here = inVns.filter(({ nextHop }) => nve.vtep === `10.0.0.${nextHop}`)
          expect(nve.tenantSystems).toBe(
            new Set(here.flatMap(({ mac, targets }) => (mac === null ? [] : counted(targets).map((target) => `${mac} ${target}`)))).size,
          )
        }
      }),
      { numRuns: 150 },
    )
  })
})

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
