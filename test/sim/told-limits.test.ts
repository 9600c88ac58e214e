/** Limits on what another domain is told: what is beyond them stays home, is counted and listed, and is told when there is room. */
import { describe, expect, test } from 'vitest'
import { checkText } from '../../src/config/check-text.ts'
import { explanations } from '../../src/daemon/answers/explain.ts'
import { federationView } from '../../src/daemon/answers/federation-view.ts'
import { Nva } from '../../src/daemon/nva.ts'
import { REFUSALS, type Refusal } from '../../src/policy/refusal.ts'
import type { NlriView } from '../../src/wire/nlri/family.ts'
import { Region } from './region.ts'
import { macRoute, ScriptedPeer } from './scripted-peer.ts'

const AMS = '192.0.2.1'
const EDGE = '192.0.2.11'
const OTHER = '192.0.2.12'
const FRA = ['198.51.100.1', '198.51.100.2'] as const
const PAR = '203.0.113.1'
const VNI = { web: 10100, db: 10200 } as const
type Vn = keyof typeof VNI

const octet = (value: number) => value.toString(16).padStart(2, '0')
const PART = { web: ':00:00:01:', db: ':00:00:02:' } as const
const mac = (i: number, vn: Vn = 'web') => `02${PART[vn]}${octet(i >> 8)}:${octet(i & 255)}`
const routes = (from: number, to: number, vn: Vn = 'web'): NlriView[] =>
  Array.from({ length: to - from }, (_, i) => macRoute(EDGE, mac(from + i, vn), null, VNI[vn]))

/** Domain ams with two edges, federated with fra (two NVAs) under these limits and with par under none; web and db are shared with fra, web with par. */
function stage(limits: string, web = '', more = '') {
  const region = new Region(1)
  const settings = (limits: string, web: string, more: string) => {
    const checked = checkText(
      `
nva: { name: ams-1, domain: ams, asn: 65001, routerId: ${AMS}, listen: ["${AMS}:179"] }
vns: { web: { vni: ${VNI.web} }, db: { vni: ${VNI.db} } }
peers: { edge: { address: ${EDGE}, passive: true }, other: { address: ${OTHER}, passive: true } }
federation:
  domains:
    fra: { asn: 65002, peers: [${FRA.join(', ')}], passive: true, share: { web: { ${web} }, db: {} }, limits: { ${limits} } ${more} }
    par: { asn: 65003, peers: [${PAR}], passive: true, share: { web: {} } }
policies:
  few: [{ name: low, match: { mac: "02:00:00:01:00:*" }, then: accept }, { name: rest, then: reject }]
`,
      'ams.yaml',
    )
    if (!checked.ok) throw new Error(JSON.stringify(checked.problems))
    return checked.configuration
  }
  const log: string[] = []
  const nva = new Nva(settings(limits, web, more), region.host(AMS), {
    limit: (domain, { way, name, state }) => log.push(`${domain} ${way} ${name}: ${state}`),
  })
  region.listen(AMS, 179, (link) => nva.speaker.accept(link))
  nva.speaker.start()
  const dial = (address: string, asn: number, old = false) => {
    const peer = new ScriptedPeer(region, { address, asn, peerAs: 65001, to: AMS, old }).dial()
    expect(region.runUntil(() => peer.up, 10_000)).toBe(true)
    return peer
  }
  const [edge, other] = [dial(EDGE, 65001), dial(OTHER, 65001)]
  const withheldFrom = (address: string, reason: Refusal) =>
    nva.speaker.sources.sessionOf(nva.speaker.peers.get(`fra/${address}`)!)!.group.withheldFor(REFUSALS.indexOf(reason))
  const view = () =>
    federationView(
      nva,
      0,
      () => 0,
      () => ({}),
    ).domains.find(({ name }) => name === 'fra')!
  return {
    log,
    region,
    nva,
    edge,
    other,
    dial,
    fra: (which: 0 | 1 = 0, old = false) => dial(FRA[which], 65002, old),
    say(from: number, to: number, vn: Vn = 'web', med = 0) {
      for (let at = from; at < to; at += 50) edge.announce(routes(at, Math.min(to, at + 50), vn), [`65001:${VNI[vn]}`], { med })
    },
    unsay: (from: number, to: number, vn: Vn = 'web') => edge.withdraw(routes(from, to, vn)),
    reload: (limits: string, web = '', more = '') => nva.reconfigure(settings(limits, web, more), false),
    view,
    /** Of a limit on what fra is told: `[state, used, waiting]`. */
    standing(on: string) {
      const limit = view().limits.find((one) => one.on === on && one.way === 'out')
      return limit === undefined ? null : [limit.state, limit.used, limit.waiting]
    },
    withheld: (reason: Refusal) => withheldFrom(FRA[0], reason),
    withheldOf: (peer: ScriptedPeer, reason: Refusal) => withheldFrom(peer.settings.address, reason),
  }
}

