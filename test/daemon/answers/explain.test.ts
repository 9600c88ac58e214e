/** What explain says is what is: its verdict against what peers are told, for routes that are there and for some that are gone. */
import { describe, expect, test } from 'vitest'
import { type ExplainQuery, explainMatches } from '../../../src/api/route-query.ts'
import { type ExplainRow, explainRow } from '../../../src/api/schema/explain.ts'
import { formatExplanation } from '../../../src/cli/policy/policy-explain.ts'
import { explanations } from '../../../src/daemon/answers/explain.ts'
import { routeRow } from '../../../src/daemon/answers/route-row.ts'
import { LEAF_1, LEAF_2, LEAF_3, PolicyStage } from '../../sim/policy-stage.ts'
import { macRoute } from '../../sim/scripted-peer.ts'

const TARGET = '65001:10100'
const mac = (n: number) => `02:00:00:00:00:${n.toString(16).padStart(2, '0')}`

const TEXT = `
policies:
  no-storage:
    - { name: raise, match: { routeTarget: "65001:10100" }, set: { localPref: 150 } }
    - { name: storage, match: { peer: leaf1, vni: 200-299 }, then: reject }
  few:
    - { name: not-300, match: { vni: 300 }, then: reject }
    - { name: med, match: { mac: "02:00:00:00:00:01" }, set: { med: 7 }, then: accept }
vns: { web: { vni: 10100 } }
peers:
  leaf1: { address: ${LEAF_1}, import: no-storage }
  leaf2: { address: ${LEAF_2}, export: [few, accept] }
  leaf3: { address: ${LEAF_3} }
`

const ANY: ExplainQuery = { type: null, rd: null, mac: null, ip: null, peer: '', direction: null, heldBackOnly: false }

function explained(stage: PolicyStage, query: Partial<ExplainQuery>): ExplainRow[] {
  const wanted = { ...ANY, ...query }
  const rows: ExplainRow[] = []
  for (const { route, row } of explanations(stage.nva, stage.world, wanted, null)) {
    const shown = route !== null && explainMatches(wanted, route) ? row() : null
    if (shown !== null) rows.push(explainRow.parse(shown))
  }
  return rows
}

function stage() {
  const stage = new PolicyStage(TEXT)
  const [leaf1, leaf2, leaf3] = [stage.join(LEAF_1), stage.join(LEAF_2), stage.join(LEAF_3)]
  const routes = [100, 200, 300].map((vni, i) => macRoute(LEAF_1, mac(i + 1), null, vni))
  leaf1.announce(routes, [TARGET])
  stage.settle()
  return { stage, leaf1, leaf2, leaf3, routes }
}

describe('a route that is there', () => {
  test('import: every term that was asked, what it changed, and who decided', () => {
    const { stage: on } = stage()
    const [row] = explained(on, { peer: 'leaf1', direction: 'import', mac: mac(2) })
    expect(row).toMatchObject({
      direction: 'import',
      peer: 'leaf1',
      source: 'leaf1',
      verdict: 'reject',
      refusedBefore: null,
      effective: false,
    })
    expect(row!.because).toBe('policy no-storage, term storage')
    expect(row!.chains[0]!.terms).toEqual([
      {
        policy: 'no-storage',
        term: 'raise',
        matched: true,
        failure: null,
        tests: [{ module: 'routeTarget', held: true, failed: false }],
        changes: [{ what: 'localPref', before: '100', after: '150' }],
        decided: 'next',
      },
      {
        policy: 'no-storage',
        term: 'storage',
        matched: true,
        failure: null,
        tests: [
          { module: 'peer', held: true, failed: false },
          { module: 'vni', held: true, failed: false },
        ],
        changes: [],
        decided: 'reject',
      },
    ])
    expect(formatExplanation(row!)).toBe(
      [
        `192.0.2.11:1 [2]:[0]:[48]:[${mac(2)}]`,
        '  import from leaf1',
        '  no-storage',
        '    * no-storage/raise: routeTarget yes; matches, next',
        '        localPref: 100 -> 150',
        '    * no-storage/storage: peer yes, vni yes; matches, reject',
        '  reject: policy no-storage, term storage (not chosen)',
        '',
      ].join('\n'),
    )
  })

  test('its verdict is what the peer is told, in both directions, for every route', () => {
    const { stage: on, leaf2, leaf3 } = stage()
    for (const [peer, name] of [
      [leaf2, 'leaf2'],
      [leaf3, 'leaf3'],
    ] as const) {
      const rows = explained(on, { peer: name, direction: 'export' })
      expect(rows.map(({ mac }) => mac)).toEqual([mac(1), mac(3)])
      for (const row of rows) {
        const told = peer.announced(row.mac!) !== undefined
        expect([row.verdict === 'accept', row.effective]).toEqual([told, told])
      }
    }
    const [first] = explained(on, { peer: 'leaf2', mac: mac(1) })
    expect(first!.chains[0]!.terms[1]!.changes).toEqual([{ what: 'med', before: null, after: '7' }])
    expect(explained(on, { peer: 'leaf1', direction: 'import' }).map(({ verdict, effective }) => [verdict, effective])).toEqual([
      ['accept', true],
      ['reject', false],
      ['accept', true],
    ])
    const counted = on.hits('no-storage')
    explained(on, { peer: 'leaf1' })
    expect(on.hits('no-storage')).toEqual(counted)
  })

  test('what shows routes names the policy and the term too', () => {
    const { stage: on } = stage()
    const { rib } = on.nva.speaker
    const rows = Array.from({ length: rib.destinations.capacity }, (_, dest) => routeRow(on.nva, dest, rib.firstRow(dest), 0))
    expect(rows.map((row) => [row.mac, row.refused])).toEqual([
      [mac(1), null],
      [mac(2), 'refused by policy: policy no-storage, term storage'],
      [mac(3), null],
    ])
  })

  test('a peer of which nothing was refused by policy hears of other reasons', () => {
    const { stage: on } = stage()
    expect(explained(on, { peer: 'leaf3', mac: mac(1), direction: 'export' })[0]).toMatchObject({
      because: 'no policy is attached',
      verdict: 'accept',
      chains: [],
    })
  })
})

test('a route that is gone is explained from the record of refusals, for who sent it and for who was not told', () => {
  const { stage: on, leaf1, routes } = stage()
  leaf1.withdraw(routes)
  on.settle()
  const [imported] = explained(on, { peer: 'leaf1' })
  expect(imported).toMatchObject({ direction: 'import', mac: mac(2), verdict: 'reject', because: 'policy no-storage, term storage' })
  expect(imported!.gone).not.toBe(null)
  const [exported] = explained(on, { peer: 'leaf2' })
  expect(exported).toMatchObject({ direction: 'export', source: 'leaf1', mac: mac(3), because: 'policy few, term not-300' })
  expect(explained(on, { peer: 'leaf3' })).toEqual([])
})
