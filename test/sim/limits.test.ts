import { describe, expect, test } from 'vitest'
import { checkText } from '../../src/config/check-text.ts'
import { federationView } from '../../src/daemon/answers/federation-view.ts'
import { routeRow } from '../../src/daemon/answers/route-row.ts'
import { logLimits } from '../../src/daemon/limit-log.ts'
import { Nva, type NvaEvents } from '../../src/daemon/nva.ts'
import { REFUSAL_TEXT, REFUSALS, type Refusal } from '../../src/policy/refusal.ts'
import type { Logger } from '../../src/telemetry/logger.ts'
import type { NlriView } from '../../src/wire/nlri/family.ts'
import { Region } from './region.ts'
import { macRoute, ScriptedPeer } from './scripted-peer.ts'

const AMS = '192.0.2.1'
const EDGE = '192.0.2.11'
const FRA = ['198.51.100.1', '198.51.100.2'] as const
const PAR = '203.0.113.1'
const VNI = { web: 10100, db: 10200 } as const

/** The MAC/IP route number `i` of a VN. */
const route = (i: number, vn: keyof typeof VNI = 'web', vni: number = VNI[vn]): NlriView =>
  macRoute(FRA[0], `02:00:00:0${vn === 'web' ? 1 : 2}:${hexOctet(i >> 8)}:${hexOctet(i & 255)}`, null, vni)
const routes = (from: number, to: number, vn: keyof typeof VNI = 'web') => Array.from({ length: to - from }, (_, i) => route(from + i, vn))
const rt = (target: string) => ({ name: 'route-target', hex: `0002fdea0000${Number(target.split(':')[1]).toString(16).padStart(4, '0')}` })
const hexOctet = (value: number) => value.toString(16).padStart(2, '0')

/** Domain ams with an edge, federated with fra under these limits and with par under none; web and db are shared with fra, web with par. `policies`: text. */
function stage(limits: string, webLimits = '', policies = '', events: (region: Region) => Partial<NvaEvents> = () => ({})) {
  const region = new Region(1)
  const settings = (domain: string, web: string, policies: string) => {
    const checked = checkText(
      `
nva: { name: ams-1, domain: ams, asn: 65001, routerId: ${AMS}, listen: ["${AMS}:179"] }
vns: { web: { vni: ${VNI.web} }, db: { vni: ${VNI.db} } }
peers: { edge: { address: ${EDGE}, passive: true } }
federation:
  domains:
    fra: { asn: 65002, peers: [${FRA.join(', ')}], passive: true, share: { web: { ${web} }, db: {} } ${domain} }
    par: { asn: 65003, peers: [${PAR}], passive: true, share: { web: {} } }
${policies}
`,
      'ams.yaml',
    )
    if (!checked.ok) throw new Error(JSON.stringify(checked.problems))
    return checked.configuration
  }
  const nva = new Nva(settings(limits, webLimits, policies), region.host(AMS), events(region))
  region.listen(AMS, 179, (link) => nva.speaker.accept(link))
  nva.speaker.start()
  const dial = (address: string, asn: number) => new ScriptedPeer(region, { address, asn, peerAs: 65001, to: AMS }).dial()
  const edge = dial(EDGE, 65001)
  const fra = dial(FRA[0], 65002)
  expect(region.runUntil(() => edge.up && fra.up, 10_000)).toBe(true)
  const say = (from: ScriptedPeer, nlri: readonly NlriView[], vn: keyof typeof VNI = 'web') => {
    for (let at = 0; at < nlri.length; at += 50) from.announce(nlri.slice(at, at + 50), [`${from.settings.asn}:${VNI[vn]}`], {}, FRA[0])
  }
  return {
    region,
    nva,
    edge,
    fra,
    say,
    dial,
    reload: (domain: string, web = '', policies = '') => nva.reconfigure(settings(domain, web, policies), false),
    /** Routes of the edge's table in a VN. */
    told: (vn: keyof typeof VNI = 'web') =>
      [...edge.table.keys()].filter((one) => one.includes(vn === 'web' ? ':00:00:01:' : ':00:00:02:')).length,
    breaker: (name: string) => nva.boundaries.get('fra')!.breakers.find((one) => one.name === name)!,
    refused: (reason: Refusal, peer = `fra/${FRA[0]}`) => {
      const id = nva.speaker.sources.sessionOf(nva.speaker.peers.get(peer)!)!.inbound.peer
      return nva.speaker.rib.refusedFrom(id, REFUSALS.indexOf(reason))
    },
  }
}