const of = (peer: ScriptedPeer, vn: Vn = 'web') => [...peer.table.keys()].filter((one) => one.includes(PART[vn])).length

describe('more routes than a domain may be told', () => {
  test('hold: the limit is told, the rest is not, and is when there is room; withdrawals go out; NVEs and other domains hear all', () => {
    const { region, say, unsay, fra: join, dial, other, standing, withheld, view, log } = stage('out: { routes: 100 }')
    const [fra, par] = [join(), dial(PAR, 65003)]
    say(0, 250)
    region.run(2_000)
    expect([of(fra), of(par), of(other), standing('all routes'), withheld('held-by-limit')]).toEqual([
      100,
      250,
      250,
      ['holding', 100, 150],
      150,
    ])
    expect(view().vns[0]).toMatchObject({
      vn: 'web',
      routesOut: 100,
      heldBack: { 'waits: more routes or changes than the limits allow': 150 },
    })
    const told = [...fra.table.keys()]
    unsay(0, 60)
    region.run(2_000)
    expect([of(fra), standing('all routes')]).toEqual([100, ['holding', 100, 90]])
    expect(told.slice(0, 60).some((key) => fra.table.has(key))).toBe(false)
    unsay(60, 200)
    region.run(2_000)
    expect([of(fra), of(par), standing('all routes'), withheld('held-by-limit')]).toEqual([50, 50, ['well', 50, 0], 0])
    expect(view().vns[0]).toMatchObject({ routesOut: 50, heldBack: {} })
    expect(log).toEqual(['fra out all routes: holding', 'fra out all routes: well'])
  })

  test('what goes makes room for what comes with it', () => {
    const { region, say, edge, fra: join, standing } = stage('out: { routes: 100 }')
    const fra = join()
    say(0, 100)
    region.run(1_000)
    edge.withdraw(routes(0, 30))
    say(200, 230)
    region.run(30)
    expect([of(fra), standing('all routes')]).toEqual([100, ['well', 100, 0]])
  })

  test('who has waited longest is told first, whatever ids in the RIB it is given', () => {
    const { region, say, unsay, fra: join } = stage('out: { routes: 10 }')
    const fra = join()
    say(0, 10)
    region.run(1_000)
    for (const late of [14, 11, 13]) {
      say(late, late + 1)
      region.run(200)
    }
    // What is gone leaves its id to one that comes later.
    const order: number[] = []
    for (let gone = 0; gone < 6; gone++) {
      unsay(gone, gone + 1)
      region.run(500)
      order.push(...[11, 13, 14, 20, 21, 22].filter((one) => !order.includes(one) && fra.announced(mac(one)) !== undefined))
      if (gone < 3) say(20 + gone, 21 + gone)
      region.run(500)
    }
    expect(order).toEqual([14, 11, 13, 20, 21, 22])
  })

  test('a change of what is told is told; what is told stays told when it changes as the limit is full', () => {
    const { region, say, fra: join, standing } = stage('out: { routes: 10 }')
    const fra = join()
    say(0, 20)
    region.run(1_000)
    const before = fra.updates
    const keys = [...fra.table.keys()]
    say(0, 20, 'web', 7)
    region.run(1_000)
    expect(fra.updates - before).toBeGreaterThan(0)
    expect([...fra.table.keys()].sort()).toEqual(keys.sort())
    expect(standing('all routes')).toEqual(['holding', 10, 10])
  })

  test('a limit on one VN, or on one type, leaves the others', () => {
    const {
      region,
      edge,
      say,
      fra: join,
      standing,
    } = stage('out: { routeTypes: { imet: { routes: 1 } } }', 'limits: { out: { routes: 10 } }')
    const fra = join()
    say(0, 50)
    say(0, 50, 'db')
    const imet = (ip: string) => ({ routeType: 3, rdType: 1, rd: `${ip}:1`, ethernetTag: 0, ip })
    edge.announce([imet(EDGE), imet(OTHER)], ['65001:10200'])
    region.run(1_000)
    expect([of(fra), of(fra, 'db'), [...fra.table.keys()].filter((key) => key.includes('[3]')).length]).toEqual([10, 50, 1])
    expect([standing('VN web'), standing('type 3'), standing('all routes')]).toEqual([['holding', 10, 40], ['holding', 1, 1], null])
  })

  test('warn: all is told, and counted', () => {
    const { region, say, unsay, fra: join, standing, view } = stage('out: { routes: 100, onExcess: warn }')
    const fra = join()
    say(0, 150)
    region.run(1_000)
    expect([of(fra), standing('all routes'), view().limits[0]?.excess]).toEqual([150, ['warning', 150, 0], 50])
    unsay(0, 80)
    region.run(15_000)
    expect(standing('all routes')).toEqual(['well', 70, 0])
  })

  test('shed: the rest is not told until it has been below nine tenths of the limit for ten seconds', () => {
    const { region, say, unsay, fra: join, standing, withheld } = stage('out: { routes: 100, onExcess: shed }')
    const fra = join()
    say(0, 150)
    region.run(1_000)
    expect([of(fra), standing('all routes'), withheld('shed-by-limit')]).toEqual([100, ['shedding', 100, 0], 50])
    unsay(0, 15)
    region.run(9_000)
    expect(of(fra)).toBe(85)
    region.run(3_000)
    expect([of(fra), standing('all routes'), withheld('shed-by-limit')]).toEqual([100, ['shedding', 100, 0], 35])
    unsay(15, 100)
    region.run(15_000)
    expect([of(fra), standing('all routes'), withheld('shed-by-limit')]).toEqual([50, ['well', 50, 0], 0])
  })

  test('suspend: all of it is withdrawn, nothing else, until what would be told has been well below for ten seconds', () => {
    const { region, say, unsay, fra: join, other, standing, withheld } = stage('', 'limits: { out: { routes: 100, onExcess: suspend } }')
    const fra = join()
    say(0, 20, 'db')
    say(0, 150)
    region.run(1_000)
    expect([of(fra), of(fra, 'db'), of(other), standing('VN web')]).toEqual([0, 20, 150, ['suspended', 0, 150]])
    expect(withheld('suspended-by-limit')).toBe(150)
    unsay(0, 55)
    region.run(20_000)
    expect([of(fra), standing('VN web')]).toEqual([0, ['suspended', 0, 95]])
    unsay(55, 70)
    region.run(9_000)
    expect(of(fra)).toBe(0)
    region.run(3_000)
    expect([of(fra), standing('VN web'), withheld('suspended-by-limit')]).toEqual([80, ['well', 80, 0], 0])
    expect(fra.closed).toBeNull()
  })

  test('a route in both VNs counts in both, and has to pass both', () => {
    const { region, edge, say, fra: join, standing } = stage('', 'limits: { out: { routes: 1 } }')
    const fra = join()
    say(0, 1)
    edge.announce(routes(5, 6), ['65001:10100', '65001:10200'])
    edge.announce(routes(6, 7), ['65001:10200'])
    region.run(1_000)
    expect([of(fra), standing('VN web')]).toEqual([2, ['holding', 1, 1]])
    // It is of db alone from now on, and needs no room in web.
    edge.announce(routes(5, 6), ['65001:10200'])
    region.run(1_000)
    expect([of(fra), standing('VN web')]).toEqual([3, ['well', 1, 0]])
  })
})

