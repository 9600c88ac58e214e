import { expect, test } from 'vitest'
import { checkText } from '../../src/config/check-text.ts'
import { federationView } from '../../src/daemon/answers/federation-view.ts'
import { Nva } from '../../src/daemon/nva.ts'
import { Region } from './region.ts'
import { macRoute, ScriptedPeer } from './scripted-peer.ts'

const AMS = '192.0.2.1'
const EDGE = '192.0.2.11'
const OTHER_EDGE = '192.0.2.12'
const FRA = '198.51.100.1'
const WEB = '65001:10100'

const mac = (i: number) => `02:00:00:00:${(i >> 8).toString(16).padStart(2, '0')}:${(i & 255).toString(16).padStart(2, '0')}`
const routes = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => macRoute(EDGE, mac(from + i)))

/** Domain ams with two edges, and fra, with which web is shared under these limits. */
function stage(limits: string) {
  const region = new Region(1)
  const settings = (limits: string) => {
    const checked = checkText(
      `
nva: { name: ams-1, domain: ams, asn: 65001, routerId: ${AMS}, listen: ["${AMS}:179"] }
vns: { web: { vni: 10100 } }
peers: { edge: { address: ${EDGE}, passive: true }, other: { address: ${OTHER_EDGE}, passive: true } }
federation: { domains: { fra: { asn: 65002, peers: [${FRA}], passive: true, share: { web: {} }, limits: { ${limits} } } } }
`,
      'ams.yaml',
    )
    if (!checked.ok) throw new Error(JSON.stringify(checked.problems))
    return checked.configuration
  }
  const nva = new Nva(settings(limits), region.host(AMS), {})
  region.listen(AMS, 179, (link) => nva.speaker.accept(link))
  nva.speaker.start()
  const dial = (address: string, asn: number) => new ScriptedPeer(region, { address, asn, peerAs: 65001, to: AMS }).dial()
  const [edge, other] = [dial(EDGE, 65001), dial(OTHER_EDGE, 65001)]
  expect(region.runUntil(() => edge.up && other.up, 10_000)).toBe(true)
  const say = (from: number, to: number, med = 0) => {
    for (let at = from; at < to; at += 50) edge.announce(routes(at, Math.min(to, at + 50)), [WEB], { med })
  }
  return {
    region,
    nva,
    edge,
    other,
    say,
    dial: () => {
      const fra = dial(FRA, 65002)
      expect(region.runUntil(() => fra.up, 10_000)).toBe(true)
      return fra
    },
    reload: (limits: string) => nva.reconfigure(settings(limits), false),
    pace: () =>
      federationView(
        nva,
        0,
        () => 0,
        () => ({}),
      ).domains[0]!.pace,
  }
}

const ends = (peer: ScriptedPeer) => peer.all('UPDATE').filter(({ endOfRib }) => endOfRib !== undefined).length

test('another domain is told a burst at once and the rest at its pace; local NVEs are told at once; nothing is lost', () => {
  const { region, say, dial, other, pace } = stage('out: { changesPerSecond: 10, burst: 20 }')
  const fra = dial()
  region.run(5_000)
  say(0, 200)
  region.run(1_000)
  expect(other.table.size).toBe(200)
  expect(fra.table.size).toBeGreaterThanOrEqual(20)
  expect(fra.table.size).toBeLessThanOrEqual(31)
  expect(pace()).toEqual({ changesPerSecond: 10, burst: 20, waiting: 200 - fra.table.size, exceeded: 0 })
  region.run(9_000)
  expect(fra.table.size).toBeGreaterThanOrEqual(110)
  expect(fra.table.size).toBeLessThanOrEqual(121)
  region.run(10_000)
  expect([fra.table.size, pace()?.waiting]).toEqual([200, 0])
  // All is quiet again, and one change is told at once.
  region.run(3_000)
  say(200, 201)
  region.run(50)
  expect(fra.table.size).toBe(201)
})

test('what changes again while it waits is told once, as it is then, and what has gone meanwhile not at all', () => {
  const { region, edge, say, dial } = stage('out: { changesPerSecond: 10, burst: 20 }')
  const fra = dial()
  for (let round = 0; round < 20; round++) {
    say(0, 100, round)
    region.run(200)
  }
  edge.withdraw(routes(50, 100))
  region.run(40_000)
  expect([...fra.table.keys()].sort()).toEqual([...fra.table.keys()].filter((key) => key.includes('02:00:00:00:00:')).sort())
  expect(fra.table.size).toBe(50)
  expect(fra.announced(mac(49))).toBeDefined()
  // 2,000 changes came.
  expect(fra.updates).toBeLessThan(400)
})

test('who comes late is told the table at the pace, and End-of-RIB behind it', () => {
  const { region, say, dial } = stage('out: { changesPerSecond: 50, burst: 50 }')
  say(0, 300)
  region.run(1_000)
  const fra = dial()
  region.run(2_000)
  expect(fra.table.size).toBeLessThan(200)
  expect(ends(fra)).toBe(0)
  // The edge says nothing of End-of-RIB: it counts as having told all after ten seconds.
  region.run(10_000)
  expect([fra.table.size, ends(fra)]).toEqual([300, 1])
})

test('another pace holds from the reload on, without a new session', () => {
  const { region, say, dial, reload, nva } = stage('out: { changesPerSecond: 1, burst: 1 }')
  const fra = dial()
  say(0, 100)
  region.run(2_000)
  expect(fra.table.size).toBeLessThan(10)
  reload('routes: 1000')
  region.run(500)
  expect(fra.table.size).toBe(100)
  expect(nva.speaker.peers.get(`fra/${FRA}`)?.established).toBe(1)
})

test('where more would have to be remembered than may be, it is told faster and that is counted; its session stays', () => {
  const { region, edge, say, dial, pace, nva } = stage('out: { changesPerSecond: 1, burst: 10 }')
  nva.speaker.slowReaders.keptAtLeast = 100
  const fra = dial()
  region.run(20_000)
  for (let at = 0; at < 400; at += 50) {
    say(at, at + 50)
    region.run(50)
    edge.withdraw(routes(at, at + 50))
    region.run(50)
  }
  expect(nva.speaker.rib.destinations.ghostCount).toBeLessThanOrEqual(100)
  expect(pace()?.exceeded).toBeGreaterThan(50)
  expect(fra.closed).toBeNull()
  region.run(400_000)
  expect([fra.table.size, nva.speaker.rib.destinations.size]).toEqual([0, 0])
})
