/** What crosses of communities, directly and through gateways, with and without a list of those that are internal. */
import { describe, expect, test } from 'vitest'
import { checkText } from '../../src/config/check-text.ts'
import { formatProblem } from '../../src/config/file/problem.ts'
import type { NlriView } from '../../src/wire/nlri/family.ts'
import type { AttributesView } from '../../src/wire/update-view.ts'
import { LEAF_1, PolicyStage } from './policy-stage.ts'
import { macRoute, type ScriptedPeer } from './scripted-peer.ts'

const FRA = '198.51.100.1'
const WEB = { ours: '65001:10100', theirs: '65002:70007', vni: 70007, mac: '02:00:00:00:01:01' }
const DB = { ours: '65001:10200', theirs: '65002:10200', vni: 10200, mac: '02:00:00:00:02:01' }
const MARKED = 'internalCommunities: ["65001:900-999", "65009:*", "65001:1:*"]'

/** web crosses through a gateway, db directly, corp (routed) through a gateway with an aggregate. */
const configuration = (marks: string) => `
vns: { web: { vni: 10100 }, db: { vni: 10200 }, corp: { vni: 50001, service: l3 } }
peers: { leaf1: { address: ${LEAF_1} } }
federation:
  ${marks}
  domains:
    fra:
      asn: 65002
      peers: [${FRA}]
      share:
        web: { vni: 70007, via: { gateway: 192.0.2.250 } }
        db: {}
        corp: { vni: 70008, via: { gateway: 192.0.2.250, routerMac: "02:00:5e:00:00:01", aggregates: [10.1.0.0/16] } }
`
const MIX = {
  communities: ['65001:100', '65001:950', '65009:1', '65535:0', '65001:899', '65001:1000'],
  largeCommunities: ['65001:2:3', '65001:1:3'],
} as never
const LEFT = { communities: ['65001:100', '65001:899', '65001:1000'], largeCommunities: ['65001:2:3'] }

function stage(marks: string) {
  const it = new PolicyStage(configuration(marks))
  return { it, leaf1: it.join(LEAF_1), fra: it.join(FRA, 65002) }
}

const of = (peer: ScriptedPeer, route: string) => {
  const { communities = null, largeCommunities = null } = (peer.announced(route) ?? { communities: 'no route' }) as AttributesView
  return { communities, largeCommunities }
}
const NONE = { communities: null, largeCommunities: null }

describe('without a list', () => {
  test('through a gateway no community crosses, in neither direction; directly all do', () => {
    const { it, leaf1, fra } = stage('')
    for (const vn of [WEB, DB]) {
      leaf1.announce([macRoute(LEAF_1, vn.mac, null, vn === WEB ? 10100 : 10200)], [vn.ours], MIX)
      fra.announce([macRoute('198.51.100.11', `${vn.mac.slice(0, -2)}09`, null, vn.vni)], [vn.theirs], MIX)
    }
    it.settle()
    expect([of(fra, WEB.mac), of(leaf1, '01:09')]).toEqual([NONE, NONE])
    expect([of(fra, DB.mac), of(leaf1, '02:09')]).toMatchObject([MIX, MIX])
  })
})

describe('with a list', () => {
  test('what is not in it crosses, through a gateway but for well-known ones, and what is in it stays inside in both modes', () => {
    const { it, leaf1, fra } = stage(MARKED)
    for (const vn of [WEB, DB]) leaf1.announce([macRoute(LEAF_1, vn.mac, null, vn === WEB ? 10100 : 10200)], [vn.ours], MIX)
    it.settle()
    expect(of(fra, WEB.mac)).toEqual(LEFT)
    expect(of(fra, DB.mac)).toEqual({ ...LEFT, communities: ['65001:100', '65535:0', '65001:899', '65001:1000'] })
    // Where all are internal none is left, not an empty attribute.
    leaf1.announce([macRoute(LEAF_1, WEB.mac)], [WEB.ours], { communities: ['65001:950'], largeCommunities: ['65001:1:1'] } as never)
    it.settle()
    expect(of(fra, WEB.mac)).toEqual(NONE)
  })

  test('what comes from over there cannot bear them', () => {
    const { it, leaf1, fra } = stage(MARKED)
    for (const vn of [WEB, DB]) fra.announce([macRoute('198.51.100.11', vn.mac, null, vn.vni)], [vn.theirs], MIX)
    it.settle()
    expect(of(leaf1, WEB.mac)).toEqual(LEFT)
    expect(of(leaf1, DB.mac)).toEqual({ ...LEFT, communities: ['65001:100', '65535:0', '65001:899', '65001:1000'] })
    fra.announce([macRoute('198.51.100.11', WEB.mac, null, WEB.vni)], [WEB.theirs], { communities: ['65535:65281', '65002:7'] } as never)
    it.settle()
    expect(of(leaf1, WEB.mac)).toEqual({
      communities: ['65535:65281', '65002:7'],
      largeCommunities: null,
    })
  })

  test('what stands for many routes has the communities of none', () => {
    const { it, leaf1, fra } = stage(MARKED)
    const prefix = (ipPrefix: string): NlriView => ({ routeType: 5, rdType: 1, rd: `${LEAF_1}:5`, ethernetTag: 0, ipPrefix, vni1: 50001 })
    leaf1.announce([prefix('10.1.2.0/24')], ['65001:50001'], MIX)
    const imet: NlriView = { routeType: 3, rdType: 1, rd: `${LEAF_1}:1`, ethernetTag: 0, ip: LEAF_1 }
    leaf1.announce([imet], [WEB.ours], MIX)
    it.settle()
    expect(of(fra, '10.1.0.0')).toEqual(NONE)
    expect(of(fra, '[3]')).toEqual(NONE)
  })

  test('an empty one marks none, and another one is taken over by a reload', () => {
    const { it, leaf1, fra } = stage('internalCommunities: []')
    leaf1.announce([macRoute(LEAF_1, WEB.mac)], [WEB.ours], MIX)
    it.settle()
    expect(of(fra, WEB.mac).communities).toEqual(['65001:100', '65001:950', '65009:1', '65001:899', '65001:1000'])
    it.reload(configuration(MARKED), 2_000)
    const again = it.join(FRA, 65002)
    expect(of(again, WEB.mac)).toEqual(LEFT)
  })
})

test('what is no community is said', () => {
  const nva = 'nva: { name: a, domain: a, asn: 65001, routerId: 192.0.2.1 }\n'
  const checked = checkText(`${nva}federation: { internalCommunities: ["65001:100", "65001:70000", "x:1:2"] }\n`, 'a.yaml')
  expect(checked.ok ? [] : checked.problems.map(formatProblem)).toEqual([
    expect.stringMatching(/^a\.yaml:2:50: federation\.internalCommunities\[1\]: found 65001:70000, expected a community such as/),
    expect.stringMatching(/^a\.yaml:2:65: federation\.internalCommunities\[2\]: found x:1:2, expected a large community such as/),
  ])
})