describe('several sessions of a domain', () => {
  test.each([
    ['of one group', false],
    ['of two groups', true],
  ])('%s are told the same, and it counts once', (_, old) => {
    const { region, nva, say, unsay, fra: join, standing } = stage('out: { routes: 100 }')
    const first = join(0)
    say(0, 150)
    region.run(1_000)
    const second = join(1, old)
    region.run(1_000)
    const same = () => expect([...second.table.keys()].sort()).toEqual([...first.table.keys()].sort())
    expect([of(first), standing('all routes')]).toEqual([100, ['holding', 100, 50]])
    same()
    unsay(0, 20)
    say(150, 180)
    say(40, 60, 'web', 9)
    region.run(1_000)
    expect([of(first), standing('all routes')]).toEqual([100, ['holding', 100, 60]])
    same()
    region.kill(FRA[0])
    region.run(10_000)
    expect([of(second), standing('all routes')]).toEqual([100, ['holding', 100, 60]])
    const again = join(0)
    region.run(1_000)
    expect([...again.table.keys()].sort()).toEqual([...second.table.keys()].sort())
    region.kill(FRA[0])
    region.kill(FRA[1])
    region.run(10_000)
    expect(standing('all routes')).toEqual(['well', 0, 0])
    const last = join(0)
    region.run(1_000)
    expect([of(last), standing('all routes')]).toEqual([100, ['holding', 100, 60]])
    expect(nva.speaker.peers.get(`fra/${FRA[0]}`)?.standing).not.toBeNull()
  })
})

