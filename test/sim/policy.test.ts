/** Policies from the configuration file to the wire. */
import { describe, expect, test } from 'vitest'
import { REFUSALS } from '../../src/policy/refusal.ts'
import { LEAF_1, LEAF_2, LEAF_3, PolicyStage } from './policy-stage.ts'
import { macRoute, type ScriptedPeer } from './scripted-peer.ts'

const TARGET = '65001:10100'

function macs(peer: ScriptedPeer): string[] {
  return [...peer.table.keys()].map((route) => /\[48\]:\[([^\]]*)\]/.exec(route)?.[1] ?? route).sort()
}

const mac = (n: number) => `02:00:00:00:00:${n.toString(16).padStart(2, '0')}`

describe('import', () => {
  test('a term that looks at attributes refuses all routes of a peer: they stay in its Adj-RIB-In, with the reason', () => {
    const stage = new PolicyStage(`
policies: { only-leaf2: [{ name: others, match: { peer: leaf2 }, then: accept }, { name: rest, then: reject }] }
peerGroups: { leaves: { import: only-leaf2 } }
peers: { leaf1: { address: ${LEAF_1}, group: leaves }, leaf2: { address: ${LEAF_2}, group: leaves }, leaf3: { address: ${LEAF_3} } }
`)
    const [leaf1, leaf2, leaf3] = [stage.join(LEAF_1), stage.join(LEAF_2), stage.join(LEAF_3)]
    leaf1.announce([macRoute(LEAF_1, mac(1)), macRoute(LEAF_1, mac(2))], [TARGET])
    leaf2.announce([macRoute(LEAF_2, mac(3))], [TARGET])
    stage.settle()
    expect(macs(leaf3)).toEqual([mac(3)])
    expect(stage.refused(LEAF_1)).toEqual({ policy: 2 })
    expect(stage.refused(LEAF_2)).toEqual({})
    expect(stage.nva.speaker.rib.paths).toBe(3)
    expect(stage.hits('only-leaf2')).toEqual({ others: 1, rest: 2 })
  })

  test('a term that looks at routes tells one route of a set from another, and their withdrawals are told as their announcements were', () => {
    const stage = new PolicyStage(`
policies: { no-storage: [{ name: storage, match: { vni: 200-299 }, then: reject }] }
peers: { leaf1: { address: ${LEAF_1}, import: no-storage }, leaf2: { address: ${LEAF_2} } }
`)
    const [leaf1, leaf2] = [stage.join(LEAF_1), stage.join(LEAF_2)]
    const routes = [100, 200, 250, 300].map((vni, i) => macRoute(LEAF_1, mac(i + 1), null, vni))
    leaf1.announce(routes, [TARGET])
    stage.settle()
    expect(macs(leaf2)).toEqual([mac(1), mac(4)])
    expect(stage.refused(LEAF_1)).toEqual({ policy: 2 })
    expect(stage.hits('no-storage')).toEqual({ storage: 2 })
    leaf1.announce([macRoute(LEAF_1, mac(1), null, 200), macRoute(LEAF_1, mac(2), null, 300)], [TARGET])
    stage.settle()
    expect(macs(leaf2)).toEqual([mac(2), mac(4)])
    leaf1.withdraw(routes)
    stage.settle()
    expect([macs(leaf2), stage.nva.speaker.rib.paths]).toEqual([[], 0])
  })

  test('what is set by attributes and by route is chosen by, and told', () => {
    const stage = new PolicyStage(`
policies:
  prefer:
    - { name: first, match: { peer: leaf1 }, set: { localPref: 150 } }
    - { name: some, match: { vni: 200 }, set: { localPref: "+50" } }
    - { name: all, then: accept }
peers: { leaf1: { address: ${LEAF_1}, import: prefer }, leaf2: { address: ${LEAF_2}, import: prefer }, leaf3: { address: ${LEAF_3} } }
`)
    const [leaf1, leaf2, leaf3] = [stage.join(LEAF_1), stage.join(LEAF_2), stage.join(LEAF_3)]
    leaf1.announce([macRoute(LEAF_1, mac(1)), macRoute(LEAF_1, mac(2), null, 200)], [TARGET])
    leaf2.announce([macRoute(LEAF_2, mac(3)), macRoute(LEAF_2, mac(4), null, 200)], [TARGET])
    stage.settle()
    const prefs = [1, 2, 3, 4].map((n) => leaf3.announced(mac(n))?.localPref)
    expect(prefs).toEqual([150, 200, 100, 150])
    expect(stage.hits('prefer')).toEqual({ first: 2, some: 2, all: 4 })
  })
})