describe('more routes than a domain may send', () => {
  test('hold: the limit is used, the rest waits, is listed, and comes in when there is room; the session stays', () => {
    const { region, nva, fra, say, told, breaker, refused } = stage(', limits: { routes: 100, onExcess: hold }')
    say(fra, routes(0, 1000))
    region.run(5_000)
    expect([told(), breaker('all routes').used, breaker('all routes').held, refused('held-by-limit')]).toEqual([100, 100, 900, 900])
    expect(breaker('all routes').state).toBe('holding')
    fra.withdraw(routes(0, 40))
    region.run(2_000)
    expect([told(), refused('held-by-limit')]).toEqual([100, 860])
    fra.withdraw(routes(100, 1000))
    region.run(2_000)
    expect([told(), refused('held-by-limit'), breaker('all routes').held]).toEqual([60, 0, 0])
    expect(breaker('all routes').state).toBe('well')
    expect(nva.speaker.peers.get(`fra/${FRA[0]}`)?.established).toBe(1)
    expect(fra.closed).toBeNull()
  })

  test('what waits is listed with the VN it would be in, and why it waits', () => {
    const { region, nva, fra, say } = stage('', 'limits: { routes: 1 }')
    say(fra, routes(0, 3))
    region.run(1_000)
    const { rib } = nva.speaker
    const rows = Array.from({ length: 3 }, (_, dest) => routeRow(nva, dest, rib.firstRow(dest), 0))
    expect(rows.map(({ vns, accepted, routeTargets }) => [vns, accepted, routeTargets])).toEqual([
      [['web'], true, ['65001:10100']],
      [['web'], false, ['65002:10100']],
      [['web'], false, ['65002:10100']],
    ])
    expect(rows[1]?.refused).toBe('waits: more routes or changes than the limits allow')
  })

  test('a route that import policy refuses with all that share its attributes belongs to its VN as well, and one of a VN that is not shared to none', () => {
    const world = stage(', import: reject')
    world.say(world.fra, routes(0, 1))
    world.fra.announce([route(2)], ['65002:999'])
    world.region.run(1_000)
    const { rib } = world.nva.speaker
    const rows = [0, 1].map((dest) => routeRow(world.nva, dest, rib.firstRow(dest), 0))
    expect(rows.map(({ vns, stale }) => [vns, stale])).toEqual([
      [['web'], false],
      [[], false],
    ])
    expect(rows[0]?.refused).toContain('refused by policy')
  })

  test('a limit on one VN leaves the others, and other domains, untouched', () => {
    const { region, fra, say, told, dial, edge, refused } = stage('', 'limits: { routes: 10 }')
    const par = dial(PAR, 65003)
    region.runUntil(() => par.up, 10_000)
    say(fra, routes(0, 100))
    say(fra, routes(0, 100, 'db'), 'db')
    par.announce([macRoute(PAR, '02:99:00:00:00:01')], ['65003:10100'])
    region.run(3_000)
    expect([told('web'), told('db'), refused('held-by-limit')]).toEqual([10, 100, 90])
    expect(edge.announced('02:99:00:00:00:01')).toBeDefined()
  })

  test('a limit on one type leaves the others untouched', () => {
    const { region, fra, say, told, edge } = stage(', limits: { routeTypes: { macip: { routes: 3 } } }')
    say(fra, routes(0, 9))
    const imet = { routeType: 3, rdType: 1, rd: `${FRA[0]}:1`, ethernetTag: 0, ip: FRA[0] }
    fra.announce([imet], ['65002:10100'])
    region.run(3_000)
    expect(told()).toBe(3)
    expect([...edge.table.keys()].filter((one) => one.includes('[3]'))).toHaveLength(1)
  })

  test('warn: all is used, and counted', () => {
    const { region, fra, say, told, breaker } = stage(', limits: { routes: 100, onExcess: warn }')
    say(fra, routes(0, 150))
    region.run(3_000)
    expect([told(), breaker('all routes').excess, breaker('all routes').state]).toEqual([150, 50, 'warning'])
    fra.withdraw(routes(0, 80))
    region.run(15_000)
    expect(breaker('all routes').state).toBe('well')
  })

  test('shed: the rest is not kept; when there is room the domain is asked for all of it (RFC 2918)', () => {
    const { region, nva, fra, say, told, breaker } = stage(', limits: { routes: 100, onExcess: shed }')
    say(fra, routes(0, 150))
    region.run(3_000)
    expect([told(), breaker('all routes').shed, nva.speaker.rib.paths]).toEqual([100, 50, 100])
    fra.withdraw(routes(0, 80))
    region.run(15_000)
    expect(fra.all('ROUTE-REFRESH')).toHaveLength(1)
    say(fra, routes(80, 150))
    region.run(1_000)
    expect([told(), breaker('all routes').state]).toEqual([70, 'well'])
  })

  test('suspend: nothing of it is used until it is well below the limit for ten seconds; then all comes back', () => {
    const { region, fra, say, told, breaker, refused } = stage('', 'limits: { routes: 100, onExcess: suspend }')
    say(fra, routes(0, 20, 'db'), 'db')
    say(fra, routes(0, 150))
    region.run(3_000)
    expect([told('web'), told('db'), breaker('VN web').state, refused('suspended-by-limit')]).toEqual([0, 20, 'suspended', 150])
    fra.withdraw(routes(0, 55))
    region.run(30_000)
    expect([told('web'), breaker('VN web').state]).toEqual([0, 'suspended'])
    fra.withdraw(routes(55, 70))
    region.run(9_000)
    expect(told('web')).toBe(0)
    region.run(3_000)
    expect([told('web'), breaker('VN web').state, refused('suspended-by-limit')]).toEqual([80, 'well', 0])
    expect(fra.closed).toBeNull()
  })

  test('what two NVAs of the domain say alike counts once, and stays counted while one of them says it', () => {
    const { region, fra, say, told, breaker, dial } = stage(', limits: { routes: 100 }')
    const second = dial(FRA[1], 65002)
    region.runUntil(() => second.up, 10_000)
    say(fra, routes(0, 80))
    say(second, routes(0, 80))
    region.run(2_000)
    expect([told(), breaker('all routes').used, breaker('all routes').held]).toEqual([80, 80, 0])
    fra.withdraw(routes(0, 80))
    region.run(2_000)
    expect([told(), breaker('all routes').used]).toEqual([80, 80])
    second.withdraw(routes(0, 80))
    region.run(2_000)
    expect([told(), breaker('all routes').used]).toEqual([0, 0])
  })

  test('a higher limit lets in what waited, a lower one throws nothing out, none counts nothing; the session stays', () => {
    const { region, fra, say, told, breaker, reload, nva } = stage(', limits: { routes: 10 }')
    say(fra, routes(0, 100))
    region.run(1_000)
    reload(', limits: { routes: 50 }')
    region.run(1_000)
    expect([told(), breaker('all routes').used]).toEqual([50, 50])
    reload(', limits: { routes: 20 }')
    region.run(1_000)
    expect([told(), breaker('all routes').used, breaker('all routes').held]).toEqual([50, 50, 50])
    reload('')
    region.run(1_000)
    expect(told()).toBe(100)
    expect(nva.speaker.peers.get(`fra/${FRA[0]}`)?.established).toBe(1)
  })
})