test('a session that comes later is told what the others are, though what was shed would have room by then', () => {
  const { region, say, fra: join, standing } = stage('out: { changesPerSecond: 30, burst: 30, onExcess: shed }')
  const first = join(0)
  say(0, 38)
  region.run(1_000)
  expect([of(first), standing('all routes')]).toEqual([30, ['shedding', 30, 0]])
  const second = join(1, true)
  region.run(1_000)
  expect([of(second), standing('all routes')]).toEqual([30, ['shedding', 30, 0]])
  region.run(15_000)
  expect([of(first), of(second), standing('all routes')]).toEqual([38, 38, ['well', 38, 0]])
})

describe('a reload', () => {
  test('a higher limit tells what waited, a lower one withdraws nothing, none tells all, one again withdraws nothing; no session ends', () => {
    const { region, say, unsay, fra: join, reload, standing, nva, log } = stage('out: { routes: 10 }')
    const fra = join()
    say(0, 100)
    region.run(1_000)
    reload('out: { routes: 50 }')
    region.run(1_000)
    expect([of(fra), standing('all routes')]).toEqual([50, ['holding', 50, 50]])
    const before = fra.updates
    reload('out: { routes: 20 }')
    region.run(1_000)
    expect([of(fra), fra.updates - before, standing('all routes')]).toEqual([50, 0, ['holding', 50, 50]])
    reload('')
    region.run(1_000)
    expect([of(fra), standing('all routes')]).toEqual([100, null])
    const all = fra.updates
    reload('out: { routes: 20 }')
    region.run(1_000)
    // What is more than the limit stays, and the limit says so.
    expect([of(fra), fra.updates - all, standing('all routes'), log.at(-1)]).toEqual([
      100,
      0,
      ['holding', 100, 0],
      'fra out all routes: holding',
    ])
    say(100, 101)
    unsay(0, 90)
    region.run(1_000)
    expect([of(fra), standing('all routes')]).toEqual([11, ['well', 11, 0]])
    expect(nva.speaker.peers.get(`fra/${FRA[0]}`)?.established).toBe(1)
  })

  test('a first limit while the table is told, and when there was none, counts exactly what is told', () => {
    const { region, say, unsay, fra: join, reload, standing } = stage('')
    const fra = join()
    say(0, 100)
    region.run(1_000)
    say(100, 130)
    reload('out: { routes: 50 }')
    region.run(1_000)
    expect(standing('all routes')?.[1]).toBe(of(fra))
    unsay(0, 130)
    region.run(1_000)
    expect([of(fra), standing('all routes')]).toEqual([0, ['well', 0, 0]])
  })

  test('another policy is counted behind: what it refuses makes room', () => {
    const { region, say, fra: join, reload, standing } = stage('out: { routes: 300 }')
    const fra = join()
    say(0, 400)
    region.run(1_000)
    expect(of(fra)).toBe(300)
    reload('out: { routes: 300 }', '', ', export: [few]')
    region.run(2_000)
    expect([of(fra), standing('all routes')]).toEqual([256, ['well', 256, 0]])
    reload('out: { routes: 300 }')
    region.run(2_000)
    expect([of(fra), standing('all routes')]).toEqual([300, ['holding', 300, 100]])
    // What was told all the time has stayed.
    for (let i = 0; i < 256; i++) expect(fra.announced(mac(i))).toBeDefined()
  })
})

