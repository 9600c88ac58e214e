import { describe, expect, test } from 'vitest'
import type { AttributesView } from '../../src/wire/update-view.ts'
import { macRoute, ScriptedPeer } from './scripted-peer.ts'
import { ADDRESS, TwoDomains } from './two-domains.ts'

const MAC = '02:00:00:00:01:01'
const WEB_AMS = '65001:10100'
const WEB_FRA = '65002:10100'
const VAULT = '65000:10999'

/** ams with the edge a1, and scripted peers in the places of a2 and of fra. */
function around(seed = 1) {
  const world = new TwoDomains(seed).startAll(['ams', 'a1'])
  const edge = new ScriptedPeer(world.region, { address: ADDRESS.a2, asn: 65001, peerAs: 65001, to: ADDRESS.ams }).dial()
  const nva = new ScriptedPeer(world.region, { address: ADDRESS.fra, asn: 65002, peerAs: 65001, to: ADDRESS.ams }).dial()
  world.until(() => edge.up && nva.up && world.edge('a1').speaker.peers.get(ADDRESS.ams)?.standing != null)
  return { world, edge, nva }
}

function targets(attributes: AttributesView | undefined): string[] {
  return (attributes?.extCommunities ?? []).filter(({ name }) => name === 'route-target').map(({ hex }) => hex)
}

const hexOf = (target: string): string => {
  const [as, number] = target.split(':').map(Number)
  return `0002${as!.toString(16).padStart(4, '0')}${number!.toString(16).padStart(8, '0')}`
}

describe('reflection inside a domain', () => {
  test('carries ORIGINATOR_ID, CLUSTER_LIST, LOCAL_PREF and the next hop of the NVE (RFC 4456 8, 10)', () => {
    const { world, edge } = around()
    world.attach('a1', 'web', MAC, '10.1.0.1')
    world.until(() => edge.announced('[10.1.0.1]') !== undefined)
    expect(edge.announced('[10.1.0.1]')).toMatchObject({
      localPref: 100,
      originatorId: ADDRESS.a1,
      clusterList: [ADDRESS.ams],
      asPath: [],
      mpReach: { nextHop: ADDRESS.a1 },
    })
  })

  test('ends the first advertisement with End-of-RIB (RFC 4724 2)', () => {
    const { world, edge } = around()
    world.until(() => edge.all('UPDATE').some(({ endOfRib }) => endOfRib?.afi === 25))
    expect(edge.all('UPDATE').filter(({ endOfRib }) => endOfRib !== undefined)).toHaveLength(1)
  })

  test('never sends a route back to the NVE it came from, nor one that carries our cluster id (RFC 4456 8)', () => {
    const { world, edge } = around()
    edge.announce([macRoute(ADDRESS.a2, MAC)], [WEB_AMS])
    world.until(() => world.seen('web', 'a1').length === 1)
    world.run(1_000)
    expect([...edge.table.keys()].filter((route) => route.includes(MAC))).toEqual([])
    edge.announce([macRoute(ADDRESS.a2, MAC)], [WEB_AMS], { originatorId: '192.0.2.99', clusterList: [ADDRESS.ams] })
    world.until(() => world.seen('web', 'a1').length === 0)
  })

  test('answers ROUTE-REFRESH with everything between Begin and End-of-RR (RFC 7313 4)', () => {
    const { world, edge } = around()
    world.attach('a1', 'web', MAC)
    world.until(() => edge.announced(MAC) !== undefined)
    const before = edge.heard.length
    edge.table.clear()
    edge.refresh()
    world.until(() => edge.all('ROUTE-REFRESH').length === 2)
    const answer = edge.heard.slice(before)
    expect(answer.map((message) => (message.type === 'ROUTE-REFRESH' ? message.subtype : message.type))).toEqual([
      1,
      ...answer.slice(1, -1).map(() => 'UPDATE'),
      2,
    ])
    expect(edge.announced(MAC)).toBeDefined()
  })

  test('carries what it does not understand unchanged: an unknown route type, an unknown attribute with Partial set (RFC 4271 5)', () => {
    const { world, edge } = around()
    const other = new ScriptedPeer(world.region, { address: ADDRESS.a1, asn: 65001, peerAs: 65001, to: ADDRESS.ams })
    world.kill('a1')
    other.dial()
    world.until(() => other.up)
    other.announce([{ routeType: 99, opaque: 'deadbeef' }], [WEB_AMS], { unknown: [{ type: 240, flags: 0xc0, hex: '0102' }] })
    world.until(() => [...edge.table.values()].some(({ unknown }) => unknown !== undefined))
    expect([...edge.table.keys()]).toContain('[99]:[deadbeef]')
    expect([...edge.table.values()].flatMap(({ unknown }) => unknown ?? [])).toEqual([{ type: 240, flags: 0xe0, hex: '0102' }])
  })
})