describe('limits on what import policy has marked with a rate class', () => {
  const classes = (limits: string) => `, import: [marks], limits: { classes: { ${limits} } }`
  /** MACs of web below 100 are of class `low`, all else of none. */
  const marks = (low: number, octet = '00') => `policies:
  marks:
    - { name: low, match: { mac: "02:00:00:01:${octet}:*" }, set: { rateClass: ${low} }, then: accept }
    - { name: rest, then: accept }`

  test('routes of the class pass that limit as well, others do not; NVEs hear nothing of the mark', () => {
    const { region, fra, say, told, breaker, edge } = stage(classes('3: { routes: 10 }'), '', marks(3))
    say(fra, routes(0, 30))
    say(fra, routes(256, 286))
    region.run(3_000)
    expect([told(), breaker('class 3').used, breaker('class 3').held, breaker('class 3').state]).toEqual([40, 10, 20, 'holding'])
    const [marked, plain] = [edge.announced('02:00:00:01:00:01'), edge.announced('02:00:00:01:01:01')]
    expect(marked?.extCommunities).toEqual(plain?.extCommunities)
    expect(Object.keys(marked ?? {}).sort()).toEqual(Object.keys(plain ?? {}).sort())
    fra.withdraw(routes(0, 25))
    region.run(1_000)
    expect([told(), breaker('class 3').used, breaker('class 3').held, breaker('class 3').state]).toEqual([35, 5, 0, 'well'])
  })

  test('a rate of the class holds for it alone, and its suspension takes out that class alone', () => {
    const { region, fra, say, told, breaker } = stage(
      classes('3: { changesPerSecond: 10, burst: 20 }, 4: { routes: 5, onExcess: suspend }'),
      '',
      `${marks(3).replace(
        '- { name: rest',
        '- { name: high, match: { mac: "02:00:00:01:01:*" }, set: { rateClass: 4 }, then: accept }\n    - { name: rest',
      )}`,
    )
    say(fra, routes(512, 612))
    say(fra, routes(256, 261))
    say(fra, routes(0, 100))
    region.run(1_000)
    expect(told()).toBeGreaterThanOrEqual(125)
    expect(told()).toBeLessThan(140)
    region.run(10_000)
    expect(told()).toBe(205)
    say(fra, routes(261, 262))
    region.run(1_000)
    expect([told(), breaker('class 4').state, breaker('class 3').state]).toEqual([200, 'suspended', 'well'])
  })

  test('what goes is counted out of its class, whatever comes in its memory', () => {
    const { region, fra, told, breaker } = stage(classes('3: { routes: 10 }'), '', marks(3))
    const say = (med: number) => fra.announce([route(med)], ['65002:10100'], { med }, FRA[0])
    for (let round = 0; round < 8; round++) {
      for (let i = 0; i < 8; i++) say(i)
      region.run(100)
      expect(breaker('class 3').used).toBe(8)
      for (let i = 0; i < 8; i++) {
        say(256 + 8 * round + i)
        fra.withdraw([route(i)])
      }
      region.run(100)
      expect([told(), breaker('class 3').used, breaker('class 3').held]).toEqual([8 * round + 8, 0, 0])
    }
  })

  test('another mark after a reload is counted where it belongs, at once, and NVEs and the session hear nothing of it', () => {
    const limits = classes('3: { routes: 10 }, 4: { routes: 25 }')
    const { region, nva, fra, say, told, breaker, edge, reload } = stage(limits, '', marks(4))
    say(fra, routes(0, 20))
    say(fra, routes(256, 276))
    region.run(1_000)
    const before = edge.updates
    expect([told(), breaker('class 3').used, breaker('class 4').used]).toEqual([40, 0, 20])
    reload(limits, '', marks(4, '01'))
    region.run(1_000)
    expect([told(), breaker('class 4').used, edge.updates - before]).toEqual([40, 20, 0])
    reload(limits, '', marks(3))
    region.run(1_000)
    // What is in use stays in use.
    expect([told(), breaker('class 3').used, breaker('class 3').held, breaker('class 4').used]).toEqual([40, 20, 0, 0])
    say(fra, [route(30)])
    region.run(1_000)
    expect([told(), breaker('class 3').used, breaker('class 3').held]).toEqual([40, 20, 1])
    fra.withdraw([route(30)])
    fra.withdraw([...routes(0, 20), ...routes(256, 276)])
    region.run(1_000)
    expect([told(), breaker('class 3').used, breaker('class 3').held]).toEqual([0, 0, 0])
    expect(nva.speaker.peers.get(`fra/${FRA[0]}`)?.established).toBe(1)
    region.kill(FRA[0])
    region.run(10_000)
    expect(nva.speaker.sets.table.size).toBe(0)
  })
})

