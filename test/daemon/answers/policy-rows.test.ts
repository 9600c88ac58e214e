/** What `fednva show policies` tells: where policies are attached, and what their terms have done to routes that really came and went. */
import { expect, test } from 'vitest'
import { policiesAnswer } from '../../../src/api/schema/policies.ts'
import { policyRows } from '../../../src/daemon/answers/policy-rows.ts'
import { configured, LEAF_1, LEAF_2, LEAF_3, PolicyStage } from '../../sim/policy-stage.ts'
import { macRoute } from '../../sim/scripted-peer.ts'

const mac = (n: number) => `02:00:00:00:00:0${n}`
const POLICIES = `
policies:
  few:
    - { name: raise, match: { vni: 100-299 }, set: { localPref: 150 } }
    - { name: one, match: { mac: "${mac(1)}" }, then: reject }
    - { name: rest, then: accept }
  web-out: [{ name: all, match: { routeTarget: "65001:10100" }, then: accept }]
  spare: [{ name: all, then: reject }]
`

test('a group and a domain stand for all that are in them, where these have the same attached; others stand for themselves', () => {
  const { compiled, speaker } = configured(`${POLICIES}
vns: { web: { vni: 10100, export: web-out } }
peerGroups: { leaves: { role: nve, import: few }, mixed: { role: nve, import: few } }
peers:
  a: { address: 192.0.2.11, group: leaves }
  b: { address: 192.0.2.12, group: leaves, export: [few, accept] }
  c: { address: 192.0.2.13, group: mixed }
  d: { address: 192.0.2.14, group: mixed, import: accept }
  lone: { address: 192.0.2.15, role: plain, asn: 65009 }
listenRanges: [{ prefix: 192.0.2.64/26, group: leaves, limit: 3 }]
federation: { domains: { fra: { asn: 65002, peers: [198.51.100.1, 198.51.100.2], share: { web: {} }, export: few } } }
`)
  const rows = policiesAnswer.parse({ policies: policyRows(compiled.policies, speaker) }).policies
  const places = Object.fromEntries(rows.map(({ name, attached }) => [name, attached.map(({ direction, to }) => `${direction} ${to}`)]))
  expect(places).toEqual({
    few: ['import group leaves', 'import peer c', 'export peer b', 'export domain fra'],
    'web-out': ['export VN web'],
    spare: [],
    accept: ['import peer d', 'export peer b'],
    none: ['import peer lone', 'export peer lone'],
  })
})

test('terms count the routes that they have matched, and the policy what it accepted and rejected', () => {
  const text = `${POLICIES}
vns: { web: { vni: 10100, export: web-out } }
peers: { leaf1: { address: ${LEAF_1}, import: few }, leaf2: { address: ${LEAF_2} }, leaf3: { address: ${LEAF_3} } }
`
  const stage = new PolicyStage(text)
  const [leaf1] = [stage.join(LEAF_1), stage.join(LEAF_2), stage.join(LEAF_3)]
  const shown = () => {
    const rows = policyRows(stage.policies, stage.nva.settings.speaker)
    return rows.map(({ name, accepted, rejected, terms }) => [
      name,
      accepted,
      rejected,
      terms.map(({ term, routes }) => `${term} ${routes}`),
    ])
  }
  const NOTHING = [
    ['few', 0, 0, ['raise 0', 'one 0', 'rest 0']],
    ['web-out', 0, 0, ['all 0']],
    ['spare', 0, 0, ['all 0']],
  ]
  expect(shown()).toEqual(NOTHING)
  leaf1.announce(
    [100, 200, 300].map((vni, i) => macRoute(LEAF_1, mac(i + 1), null, vni)),
    ['65001:10100'],
  )
  stage.settle()
  // The way out is asked once for both leaves: they are told the same. leaf1, of the same group, is the source.
  expect(shown()).toEqual([
    ['few', 2, 1, ['raise 2', 'one 1', 'rest 2']],
    ['web-out', 2, 0, ['all 2']],
    ['spare', 0, 0, ['all 0']],
  ])
  stage.reload(text.replace('spare:', 'other:'))
  expect(shown().slice(0, 2)).toEqual([
    ['few', 2, 1, ['raise 2', 'one 1', 'rest 2']],
    ['web-out', 2, 0, ['all 2']],
  ])
  stage.reload(text.replace('localPref: 150', 'localPref: 160'))
  expect(shown()[0]).toEqual(['few', 2, 1, ['raise 2', 'one 1', 'rest 2']])
  stage.reload(text)
  leaf1.withdraw([macRoute(LEAF_1, mac(2), null, 200)])
  stage.settle()
  expect(shown()[0]).toEqual(['few', 2, 1, ['raise 2', 'one 1', 'rest 2']])
})

test('where no term decides and that means no, the place counts it', () => {
  const stage = new PolicyStage(`policies: { marked: [{ name: first, match: { vni: 100 }, then: accept }] }
peers: { leaf1: { address: ${LEAF_1}, asn: 65002, role: nve, import: marked }, leaf2: { address: ${LEAF_2} } }
`)
  const [leaf1] = [stage.join(LEAF_1, 65002), stage.join(LEAF_2)]
  leaf1.announce(
    [100, 200, 300].map((vni, i) => macRoute(LEAF_1, mac(i + 1), null, vni)),
    ['65001:10100'],
  )
  stage.settle()
  const [row] = policyRows(stage.policies, stage.nva.settings.speaker)
  expect([row?.accepted, row?.rejected, row?.attached]).toEqual([1, 0, [{ direction: 'import', to: 'peer leaf1', undecided: 2 }]])
})