describe('VNIs', () => {
  const text = (policy: string, more1: string, more2: string) => `
policies: { p: [{ name: a, match: { peer: leaf1 }, set: { vni: ${policy} } }] }
peers: { leaf1: { address: ${LEAF_1}${more1} }, leaf2: { address: ${LEAF_2}${more2} }, leaf3: { address: ${LEAF_3} } }
`
  const vnis = (peer: ScriptedPeer) => Object.fromEntries(peer.routes().map(({ mac, vni1 }) => [mac, vni1]))
  const ROUTES = [100, 200, 300].map((vni, i) => macRoute(LEAF_1, mac(i + 1), null, vni))

  test('are mapped on import: others hear the new ones, the Adj-RIB-In keeps what came, and withdrawals find their routes', () => {
    const stage = new PolicyStage(text('{ 100: 1100, 200: 1200 }', ', import: p', ''))
    const [leaf1, leaf2] = [stage.join(LEAF_1), stage.join(LEAF_2)]
    leaf1.announce(ROUTES, [TARGET])
    stage.settle()
    expect(vnis(leaf2)).toEqual({ [mac(1)]: 1100, [mac(2)]: 1200, [mac(3)]: 300 })
    stage.reload(text('{ 100: 1101, 300: 1300 }', ', import: p', ''))
    expect(vnis(leaf2)).toEqual({ [mac(1)]: 1101, [mac(2)]: 200, [mac(3)]: 1300 })
    const before = leaf2.updates
    stage.reload(text('{ 100: 1101, 300: 1300, 400: 1400 }', ', import: p', ''))
    expect(leaf2.updates).toBe(before)
    stage.reload(text('{ 100: 1 }', '', ''))
    expect(vnis(leaf2)).toEqual({ [mac(1)]: 100, [mac(2)]: 200, [mac(3)]: 300 })
    stage.reload(text('{ 100: 1 }', ', import: p', ''))
    leaf1.withdraw(ROUTES)
    stage.settle()
    expect([vnis(leaf2), stage.nva.speaker.rib.paths]).toEqual([{}, 0])
  })

  test('are mapped on export for one peer alone', () => {
    const stage = new PolicyStage(text('{ 100: 1100, 200: 1200 }', '', ', export: p'))
    const [leaf1, leaf2, leaf3] = [stage.join(LEAF_1), stage.join(LEAF_2), stage.join(LEAF_3)]
    leaf1.announce(ROUTES, [TARGET])
    stage.settle()
    expect(vnis(leaf2)).toEqual({ [mac(1)]: 1100, [mac(2)]: 1200, [mac(3)]: 300 })
    expect(vnis(leaf3)).toEqual({ [mac(1)]: 100, [mac(2)]: 200, [mac(3)]: 300 })
  })
})

describe('export', () => {
  test('a policy of one peer keeps routes from that peer alone, and they count as withheld', () => {
    const stage = new PolicyStage(`
policies: { not-leaf1: [{ name: leaf1, match: { peer: leaf1 }, then: reject }] }
peers: { leaf1: { address: ${LEAF_1} }, leaf2: { address: ${LEAF_2}, export: not-leaf1 }, leaf3: { address: ${LEAF_3} } }
`)
    const [leaf1, leaf2, leaf3] = [stage.join(LEAF_1), stage.join(LEAF_2), stage.join(LEAF_3)]
    leaf1.announce([macRoute(LEAF_1, mac(1))], [TARGET])
    leaf3.announce([macRoute(LEAF_3, mac(3))], [TARGET])
    stage.settle()
    expect([macs(leaf1), macs(leaf2), macs(leaf3)]).toEqual([[mac(3)], [mac(3)], [mac(1)]])
    const { group, inbound } = stage.attachment(LEAF_2)!
    expect(group.sentTo(inbound.peer)).toBe(1)
  })

  test('one route of a set is told and another is not; who comes later hears the same; withdrawals reach only who was told', () => {
    const stage = new PolicyStage(`
policies: { web: [{ name: web, match: { vni: 100 }, then: accept }, { name: rest, then: reject }] }
peerGroups: { few: { export: web } }
peers: { leaf1: { address: ${LEAF_1} }, leaf2: { address: ${LEAF_2}, group: few }, leaf3: { address: ${LEAF_3}, group: few } }
`)
    const [leaf1, leaf2] = [stage.join(LEAF_1), stage.join(LEAF_2)]
    const routes = [100, 200, 100].map((vni, i) => macRoute(LEAF_1, mac(i + 1), null, vni))
    leaf1.announce(routes, [TARGET])
    stage.settle()
    expect(macs(leaf2)).toEqual([mac(1), mac(3)])
    const leaf3 = stage.join(LEAF_3)
    expect(macs(leaf3)).toEqual([mac(1), mac(3)])
    const before = leaf2.updates
    leaf1.withdraw([routes[1]!])
    stage.settle()
    expect(leaf2.updates).toBe(before)
    leaf1.announce([macRoute(LEAF_1, mac(1), null, 200)], [TARGET])
    stage.settle()
    expect([macs(leaf2), macs(leaf3)]).toEqual([[mac(3)], [mac(3)]])
    leaf1.withdraw([routes[2]!])
    stage.settle()
    expect([macs(leaf2), macs(leaf3)]).toEqual([[], []])
  })

  test('routes of one set that leave changed and unchanged are packed by what they leave with', () => {
    const stage = new PolicyStage(`
policies: { raise: [{ name: some, match: { vni: 200 }, set: { localPref: 300 } }, { name: all, then: accept }] }
peers: { leaf1: { address: ${LEAF_1} }, leaf2: { address: ${LEAF_2}, export: raise } }
`)
    const [leaf1, leaf2] = [stage.join(LEAF_1), stage.join(LEAF_2)]
    const before = leaf2.updates
    leaf1.announce(
      [200, 100, 200, 100, 200].map((vni, i) => macRoute(LEAF_1, mac(i + 1), null, vni)),
      [TARGET],
    )
    stage.settle()
    expect([1, 2, 3, 4, 5].map((n) => leaf2.announced(mac(n))?.localPref)).toEqual([300, 100, 300, 100, 300])
    expect(leaf2.updates - before).toBe(2)
  })
})