describe('more changes a second than a domain may send', () => {
  test('hold: a burst passes, then the rate, until all is in', () => {
    const { region, fra, say, told } = stage(', limits: { changesPerSecond: 10, burst: 50 }')
    say(fra, routes(0, 150))
    region.run(1_000)
    expect(told()).toBeGreaterThanOrEqual(50)
    expect(told()).toBeLessThan(65)
    region.run(5_000)
    expect(told()).toBeGreaterThan(100)
    expect(told()).toBeLessThan(115)
    region.run(6_000)
    expect(told()).toBe(150)
  })

  test('a reload that leaves the limit as it is gives no new burst', () => {
    const { region, fra, say, told, reload } = stage(', limits: { changesPerSecond: 1, burst: 50 }')
    say(fra, routes(0, 150))
    region.run(500)
    expect(told()).toBe(50)
    reload(', limits: { changesPerSecond: 1, burst: 50 }, staleTime: 7')
    region.run(500)
    expect(told()).toBeLessThan(55)
    reload(', limits: { changesPerSecond: 1, burst: 51 }')
    region.run(500)
    expect(told()).toBeGreaterThan(100)
  })

  test('a route that comes and goes without end is told at the rate, and what is quiet is untouched', () => {
    const { region, fra, say, told, edge } = stage(', limits: { changesPerSecond: 10, burst: 60 }')
    say(fra, routes(0, 50))
    region.run(10_000)
    expect(told()).toBe(50)
    const before = edge.updates
    for (let i = 0; i < 2_000; i++) {
      say(fra, [route(900)])
      fra.withdraw([route(900)])
      region.run(5)
      expect(told()).toBeGreaterThanOrEqual(50)
    }
    expect(edge.updates - before).toBeLessThan(2 * (60 + 10 * 10) + 20)
    say(fra, [route(900)])
    region.run(20_000)
    expect(told()).toBe(51)
  })

  test('withdrawals are never kept waiting: what is gone is gone', () => {
    const { region, fra, say, told } = stage(', limits: { changesPerSecond: 1, burst: 100 }')
    say(fra, routes(0, 100))
    region.run(1_000)
    expect(told()).toBe(100)
    fra.withdraw(routes(0, 100))
    region.run(200)
    expect(told()).toBe(0)
  })
})