describe('the boundary between domains', () => {
  test('what leaves has our AS, the next hop of the NVE, and nothing that is internal (RFC 4271 5.1.2, RFC 4456 8)', () => {
    const { world, nva } = around()
    world.attach('a1', 'web', MAC, '10.1.0.1')
    world.until(() => nva.announced('[10.1.0.1]') !== undefined)
    const attributes = nva.announced('[10.1.0.1]')
    expect(attributes).toMatchObject({ asPath: [{ type: 'sequence', asns: [65001] }], mpReach: { nextHop: ADDRESS.a1 } })
    expect(targets(attributes)).toEqual([hexOf(WEB_AMS)])
    for (const name of ['localPref', 'originatorId', 'clusterList', 'med'] as const) expect(attributes?.[name]).toBeUndefined()
  })

  test('a route of a shared and a private VN leaves with the target of the shared one alone', () => {
    const { world, edge, nva } = around()
    edge.announce([macRoute(ADDRESS.a2, MAC)], [VAULT, WEB_AMS])
    world.until(() => nva.announced(MAC) !== undefined)
    expect(targets(nva.announced(MAC))).toEqual([hexOf(WEB_AMS)])
  })

  test('a route that leaves the shared VN is withdrawn from the other domain', () => {
    const { world, edge, nva } = around()
    edge.announce([macRoute(ADDRESS.a2, MAC)], [WEB_AMS])
    world.until(() => nva.announced(MAC) !== undefined)
    edge.announce([macRoute(ADDRESS.a2, MAC)], [VAULT])
    world.until(() => nva.announced(MAC) === undefined)
    expect(world.seen('vault', 'a1')).toEqual([`${MAC} @ a2`])
  })

  test('what enters gets the local targets of the shared VN, and a target of our private VN in it counts for nothing', () => {
    const { world, edge, nva } = around()
    nva.announce([macRoute(ADDRESS.b1, MAC)], [VAULT, WEB_FRA, WEB_AMS], {}, ADDRESS.b1)
    world.until(() => edge.announced(MAC) !== undefined)
    expect(targets(edge.announced(MAC))).toEqual([hexOf(WEB_AMS)])
    expect(edge.announced(MAC)).toMatchObject({ localPref: 100, asPath: [{ asns: [65002] }], mpReach: { nextHop: ADDRESS.b1 } })
    expect(world.seen('vault', 'a1')).toEqual([])
  })

  test('a route of a private VN does not enter, and is counted by reason', () => {
    const { world, nva } = around()
    nva.announce([macRoute(ADDRESS.b1, MAC)], [VAULT], {}, ADDRESS.b1)
    world.run(1_000)
    expect(world.seen('vault', 'a1')).toEqual([])
    const { speaker } = world.nva('ams')
    const peer = speaker.peers.get(`fra/${ADDRESS.fra}`)!
    expect(speaker.rib.receivedFrom(speaker.sources.sessionOf(peer)!.inbound.peer)).toBe(1)
    expect(speaker.rib.best).toBe(2)
  })

  test('a route of the local AS that comes back is not used (RFC 4271 9.1.2)', () => {
    const { world, nva } = around()
    nva.announce([macRoute(ADDRESS.b1, MAC)], [WEB_FRA], { asPath: [{ type: 'sequence', asns: [65002, 65001] }] }, ADDRESS.b1)
    world.run(1_000)
    expect(world.seen('web', 'a1')).toEqual([])
  })

  test('Ethernet segments stay at home (types 1 and 4)', () => {
    const { world, edge, nva } = around()
    const esi = '00:11:22:33:44:55:66:77:88:99'
    edge.announce([{ routeType: 1, rdType: 1, rd: `${ADDRESS.a2}:1`, esi, ethernetTag: 0, vni1: 10100 }], [WEB_AMS])
    edge.announce([macRoute(ADDRESS.a2, MAC)], [WEB_AMS])
    world.until(() => nva.announced(MAC) !== undefined)
    const { rib } = world.edge('a1').speaker
    world.until(() =>
      [...Array(rib.destinations.capacity).keys()].some((dest) => rib.destinations.isLive(dest) && rib.destinations.typeOf(dest) === 1),
    )
    expect([...nva.table.keys()].filter((route) => route.includes('[1]:'))).toEqual([])
  })
})

