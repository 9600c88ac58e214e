import { describe, expect, test } from 'vitest'
import type { NlriView } from '../../src/wire/nlri/family.ts'
import { LEAF_1, LEAF_2, LEAF_3, PolicyStage } from './policy-stage.ts'
import { macRoute, type ScriptedPeer } from './scripted-peer.ts'

const FRA = '198.51.100.1'
const OTHER = '192.0.2.2'
const CONFIGURATION = `
vns:
  web: { vni: 10100 }
  corp: { vni: 10200, routeTargets: { import: ["65001:10200", "65001:777"], export: ["65001:10200"] } }
  other: { vni: 10300 }
peers:
  leaf1: { address: ${LEAF_1} }
  leaf2: { address: ${LEAF_2} }
  second: { address: ${OTHER}, role: plain, routeReflectorClient: true }
  border: { address: ${LEAF_3}, role: nve, asn: 65009, import: accept, export: accept }
federation:
  domains:
    fra: { asn: 65002, peers: [${FRA}], share: { web: {}, corp: { vni: 10200 } } }
`
const RULES = `
interVn:
  - { from: web, to: corp, prefixes: [10.1.0.0/16, "2001:db8:1::/48"] }
`
const WEB = '65001:10100'
const ROUTE = { rdType: 1, rd: `${LEAF_1}:1`, ethernetTag: 0 }
const prefix = (ipPrefix: string): NlriView => ({ ...ROUTE, routeType: 5, ipPrefix, vni1: 10100 })

const ROUTES: readonly NlriView[] = [
  prefix('10.1.0.0/16'),
  prefix('10.1.7.0/24'),
  prefix('10.0.0.0/8'),
  prefix('10.2.0.0/16'),
  prefix('2001:db8:1:2::/64'),
  macRoute(LEAF_1, '02:00:00:00:00:01', '10.1.0.5'),
  macRoute(LEAF_1, '02:00:00:00:00:02', '10.2.0.5'),
  macRoute(LEAF_1, '02:00:00:00:00:03'),
]
/** What lies within the rule, by the end of the route's text. */
const ALLOWED = ['[16]:[10.1.0.0]', '[24]:[10.1.7.0]', '[64]:[2001:db8:1:2::]', '[32]:[10.1.0.5]']

const targetsOf = (peer: ScriptedPeer): Map<string, string[]> =>
  new Map(
    [...peer.table].map(([route, { extCommunities = [] }]) => [
      route.slice(route.indexOf(' ') + 1),
      extCommunities.filter(({ name }) => name === 'route-target').map(({ hex }) => String(Number.parseInt(hex.slice(8), 16))),
    ]),
  )
const widened = (peer: ScriptedPeer): string[] =>
  [...targetsOf(peer)].filter(([, targets]) => targets.includes('10200')).map(([route]) => route.slice(route.indexOf('[', 4)))

function stage(text: string) {
  const stage = new PolicyStage(text)
  const leaf1 = stage.join(LEAF_1)
  const leaf2 = stage.join(LEAF_2)
  leaf1.announce(ROUTES, [WEB])
  stage.settle()
  return { stage, leaf1, leaf2 }
}

describe('between VNs', () => {
  test('nothing passes that no rule names', () => {
    const { leaf2 } = stage(CONFIGURATION)
    expect(leaf2.table.size).toBe(ROUTES.length)
    expect([...targetsOf(leaf2).values()].flat()).toEqual(ROUTES.map(() => '10100'))
  })

  test('prefixes and hosts within a rule have the import targets of the other VN beside their own, all others have their own alone', () => {
    const { leaf2 } = stage(CONFIGURATION + RULES)
    expect(leaf2.table.size).toBe(ROUTES.length)
    const allowed = (route: string) => ALLOWED.some((end) => route.endsWith(end))
    for (const [route, targets] of targetsOf(leaf2))
      expect([route, targets]).toEqual([route, allowed(route) ? ['10100', '10200', '777'] : ['10100']])
    expect(widened(leaf2)).toHaveLength(ALLOWED.length)
  })

  test('routes of other VNs are not touched, whatever their prefix', () => {
    const { stage: it, leaf1, leaf2 } = stage(CONFIGURATION + RULES)
    leaf1.announce([{ ...prefix('10.1.9.0/24'), rd: `${LEAF_1}:9` }], ['65001:10300'])
    it.settle()
    expect([...targetsOf(leaf2)].filter(([route]) => route.includes('10.1.9.0')).map(([, targets]) => targets)).toEqual([['10300']])
  })

  test('NVEs of another AS hear it as well; another reflector and other domains do not', () => {
    const { stage: it } = stage(CONFIGURATION + RULES)
    expect(widened(it.join(LEAF_3, 65009))).toHaveLength(ALLOWED.length)
    const second = it.join(OTHER)
    const fra = it.join(FRA, 65002)
    expect([second.table.size, fra.table.size]).toEqual([ROUTES.length, ROUTES.length])
    expect([...widened(second), ...widened(fra)]).toEqual([])
  })

  test('a rule that comes or goes by a reload changes what it names and says nothing of all else', () => {
    const { stage: it, leaf2 } = stage(CONFIGURATION)
    const updates = () => leaf2.all('UPDATE').length
    const before = updates()
    it.reload(CONFIGURATION + RULES)
    expect(widened(leaf2)).toHaveLength(ALLOWED.length)
    expect(updates() - before).toBeLessThanOrEqual(2)
    it.reload(CONFIGURATION)
    expect(widened(leaf2)).toEqual([])
    expect(leaf2.up).toBe(true)
  })
})