/** The same with what is refused of its first session. */
function refusedView({ nva }: ReturnType<typeof stage>) {
  const counts = (peer: number) =>
    Object.fromEntries(REFUSALS.map((reason, i) => [REFUSAL_TEXT[reason], nva.speaker.rib.refusedFrom(peer, i)]))
  return federationView(nva, 0, () => 0, counts).domains.find(({ name }) => name === 'fra')!
}

/** The matrix as the API shows it, of domain fra. */
function shown({ nva }: ReturnType<typeof stage>) {
  const view = federationView(
    nva,
    0,
    () => 0,
    () => ({}),
  )
  return view.domains.find(({ name }) => name === 'fra')!
}

describe('the matrix of VNs and domains', () => {
  test('a VN is offered until the other side says something of it, then agreed', () => {
    const world = stage('')
    expect(shown(world).vns.map(({ vn, state }) => `${vn} ${state}`)).toEqual(['web offered', 'db offered'])
    world.say(world.fra, routes(0, 3))
    world.region.run(1_000)
    expect(shown(world).vns.map(({ vn, state, routesIn }) => `${vn} ${state} ${routesIn}`)).toEqual(['web agreed 3', 'db offered 0'])
  })

  test('a VN that comes with the route target of another VNI is told with it, and so are targets of no shared VN, until the agreement fits', () => {
    const world = stage('', 'vni: 70007, downstreamVni: true')
    const { fra, region } = world
    fra.announce([route(1)], ['65002:10100'])
    fra.announce([route(2, 'db')], ['65002:999'])
    region.run(1_000)
    const [web, db] = refusedView(world).vns
    expect([web?.state, web?.mismatch, web?.found]).toEqual([
      'mismatch',
      ['route-target'],
      ['routes with target 65002:10100 come, 65002:70007 is agreed (share.web.vni, or routeTargets beside it)'],
    ])
    expect([db?.state, db?.found]).toEqual([
      'offered',
      ['nothing comes with target 65002:10200, which routes with VNI 10200 would bear (share.db)'],
    ])
    expect(refusedView(world).unsharedTargets).toEqual(['65002:10100', '65002:999'])
    fra.withdraw([route(1), route(2, 'db')])
    region.run(1_000)
    expect(refusedView(world).vns.map(({ state, found }) => [state, ...found])).toEqual([['offered'], ['offered']])
    // Somebody over there has put it right, and something else wrong.
    region.kill(FRA[0])
    region.run(1_000)
    const mended = world.dial(FRA[0], 65002)
    region.runUntil(() => mended.up, 10_000)
    mended.announce([route(3)], ['65002:998'])
    region.run(1_000)
    expect(refusedView(world).unsharedTargets).toEqual(['65002:998'])
    world.reload('', 'vni: 10100, downstreamVni: true')
    // A session that begins anew stays away for a moment.
    region.run(300)
    const again = world.dial(FRA[0], 65002)
    region.runUntil(() => again.up, 10_000)
    again.announce([route(1)], ['65002:10100'])
    region.run(1_000)
    expect(shown(world).vns[0]?.state).toBe('agreed')
    expect(refusedView(world).unsharedTargets).toEqual([])
  })

  test('what policy keeps in is told, and how much the other side hears', () => {
    const world = stage(
      ', export: [none]',
      '',
      "policies: { none: [{ name: macs, match: { mac: '02:00:00:02:*' }, then: reject }, { name: rest, then: accept }] }",
    )
    world.edge.announce([route(1), route(2)], ['65001:10100'])
    world.edge.announce([route(1, 'db')], ['65001:10200'])
    world.region.run(1_000)
    const { peers, withheld } = shown(world)
    expect(peers[0]?.routesSent).toBe(2)
    expect(withheld).toEqual({ 'refused by policy': 1 })
  })

  test('it says in what the two sides do not match, as long as routes say so', () => {
    const world = stage('', 'limits: { routes: 2 }')
    const { fra, say, region } = world
    fra.announce([route(1, 'web', 77)], ['65002:10100'])
    fra.announce([route(1, 'db')], ['65002:10200'], { extCommunities: [rt('65002:10200'), { name: 'encapsulation', tunnelType: 10 }] })
    region.run(1_000)
    expect(shown(world).vns.map(({ state, mismatch }) => [state, ...mismatch])).toEqual([
      ['mismatch', 'vni'],
      ['mismatch', 'encapsulation'],
    ])
    expect(shown(world).vns.map(({ found }) => found)).toEqual([
      [
        'VNI 77 comes, 10100 is agreed (share.web.vni); where the two sides keep theirs, the VN crosses through gateways (via), or NVEs take that of each route (downstreamVni)',
      ],
      ['mpls comes, vxlan is agreed (share.db.encapsulation)'],
    ])
    say(fra, routes(0, 4))
    say(fra, [route(1, 'db')], 'db')
    region.run(1_000)
    const [web, db] = shown(world).vns
    expect([web?.state, web?.mismatch, web?.routesIn, Object.values(web?.refused ?? {})]).toEqual(['mismatch', ['limits'], 2, [2]])
    expect(web?.found).toEqual(['more comes than the limits below allow; show routes has what waits'])
    expect([db?.state, db?.mismatch, db?.found, db?.refused]).toEqual(['agreed', [], [], {}])
    expect(shown(world).limits).toMatchObject([{ on: 'VN web', state: 'holding', used: 2, waiting: 2, most: 2, excess: 2, shed: 0 }])
    fra.withdraw(routes(0, 4))
    region.run(1_000)
    expect(shown(world).vns[0]).toMatchObject({ state: 'offered', mismatch: [], refused: {} })
  })

  test('when the session goes nothing of it is left', () => {
    const world = stage(', limits: { routes: 5 }')
    world.say(world.fra, routes(0, 9))
    world.region.run(1_000)
    world.region.kill(FRA[0])
    world.region.run(10_000)
    const fra = shown(world)
    expect([fra.vns[0]?.state, fra.vns[0]?.refused, fra.limits[0]?.used, fra.limits[0]?.waiting]).toEqual(['down', {}, 0, 0])
    expect(fra.limits[0]?.state).toBe('well')
  })
})

