/** `policy diff`: what it says of routes, what it leaves out and says so, and how it behaves beside a working NVA. That it says what is done: `test/sim/policy-forecast.test.ts`. */
import { expect, test } from 'vitest'
import { LEAF_1, LEAF_2, LEAF_3, PolicyStage } from '../../sim/policy-stage.ts'
import { macRoute } from '../../sim/scripted-peer.ts'

const mac = (n: number) => `02:00:00:00:${(n >> 8).toString(16).padStart(2, '0')}:${(n & 0xff).toString(16).padStart(2, '0')}`

const text = (policies: string, more: readonly [string, string, string] = ['', '', ''], holdTime = 90) => `
vns: { web: { vni: 10100 }, db: { vni: 10200 } }
policies: { ${policies} }
peers:
  leaf1: { address: ${LEAF_1}${more[0]} }
  leaf2: { address: ${LEAF_2}${more[1]} }
  leaf3: { address: ${LEAF_3}${more[2]}, holdTime: ${holdTime} }
`
const FRA = '198.51.100.1'
const PLAIN = 'p: [{ name: all, then: accept }]'

function stage(routes: number, policies = PLAIN, more?: readonly [string, string, string]) {
  const stage = new PolicyStage(text(policies, more))
  const [leaf1, leaf2] = [stage.join(LEAF_1), stage.join(LEAF_2), stage.join(LEAF_3)]
  for (let n = 0; n < routes; n++) leaf1.announce([macRoute(LEAF_1, mac(n), null, 10100)], [n % 3 === 0 ? '65001:10200' : '65001:10100'])
  stage.settle(5000)
  return { stage, leaf1, leaf2 }
}

test('routes that stop on their way out: whom it is about, what decides now and what would then; counts by peer and VN', async () => {
  const { stage: on } = stage(9)
  const answer = await on.diff(text('p: [{ name: not-db, match: { vn: db }, then: reject }]', ['', ', export: p', ', export: p']), 2)
  expect(answer.peers).toEqual([
    { peer: 'leaf2', direction: 'export', starts: 0, stops: 3, changes: 0, vns: [{ vn: 'db', starts: 0, stops: 3, changes: 0 }] },
    { peer: 'leaf3', direction: 'export', starts: 0, stops: 3, changes: 0, vns: [{ vn: 'db', starts: 0, stops: 3, changes: 0 }] },
  ])
  expect(answer.routes).toHaveLength(2)
  expect(answer).toMatchObject({ asked: true, more: true, beside: [], looked: expect.any(Number) })
  expect(answer.changes.map(({ what }) => what)).toEqual(['peers changed, sessions untouched', 'policies changed'])
  expect(answer.routes[0]).toEqual({
    direction: 'export',
    outcome: 'stops',
    peers: ['leaf2', 'leaf3'],
    peersInAll: 2,
    source: 'leaf1',
    rd: `${LEAF_1}:1`,
    route: `[2]:[0]:[48]:[${mac(0)}]`,
    routeType: 2,
    vns: ['db'],
    now: 'no policy is attached',
    later: 'policy p, term not-db',
    changes: [],
  })
})

test('routes that change or stop on their way in, and what follows from it for those who are told', async () => {
  const { stage: on } = stage(3)
  const policies = `p: [{ name: db, match: { vn: db }, then: reject }, { name: raise, set: { localPref: 150 }, then: accept }]`
  const answer = await on.diff(text(policies, [', import: p', '', '']), 100)
  const told = answer.routes.map(({ direction, outcome, peers, now, later, changes }) => [direction, outcome, peers, now, later, changes])
  const raised = [{ what: 'localPref', before: '100', after: '150' }]
  expect(told).toEqual([
    ['import', 'stops', ['leaf1'], 'no policy is attached', 'policy p, term db', []],
    ['export', 'stops', ['leaf2', 'leaf3'], 'no policy is attached', 'policy p, term db', []],
    ['import', 'changes', ['leaf1'], 'no policy is attached', 'policy p, term raise', raised],
    ['export', 'changes', ['leaf2', 'leaf3'], 'no policy is attached', 'no policy is attached', raised],
    ['import', 'changes', ['leaf1'], 'no policy is attached', 'policy p, term raise', raised],
    ['export', 'changes', ['leaf2', 'leaf3'], 'no policy is attached', 'no policy is attached', raised],
  ])
})

test('what would start says what keeps it back now, with 0 rows too', async () => {
  const { stage: on } = stage(6, 'p: [{ name: none, then: reject }]', [', import: p', '', ''])
  const { routes } = await on.diff(text(PLAIN), 100)
  expect(routes.slice(0, 2).map(({ outcome, direction, now, later }) => [direction, outcome, now, later])).toEqual([
    ['import', 'starts', 'policy p, term none', 'no policy is attached'],
    ['export', 'starts', 'policy p, term none', 'no policy is attached'],
  ])
  expect(await on.diff(text(PLAIN), 0)).toMatchObject({
    routes: [],
    more: true,
    peers: [{ peer: 'leaf1', starts: 6 }, { starts: 6 }, { starts: 6 }],
  })
})