test('nobody is told what is his own, however many sets policy makes in the same batch', () => {
  const text = (localPref: number) => `
policies:
  mark: [{ name: some, match: { community: "65001:0-99" }, set: { communities: { add: "65001:9999" } } }]
  raise: [{ name: all, set: { localPref: ${localPref} } }]
peerGroups: { leaves: { import: raise, export: mark } }
peers: { leaf1: { address: ${LEAF_1}, group: leaves }, leaf2: { address: ${LEAF_2}, group: leaves } }
`
  const stage = new PolicyStage(text(150))
  const leaves = [stage.join(LEAF_1), stage.join(LEAF_2)] as const
  for (let n = 0; n < 150; n++) {
    for (const leaf of leaves) leaf.announce([macRoute(leaf.settings.address, mac(n))], [TARGET], { communities: [`65001:${n}`] })
  }
  stage.settle()
  const rds = (peer: ScriptedPeer) => [peer.routes().length, ...new Set(peer.routes().map(({ rd }) => rd))]
  for (const told of [() => {}, () => leaves[0].refresh(), () => stage.reload(text(160), 5000), () => stage.reload(text(170), 5000)]) {
    told()
    stage.settle()
    expect(leaves.map(rds)).toEqual([
      [150, `${LEAF_2}:1`],
      [150, `${LEAF_1}:1`],
    ])
  }
})