describe('the VNI in each route of direct mode', () => {
  test('NVEs that take the VNI of each route may be told that of the other side, where the operator says so', () => {
    const { region, fra, edge, refused } = stage('', 'vni: 70007, downstreamVni: true')
    fra.announce([route(1, 'web', 70007), route(2, 'web', 10100)], ['65002:70007'])
    region.run(1_000)
    expect(refused('vni-mismatch')).toBe(1)
    expect(edge.announced('02:00:00:01:00:01')?.extCommunities).toContainEqual(expect.objectContaining({ name: 'route-target' }))
  })

  test('a route with another VNI than agreed is not used, and listed with the reason', () => {
    const { region, fra, told, refused } = stage('')
    fra.announce([route(1), route(2, 'web', 10200), route(3, 'web', 0)], ['65002:10100'])
    region.run(1_000)
    expect([told(), refused('vni-mismatch')]).toEqual([1, 2])
    fra.announce([route(1, 'web', 99), route(2)], ['65002:10100'])
    region.run(1_000)
    expect([told(), refused('vni-mismatch')]).toEqual([1, 2])
  })

  test('a route of a layer-3 service for a layer-2 VN is not used', () => {
    const { region, fra, edge, refused } = stage('')
    const prefix = {
      routeType: 5,
      rdType: 1,
      rd: `${FRA[0]}:1`,
      ethernetTag: 0,
      ipPrefix: '10.9.0.0/16',
      gatewayIp: '0.0.0.0',
      vni1: 10100,
    }
    fra.announce([prefix], ['65002:10100'])
    region.run(1_000)
    expect(refused('service-mismatch')).toBe(1)
    expect(edge.table.size).toBe(0)
  })
})