describe('a peer without 4-octet AS numbers (RFC 6793)', () => {
  const LONG = 4_200_000_001

  /** a2 as an old speaker, and fra announcing a path through a long AS. */
  function withOldEdge() {
    const world = new TwoDomains(1).startAll(['ams', 'a1'])
    const at = { address: ADDRESS.a2, asn: 65001, peerAs: 65001, to: ADDRESS.ams }
    const edge = new ScriptedPeer(world.region, { ...at, old: true }).dial()
    const nva = new ScriptedPeer(world.region, { address: ADDRESS.fra, asn: 65002, peerAs: 65001, to: ADDRESS.ams }).dial()
    world.until(() => edge.up && nva.up && world.edge('a1').speaker.peers.get(ADDRESS.ams)?.standing != null)
    return { world, edge, nva }
  }

  test('gets AS_TRANS for what does not fit, and the whole path and aggregator beside it (4.2.2)', () => {
    const { world, edge, nva } = withOldEdge()
    const asPath = [{ type: 'sequence' as const, asns: [65002, LONG] }]
    nva.announce([macRoute(ADDRESS.b1, MAC)], [WEB_FRA], { asPath, aggregator: { as: LONG, address: '198.51.100.7' } }, ADDRESS.b1)
    world.until(() => edge.announced(MAC) !== undefined)
    expect(edge.announced(MAC)).toMatchObject({
      asPath: [{ type: 'sequence', asns: [65002, 23456] }],
      as4Path: asPath,
      aggregator: { as: 23456, address: '198.51.100.7' },
      as4Aggregator: { as: LONG, address: '198.51.100.7' },
      localPref: 100,
    })
  })

  test('gets no AS4_PATH where everything fits', () => {
    const { world, edge } = withOldEdge()
    world.attach('a1', 'web', MAC)
    world.until(() => edge.announced(MAC) !== undefined)
    expect(edge.announced(MAC)).toMatchObject({ asPath: [], originatorId: ADDRESS.a1 })
    expect(edge.announced(MAC)?.as4Path).toBeUndefined()
  })

  test('is understood: its AS4_PATH is put back into the path (4.2.3)', () => {
    const { world, edge, nva } = withOldEdge()
    edge.announce([macRoute(ADDRESS.a2, MAC)], [WEB_AMS], {
      asPath: [{ type: 'sequence', asns: [65009, 23456] }],
      as4Path: [{ type: 'sequence', asns: [LONG] }],
    })
    world.until(() => nva.announced(MAC) !== undefined)
    expect(nva.announced(MAC)?.asPath).toEqual([{ type: 'sequence', asns: [65001, 65009, LONG] }])
  })
})

describe('a session that goes wrong', () => {
  test('bad octets end that session with the right NOTIFICATION, and only that one (RFC 4271 6.1)', () => {
    const { world, edge, nva } = around()
    edge.announce([macRoute(ADDRESS.a2, MAC)], [WEB_AMS])
    world.until(() => world.seen('web', 'a1').length === 1)
    edge.write(new Uint8Array(19))
    world.until(() => edge.closed !== null)
    expect(edge.all('NOTIFICATION')).toMatchObject([{ code: 1, subcode: 1 }])
    world.until(() => world.seen('web', 'a1').length === 0)
    expect(nva.up).toBe(true)
  })

  test('a malformed attribute takes the routes of its UPDATE back and keeps the session (RFC 7606 2)', () => {
    const { world, edge } = around()
    edge.announce([macRoute(ADDRESS.a2, MAC), macRoute(ADDRESS.a2, '02:00:00:00:01:02')], [WEB_AMS])
    world.until(() => world.seen('web', 'a1').length === 2)
    edge.announce([macRoute(ADDRESS.a2, MAC)], [WEB_AMS], { origin: 'bad' as 'igp' })
    world.until(() => world.seen('web', 'a1').length === 1)
    expect(edge.up).toBe(true)
  })
})