describe('places', () => {
  test('what the boundary keeps from a domain is not asked of its export policy, nor counted there', () => {
    const stage = new PolicyStage(`
vns: { web: { vni: 10100 } }
policies: { in: [{ name: web, match: { vn: web }, then: accept }], out: [{ name: web, match: { vn: web }, then: accept }] }
peers: { leaf1: { address: ${LEAF_1} } }
federation: { domains: { fra: { asn: 65002, peers: [198.51.100.1], share: { web: {} }, import: in, export: out } } }
`)
    const fra = stage.join('198.51.100.1', 65002)
    // The first route of all goes back to nobody of fra.
    fra.announce([macRoute('198.51.100.1', mac(1))], ['65002:10100'])
    stage.settle()
    expect([stage.hits('in'), stage.hits('out')]).toEqual([{ web: 1 }, { web: 0 }])
  })

  test('what the boundary refuses of a domain is not asked of its import policy, nor counted there', () => {
    const stage = new PolicyStage(`
vns: { web: { vni: 10100 } }
policies: { in: [{ name: web, match: { vn: web }, then: accept }], out: [{ name: web, match: { vn: web }, then: accept }] }
federation: { domains: { fra: { asn: 65002, peers: [198.51.100.1], share: { web: {} }, import: in, export: out } } }
`)
    const fra = stage.join('198.51.100.1', 65002)
    // The first route of all is of a VN that is not shared.
    fra.announce([macRoute('198.51.100.1', mac(1))], ['65002:999'])
    stage.settle()
    expect(stage.hits('in')).toEqual({ web: 0 })
    fra.announce([macRoute('198.51.100.1', mac(2))], ['65002:10100'])
    stage.settle()
    expect(stage.hits('in')).toEqual({ web: 1 })
  })

  test('between ASes nothing passes without a policy, in either direction (RFC 8212)', () => {
    const text = (more: string) => `
peers: { border: { address: ${LEAF_1}, role: nve, asn: 65031${more} }, leaf2: { address: ${LEAF_2} } }
`
    const told = (more: string) => {
      const stage = new PolicyStage(text(more))
      const [border, leaf2] = [stage.join(LEAF_1, 65031), stage.join(LEAF_2)]
      border.announce([macRoute(LEAF_1, mac(1))], [TARGET])
      leaf2.announce([macRoute(LEAF_2, mac(2))], [TARGET])
      stage.settle()
      return [macs(border), macs(leaf2)]
    }
    expect(told('')).toEqual([[], []])
    expect(told(', import: accept')).toEqual([[], [mac(1)]])
    expect(told(', export: accept')).toEqual([[mac(2)], []])
    expect(told(', import: accept, export: accept')).toEqual([[mac(2)], [mac(1)]])
  })

  test('what is attached to a VN holds for its routes whoever the peer is, and for no others', () => {
    const stage = new PolicyStage(`
policies: { frozen: [{ name: all, then: reject }], leaf1-only: [{ name: not-leaf1, match: { peer: leaf2 }, then: reject }] }
vns: { web: { vni: 10100, import: leaf1-only }, db: { vni: 10200, export: frozen }, app: { vni: 10300 } }
peers: { leaf1: { address: ${LEAF_1} }, leaf2: { address: ${LEAF_2} }, leaf3: { address: ${LEAF_3} } }
`)
    const [leaf1, leaf2, leaf3] = [stage.join(LEAF_1), stage.join(LEAF_2), stage.join(LEAF_3)]
    leaf1.announce([macRoute(LEAF_1, mac(1))], ['65001:10100'])
    leaf1.announce([macRoute(LEAF_1, mac(2))], ['65001:10200'])
    leaf1.announce([macRoute(LEAF_1, mac(3))], ['65001:10300'])
    leaf2.announce([macRoute(LEAF_2, mac(4))], ['65001:10100'])
    leaf2.announce([macRoute(LEAF_2, mac(5))], ['65001:10300'])
    stage.settle()
    expect(macs(leaf3)).toEqual([mac(1), mac(3), mac(5)])
    expect(stage.refused(LEAF_2)).toEqual({ policy: 1 })
    expect(stage.refused(LEAF_1)).toEqual({})
  })

  test.each([
    ['for every route of a set', ''],
    ['by route', 'match: { vni: 10100 }, '],
  ])(
    'what it adds, %s, may be more than a message has room for: the route is held back where messages are short, and no session is lost',
    (_, match) => {
      const added = Array.from({ length: 60 }, (_, i) => `"65001:1:${i}"`).join(', ')
      const stage = new PolicyStage(`
policies: { marked: [{ name: all, ${match}set: { largeCommunities: { add: [${added}] } }, then: accept }] }
peers: { leaf1: { address: ${LEAF_1} }, leaf2: { address: ${LEAF_2}, export: marked }, leaf3: { address: ${LEAF_3}, export: marked } }
`)
      const leaf1 = stage.join(LEAF_1)
      const [short, long] = [stage.join(LEAF_2, 65001, true), stage.join(LEAF_3)]
      const targets = (count: number) => Array.from({ length: count }, (_, i) => `65001:${i}`)
      const withheld = () => stage.attachment(LEAF_2)!.group.withheldFor(REFUSALS.indexOf('attributes-too-long'))
      // 60 large communities are 720 octets, which leave room for about 400 targets.
      leaf1.announce([macRoute(LEAF_1, mac(1))], targets(390))
      leaf1.announce([macRoute(LEAF_1, mac(2))], targets(420))
      stage.settle()
      expect([macs(short), macs(long), withheld()]).toEqual([[mac(1)], [mac(1), mac(2)], 1])
      // The same routes the other way round.
      leaf1.announce([macRoute(LEAF_1, mac(2))], targets(390))
      leaf1.announce([macRoute(LEAF_1, mac(1))], targets(420))
      stage.settle()
      expect([macs(short), macs(long), withheld()]).toEqual([[mac(2)], [mac(1), mac(2)], 1])
      leaf1.withdraw([macRoute(LEAF_1, mac(1)), macRoute(LEAF_1, mac(2))])
      stage.settle()
      expect([macs(short), macs(long), withheld(), short.closed]).toEqual([[], [], 0, null])
    },
  )
})