describe('what the log tells of limits', () => {
  function logged(limits: string) {
    const lines: { msg: string; domain: string; limit: string; state: string; waiting?: number; excess: number }[] = []
    const write = (fields: (typeof lines)[number], msg: string) => void lines.push({ ...fields, msg })
    const log = { warn: write, info: write } as unknown as Logger
    return { lines, ...stage(limits, '', '', (region) => logLimits(log, region.host(AMS))) }
  }

  test('a line when one is exceeded, and a line when all is well again', () => {
    const { region, fra, say, lines } = logged(', limits: { routes: 100, onExcess: hold }')
    say(fra, routes(0, 200))
    region.run(20_000)
    expect(lines).toMatchObject([{ msg: 'limit exceeded', domain: 'fra', limit: 'all routes', state: 'holding' }])
    fra.withdraw(routes(0, 150))
    region.run(20_000)
    expect(lines.slice(1)).toMatchObject([{ msg: 'limit well again', state: 'well', excess: 100 }])
  })

  test('one that opens and closes all the time is told every ten seconds at most, and how it ended', () => {
    const { region, fra, say, lines, breaker } = logged(', limits: { changesPerSecond: 10, burst: 1, onExcess: hold }')
    for (let i = 0; i < 100; i++) {
      say(fra, routes(3 * i, 3 * i + 3))
      region.run(400)
    }
    region.run(20_000)
    expect(breaker('all routes').state).toBe('well')
    expect(breaker('all routes').excess).toBeGreaterThan(100)
    expect(lines.length).toBeGreaterThan(1)
    expect(lines.length).toBeLessThan(9)
    expect(lines.at(-1)).toMatchObject({ msg: 'limit well again' })
  })
})