test('a session that would begin anew with another hold time is taken to send the same again, and that is said', async () => {
  const { stage: on } = stage(3)
  const reject = 'p: [{ name: none, then: reject }]'
  const answer = await on.diff(text(reject, ['', ', export: p', ', export: p'], 30), 10)
  expect(answer.peers.map(({ peer }) => peer)).toEqual(['leaf2', 'leaf3'])
  expect(answer.beside).toEqual([
    'the session with leaf3 would begin anew: the figures are for when it has sent again what it has sent now',
  ])
})

test('a session that would be another one is left out, and that is said', async () => {
  const { stage: on } = stage(3)
  const reject = 'p: [{ name: none, then: reject }]'
  const answer = await on.diff(text(reject, ['', ', export: p', ', export: p, profile: frr8'], 30), 10)
  expect(answer.peers.map(({ peer }) => peer)).toEqual(['leaf2'])
  expect(answer.beside).toEqual(['the session with leaf3 would be another one: what it has sent and is told is not in the figures'])
})

test('what a peer has sent goes with it, unless somebody else may have its address', async () => {
  const { stage: on } = stage(3)
  const without = text(PLAIN).replace(/ {2}leaf1: .*\n/, '')
  const answer = await on.diff(without, 10)
  expect(answer.beside).toEqual(['leaf1 would be no peer any more: what it has sent goes, and is in the figures; what it is told is not'])
  expect(answer.peers.map(({ peer, direction, stops }) => [peer, direction, stops])).toEqual([
    ['leaf1', 'import', 3],
    ['leaf2', 'export', 3],
    ['leaf3', 'export', 3],
  ])
  expect(answer.routes[0]).toMatchObject({ direction: 'import', outcome: 'stops', later: null })
  const range = `${without}peerGroups: { leaves: { role: nve } }\nlistenRanges: [{ prefix: ${LEAF_1}/32, group: leaves }]\n`
  expect(await on.diff(range, 10)).toMatchObject({ peers: [], beside: [expect.stringContaining('leaf1 would be another one')] })
})

test('a file that says the same has nothing to tell', async () => {
  const { stage: on } = stage(3)
  expect(await on.diff(text(PLAIN), 10)).toMatchObject({ asked: true, changes: [], peers: [], routes: [], more: false })
})

test('routes go on while it looks, in many slices; what comes and goes meanwhile does no harm', async () => {
  const { stage: on, leaf1, leaf2 } = stage(600)
  const before = leaf2.updates
  let turns = 0
  const answer = await on.diff(text('p: [{ name: not-db, match: { vn: db }, then: reject }]', ['', ', export: p', '']), 10, (turn) => {
    turns = turn
    leaf1.announce([macRoute(LEAF_1, mac(1000 + turn), null, 10100)], ['65001:10100'])
    if (turn % 2 === 0) leaf1.withdraw([macRoute(LEAF_1, mac(turn), null, 10100)])
  })
  expect(answer.asked).toBe(true)
  expect(turns).toBeGreaterThan(30)
  on.settle()
  expect(leaf2.updates).toBeGreaterThan(before + turns / 2)
  expect(on.nva.speaker.rib.sets.refs.some((refs) => refs < 0)).toBe(false)
})

test('another configuration meanwhile makes void what was found', async () => {
  const { stage: on } = stage(300)
  const answer = await on.diff(text('p: [{ name: none, then: reject }]', ['', ', export: p', '']), 10, (turn) => {
    if (turn === 4) on.reload(text('q: [{ name: all, then: accept }]'))
  })
  expect(answer).toMatchObject({ asked: false, problems: ['the configuration was changed meanwhile: ask again'], peers: [], routes: [] })
})

test('routes that limits keep from another domain do not count as such that would start to be told, and the limits are named', async () => {
  const federated = (policies: string) => `${text(policies)}
federation:
  domains:
    fra: { asn: 65002, peers: [${FRA}], share: { web: {}, db: {} }, limits: { out: { routes: 4 } }, export: p }
`
  const on = new PolicyStage(federated(PLAIN))
  const [leaf1, fra] = [on.join(LEAF_1), on.join(FRA, 65002)]
  leaf1.announce(
    Array.from({ length: 10 }, (_, n) => macRoute(LEAF_1, mac(n), null, 10100)),
    ['65001:10100'],
  )
  on.settle(5000)
  expect(fra.table.size).toBe(4)
  const answer = await on.diff(federated(`p: [{ name: low, match: { mac: "${mac(0)}" }, then: reject }, { name: all, then: accept }]`), 10)
  expect(answer.peers).toMatchObject([{ peer: `fra/${FRA}`, direction: 'export', starts: 0, stops: 1, changes: 0 }])
  expect(answer.beside).toEqual(['limits on what fra is told may hold back routes that would start to be told'])
})