describe('more changes a second than a VN may be told', () => {
  const web = (how: string) => `limits: { out: { changesPerSecond: 10, burst: 20, ${how} } }`

  test('hold: new routes and changes wait for their turn and are told as they are then; withdrawals do not wait', () => {
    const { region, say, unsay, fra: join, standing } = stage('', web('onExcess: hold'))
    const fra = join()
    say(0, 50, 'db')
    say(0, 100)
    region.run(1_000)
    expect(of(fra, 'db')).toBe(50)
    expect(of(fra)).toBeGreaterThanOrEqual(20)
    expect(of(fra)).toBeLessThan(35)
    region.run(10_000)
    expect([of(fra), standing('VN web')]).toEqual([100, ['well', 100, 0]])
    region.run(3_000)
    const before = fra.updates
    for (let med = 1; med < 60; med++) {
      say(0, 100, 'web', med)
      region.run(50)
      expect(of(fra)).toBe(100)
    }
    // 6,000 changes in three seconds.
    expect(standing('VN web')?.[0]).toBe('holding')
    expect(fra.updates - before).toBeLessThan(80)
    unsay(50, 100)
    region.run(200)
    expect(of(fra)).toBe(50)
    region.run(10_000)
    expect([of(fra), standing('VN web')]).toEqual([50, ['well', 50, 0]])
  })

  test('shed: what is too much is withdrawn, once, until it has been quiet for ten seconds', () => {
    const { region, say, fra: join, standing } = stage('', web('onExcess: shed'))
    const fra = join()
    say(0, 15)
    region.run(5_000)
    for (let med = 1; med < 5; med++) {
      say(0, 15, 'web', med)
      region.run(50)
    }
    expect(of(fra)).toBeLessThan(15)
    expect(standing('VN web')?.[0]).toBe('shedding')
    region.run(20_000)
    expect([of(fra), standing('VN web')]).toEqual([15, ['well', 15, 0]])
  })

  test('suspend: all of the VN is withdrawn until it has been quiet for ten seconds', () => {
    const { region, say, fra: join, standing } = stage('', web('onExcess: suspend'))
    const fra = join()
    say(0, 15)
    say(0, 15, 'db')
    region.run(5_000)
    for (let med = 1; med < 150; med++) {
      say(0, 5, 'web', med)
      region.run(100)
    }
    expect([of(fra), of(fra, 'db'), standing('VN web')?.[0]]).toEqual([0, 15, 'suspended'])
    // As long as it goes on, not a word of it.
    const before = fra.updates
    for (let med = 1; med < 250; med++) {
      say(0, 5, 'web', med)
      region.run(100)
    }
    expect([of(fra), fra.updates - before, standing('VN web')?.[0]]).toEqual([0, 0, 'suspended'])
    region.run(25_000)
    expect([of(fra), standing('VN web')]).toEqual([15, ['well', 15, 0]])
  })

  test('what a change that waits would say is told to all groups alike', () => {
    const { region, say, fra: join } = stage('', web('onExcess: hold'))
    const [first, second] = [join(0), join(1, true)]
    for (let med = 1; med < 40; med++) {
      say(0, 40, 'web', med)
      region.run(100)
    }
    region.run(20_000)
    expect([of(first), of(second)]).toEqual([40, 40])
    const targets = (peer: ScriptedPeer) => [...peer.table.entries()].map(([key, { extCommunities }]) => [key, extCommunities]).sort()
    expect(targets(first)).toEqual(targets(second))
  })
})

test('pace and number of routes go together', () => {
  const { region, say, fra: join, view } = stage('out: { routes: 50, changesPerSecond: 10, burst: 20 }')
  const fra = join()
  region.run(3_000)
  say(0, 100)
  region.run(1_000)
  expect(of(fra)).toBeLessThan(35)
  region.run(10_000)
  expect(of(fra)).toBe(50)
  expect(view().pace).toMatchObject({ changesPerSecond: 10, burst: 20, waiting: 0 })
  expect(view().limits).toMatchObject([{ on: 'all routes', way: 'out', used: 50, waiting: 50, changesPerSecond: null }])
})

test('policy explain says of each route that it waits, behind what policy says', () => {
  const { region, nva, say, fra: join } = stage('out: { routes: 1 }', '', ', export: [few]')
  join()
  say(0, 2)
  region.run(1_000)
  const query = { type: null, rd: null, mac: null, ip: null, peer: `fra/${FRA[0]}`, direction: 'export' as const, heldBackOnly: false }
  const rows = [...explanations(nva, region.host(AMS), query, null)].flatMap(({ row }) => row() ?? [])
  expect(rows.map(({ verdict, because, effective, heldBack }) => [verdict, because, effective, heldBack])).toEqual([
    ['accept', 'policy few, term low', true, null],
    ['accept', 'policy few, term low', false, 'waits: more routes or changes than the limits allow'],
  ])
  const held = [...explanations(nva, region.host(AMS), { ...query, heldBackOnly: true }, null)].flatMap(({ row }) => row() ?? [])
  expect(held.map(({ effective, heldBack }) => [effective, heldBack])).toEqual([
    [false, 'waits: more routes or changes than the limits allow'],
  ])
})

describe('whatever happens, sessions are told the same, and as much as is counted', () => {
  const LIMITS = [
    ['out: { routes: 30 }', ''],
    ['out: { routes: 60, routeTypes: { macip: { routes: 40 } } }', 'limits: { out: { routes: 20 } }'],
    ['', 'limits: { out: { routes: 15, onExcess: shed } }'],
    ['', 'limits: { out: { routes: 25, onExcess: suspend } }'],
    ['out: { routes: 20, onExcess: warn }', 'limits: { out: { changesPerSecond: 20, burst: 30 } }'],
    ['out: { changesPerSecond: 30, burst: 30, onExcess: shed }', ''],
    ['', 'limits: { out: { routes: 40, changesPerSecond: 10, burst: 20 } }'],
    ['out: { routes: 50, changesPerSecond: 40, burst: 40 }', ''],
    ['', ''],
  ] as const

  test.each(Array.from({ length: 40 }, (_, i) => i + 1))('seed %i', (seed) => {
    const random = new Region(seed)
    const below = (limit: number) => Math.floor(random.random() * limit)
    const [first, firstWeb] = LIMITS[below(LIMITS.length)]!
    const world = stage(first, firstWeb)
    const { region, nva } = world
    const sessions: (ScriptedPeer | null)[] = [null, null]
    let policed = false
    for (let step = 0; step < 40; step++) {
      const which = below(2) as 0 | 1
      const from = below(60)
      const vn = random.random() < 0.7 ? 'web' : 'db'
      switch (below(8)) {
        case 0:
        case 1:
          world.say(from, from + below(40), vn, below(3))
          break
        case 2:
          world.unsay(from, from + below(40), vn)
          break
        case 3:
          for (let med = 0; med < 5; med++) {
            world.say(from, from + 5, vn, med)
            region.run(below(200))
          }
          break
        case 4: {
          const [limits, web] = LIMITS[below(LIMITS.length)]!
          policed = random.random() < 0.3
          world.reload(limits, web, policed ? ', export: [few]' : '')
          break
        }
        case 5:
          if (sessions[which] === null) sessions[which] = world.fra(which, random.random() < 0.5)
          else {
            region.kill(FRA[which])
            sessions[which] = null
            region.run(5_000)
          }
          break
        default:
          region.run(below(3_000))
      }
      if (step % 5 === 4) {
        region.run(60_000)
        agree()
      }
    }
    for (const vn of ['web', 'db'] as const) world.unsay(0, 100, vn)
    region.run(60_000)
    agree()
    for (const { used, waiting, state } of world.view().limits) expect([used, waiting, state]).toEqual([0, 0, 'well'])

    function agree(): void {
      const standing = sessions.filter((one) => one !== null)
      const [one] = standing
      const limits = world.view().limits
      if (one === undefined) {
        expect(limits.map(({ used, waiting }) => used + waiting)).toEqual(limits.map(() => 0))
        return
      }
      for (const other of standing) {
        expect([...other.table.keys()].sort()).toEqual([...one.table.keys()].sort())
        const peer = nva.speaker.sources.sessionOf(nva.speaker.peers.get(`fra/${other.settings.address}`)!)!
        expect(peer.group.sentTo(peer.inbound.peer)).toBe(other.table.size)
        expect(peer.member.missed).toBeNull()
      }
      const waits = world.withheldOf(one, 'held-by-limit') + world.withheldOf(one, 'suspended-by-limit')
      const shed = world.withheldOf(one, 'shed-by-limit')
      if (shed > 0) expect(limits.some(({ state }) => state === 'shedding')).toBe(true)
      expect(limits.reduce((sum, { waiting }) => sum + waiting, 0)).toBe(waits)
      if (!policed) expect(one.table.size + waits + shed).toBe(world.other.table.size)
      for (const { on, used, waiting, most, state } of limits) {
        expect([on, used]).toEqual([on, on === 'VN web' ? of(one) : one.table.size])
        // What waits does so for somebody who is full.
        const full = limits.some((limit) => limit.most !== null && limit.used >= limit.most) || state === 'suspended'
        if (waiting > 0 && most !== null) expect([on, full]).toEqual([on, true])
      }
    }
  })
})
