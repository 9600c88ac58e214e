import { expect, test } from 'vitest'
import type { PolicyRow } from '../../../src/api/schema/policies.ts'
import { formatDiff } from '../../../src/cli/policy/policy-diff.ts'
import { formatFederation } from '../../../src/cli/show/federation-view.ts'
import { formatFrozen } from '../../../src/cli/show/frozen-view.ts'
import { MODULES } from '../../../src/cli/show/module-view.ts'
import { NVES } from '../../../src/cli/show/nve-view.ts'
import { PEERS } from '../../../src/cli/show/peer-view.ts'
import { formatPolicy } from '../../../src/cli/show/policy-view.ts'
import { formatRoute } from '../../../src/cli/show/route-detail.ts'
import { ROUTES } from '../../../src/cli/show/route-view.ts'
import { formatStatus } from '../../../src/cli/show/status-view.ts'
import { VNS } from '../../../src/cli/show/vn-view.ts'
import { formatTable } from '../../../src/cli/table.ts'
import { exampleSource, routeRow } from '../../api/example-source.ts'

delete process.env.FORCE_COLOR
process.env.NO_COLOR = '1'

const source = exampleSource(2)

test('routes show what was chosen, what was refused and why', () => {
  const refused = { ...routeRow(1), accepted: false, refused: 'own cluster in CLUSTER_LIST', mobility: null }
  expect(
    formatTable(ROUTES, [routeRow(0), refused])
      .split('\n')
      .map((line) => line.replaceAll(/ {2,}/g, '|')),
  ).toEqual([
    '|RD|Route|Next hop|VN|VNI|From|Age|Moved|AS path|Why',
    '*>|192.0.2.11:2|[2]:[0]:[48]:[02:00:00:00:00:00]:[32]:[10.1.0.0]|192.0.2.11|web|10100|leaf1|1m00s|3',
    'x|192.0.2.11:2|[2]:[0]:[48]:[02:00:00:00:00:01]:[32]:[10.1.0.1]|192.0.2.11|web|10100|leaf1|1m00s|own cluster in CLUSTER_LIST',
  ])
})

test('a peer with the BGP identifier of another one says so', () => {
  const [peer] = source.peers()
  const why = (more: object) =>
    formatTable(PEERS, [{ ...peer!, refused: {}, faults: {}, ...more }], true)
      .trimEnd()
      .split(/ {2,}/)
      .at(-1)
  expect(why({ sameRouterIdAs: ['leaf2'] })).toBe('has the BGP identifier 192.0.2.11 of leaf2: each ignores what the other announces')
  expect(why({ sameRouterIdAs: ['leaf2'], state: 'Idle', lastError: 'closed by the peer' })).toBe('closed by the peer')
})

test('a peer that is not dialled and has not come says so, and what a key may have to do with it', () => {
  const [peer] = source.peers()
  const why = (more: object) =>
    formatTable(PEERS, [{ ...peer!, refused: {}, faults: {}, state: 'Active', lastError: null, passive: true, ...more }], true)
      .trimEnd()
      .split(/ {2,}/)
      .at(-1)
  expect(why({})).toBe('waits to be dialled')
  expect(why({ authentication: 'tcp-md5' })).toMatch(/^waits to be dialled; another TCP MD5 key/)
  expect(why({ lastError: 'peer has AS 1' })).toBe('peer has AS 1')
})

test('a peer whose routes belong to no VN says how many, and how to see them', () => {
  const [peer] = source.peers()
  const shown = formatTable(PEERS, [{ ...peer!, refused: {}, faults: {}, routesOfNoVn: 3 }], true)
  expect(shown).toContain('3 of no VN here: show routes --vn - --peer leaf1')
})

test('what ended a session is told of a peer that is down, once, and of one that is up no more', () => {
  const [peer] = source.peers()
  const faults = { 'session-reset: peer has AS 1': 4, 'treat-as-withdraw: ORIGIN value 9': 1 }
  const why = (more: object) =>
    formatTable(PEERS, [{ ...peer!, refused: {}, faults, ...more }], true)
      .trimEnd()
      .split(/ {2,}/)
      .at(-1)
  expect(why({})).toBe('1 treat-as-withdraw: ORIGIN value 9')
  const down = { state: 'Idle', lastError: 'peer has AS 1 (sent Bad Peer AS)' }
  expect(why(down)).toBe('peer has AS 1 (sent Bad Peer AS); 1 treat-as-withdraw: ORIGIN value 9')
  expect(why({ ...down, lastError: 'closed by the peer' })).toContain('closed by the peer; 4 session-reset: peer has AS 1')
})

test('a route that stands because its domain is lost says so, and one that is refused why', () => {
  const why = (more: object) =>
    formatTable(ROUTES, [{ ...routeRow(0), ...more }], true)
      .trimEnd()
      .split(/ {2,}/)
      .at(-1)
  expect(why({ stale: true })).toBe('stale: the NVAs of its domain are lost')
  expect(why({ stale: true, refused: 'refused by policy' })).toBe('refused by policy')
})

test('a route in detail has a line for all that it has, and none for what it has not', () => {
  const row = {
    ...routeRow(0),
    esi: '00:01:02:03:04:05:06:07:08:09',
    extCommunities: ['RT:65001:10100', 'ET:8'],
    communities: ['65001:1'],
    clusterList: [],
    med: null,
    noVn: null,
  }
  expect(formatRoute(row).split('\n')).toEqual([
    '192.0.2.11:2 [2]:[0]:[48]:[02:00:00:00:00:00]:[32]:[10.1.0.0]',
    '  chosen, from leaf1, for 1m00s',
    '  VN web',
    '  next hop 192.0.2.11',
    '  VNI 10100',
    '  ESI 00:01:02:03:04:05:06:07:08:09',
    '  route targets 65001:10100',
    '  other extended communities ET:8',
    '  communities 65001:1',
    '  origin igp',
    ...(row.localPref === null ? [] : [`  local preference ${row.localPref}`]),
    '  mobility sequence 3',
  ])
  expect(formatRoute({ ...row, best: false, noVn: 'has no route target' }).split('\n')[1]).toBe(
    '  may be chosen, from leaf1, for 1m00s: has no route target',
  )
})

test('a route made for another domain says for whom', () => {
  const from = (madeFor: string | null) => formatTable(ROUTES, [{ ...routeRow(0), peer: null, madeFor }], true).split(/ {2,}/)[6]
  expect([from(null), from('fra')]).toEqual(['here', 'here, for fra'])
})

test('the federation shows for each domain its sessions, its VNs and what was kept out', () => {
  expect(formatFederation(source.federation())).toBe(`domain ams in region emea

fra AS 65002
  198.51.100.1 Active for 3s: connection refused
  VN     VNI  State  In  Out  Refused
  web  10100  down    0    0
  kept out: 2 no route target of a shared VN
  of no shared VN: route target 65002:10900
  kept in: 1 refused by policy`)
  const [domain] = source.federation().domains
  const waiting = { ...domain!.peers[0]!, passive: true, lastError: null }
  const text = formatFederation({ region: null, domain: 'ams', domains: [{ ...domain!, peers: [waiting] }] })
  expect(text).toContain('198.51.100.1 Active for 3s: waits to be dialled')
})

test('a policy shows where it is attached, what it has come to, and how often each term has matched', () => {
  expect(formatPolicy(source.policies()[0]!)).toBe(`no-storage: 2 accepted, 2 rejected
  export: domain fra
  Term     Match  Set        Then    Routes
  storage  mac               reject       2
  rest     all    localPref  accept       2`)
  const attached = [{ direction: 'import' as const, to: 'domain fra', undecided: 12 }]
  expect(formatPolicy({ name: 'few', attached, accepted: 0, rejected: 0, terms: [] })).toContain(
    'import: domain fra (12 rejected because no term decided)',
  )
  expect(formatPolicy({ name: 'spare', attached: [], accepted: 0, rejected: 0, terms: [] })).toContain('attached nowhere')
})

test('policies of an NVA that is older than the command and does not count what no term decided show nothing of that', () => {
  const { undecided: _, ...older } = { direction: 'import' as const, to: 'domain fra', undecided: 12 }
  const attached = [older] as unknown as PolicyRow['attached']
  expect(formatPolicy({ name: 'few', attached, accepted: 1, rejected: 0, terms: [] }).split('\n').slice(0, 2)).toEqual([
    'few: 1 accepted, 0 rejected',
    '  import: domain fra',
  ])
})

test('frozen MACs show where they are kept, and below what happened since the start', () => {
  const { macs, watched, total } = source.frozen()
  const lines = (text: string) => text.split('\n').map((line) => line.replaceAll(/ {2,}/g, '|'))
  expect(
    lines(formatFrozen({ macs: [...macs, { ...macs[0]!, thawsInSeconds: null }], watched, total: { ...total, notFrozen: 2 } })),
  ).toEqual([
    'VN|MAC|Kept at|Moved between|Moves|Frozen for|Thaws in|Refused',
    'web|02:00:00:00:00:07|ams|ams fra|5|12s|9m48s|3',
    'web|02:00:00:00:00:07|ams|ams fra|5|12s|-|3',
    '4 watched; since the start 2 frozen, 1 thawed; 2 times one was not frozen, as too many were',
  ])
  expect(lines(formatFrozen({ macs: [], watched, total }))[0]).toBe('no MAC is frozen')
})

test('a policy module that was switched off is told with what it failed on', () => {
  expect(formatTable(MODULES, source.modules())).toBe(
    `Module       Looks at    For    State  Calls  Errors  Overruns  Not asked  On error  Last failure
region-mark  attributes  match  off      120       2        10          2  reject    TypeError: no (/etc/fednva/region-mark.ts:12)`,
  )
})

test('a policy diff shows counts by peer and VN, the routes that were asked for with what decides, and what is not in the figures', async () => {
  const diff = await source.policyDiff('F', 1)
  const [peer] = diff.peers
  expect(
    formatDiff({
      ...diff,
      peers: [peer!, { ...peer!, peer: 'leaf1', vns: [{ vn: null, starts: 1, stops: 0, changes: 0 }, ...peer!.vns] }],
    }),
  ).toBe(
    `Peer              Direction  VN    Start  Stop  Change
fra/198.51.100.1  export     web       0     3       1
leaf1             export     all       0     3       1
                             none      1     0       0
                             web       0     3       1

stops  192.0.2.11:2 [2]:[0]:[48]:[02:00:00:00:00:00] of web
  export to fra/198.51.100.1, from leaf1
  now: told (policy no-storage, term rest); then: not told (policy no-storage, term storage of F)
and more (--limit)

nothing was applied
note: the session with leaf9 would begin anew`,
  )
  expect(formatDiff({ ...diff, peers: [], routes: [], beside: [] })).toBe(
    'no route would cross otherwise (2 looked at); nothing was applied',
  )
  expect(formatDiff({ ...diff, peers: [], routes: [] })).toBe(
    `no route is known to cross otherwise, but see the notes (2 looked at); nothing was applied
note: the session with leaf9 would begin anew`,
  )
})

test('limits and what is stale stand below the VNs', () => {
  const [domain] = source.federation().domains
  const limit = {
    on: 'VN web',
    way: 'in',
    state: 'holding',
    stateSeconds: 5,
    onExcess: 'hold',
    most: 100,
    changesPerSecond: null,
    used: 100,
    waiting: 900,
    excess: 901,
    shed: 0,
  } as const
  const told = { ...limit, on: 'all routes', way: 'out', used: 90, waiting: 20, excess: 20 } as const
  const heldBack = { waits: 20 }
  const vns = [{ ...domain!.vns[0]!, state: 'mismatch' as const, mismatch: ['limits' as const], found: ['more comes'], heldBack }]
  const pace = { changesPerSecond: 500, burst: 5000, waiting: 1, exceeded: 7 }
  const text = formatFederation({
    region: null,
    domain: 'ams',
    domains: [{ ...domain!, vns, limits: [limit, told], pace, staleForSeconds: 61, ownNextHops: ['192.0.2.11', '192.0.2.12'] }],
  })
  expect(
    text
      .split('\n')
      .map((line) => line.replaceAll(/ {2,}/g, '|'))
      .slice(4),
  ).toEqual([
    '|VN|VNI|State|In|Out|Refused',
    '|web|10100|mismatch limits|0|0',
    '|web: more comes',
    '|web: 20 of our routes not told: waits',
    '|Limit on|Way|State|For|Routes|Changes/s|Waiting|Too much|Shed|On excess',
    '|VN web|in|holding|5s|100/100|-|900|901|0|hold',
    '|all routes|out|holding|5s|90/100|-|20|20|0|hold',
    '|told at 500 changes a second, 5000 at once: 1 waits; 7 were told faster, as no more could be remembered',
    '|stale: its routes stand for 1m01s yet',
    '|kept out: 2 no route target of a shared VN',
    '|of no shared VN: route target 65002:10900',
    '|refused: next hops 192.0.2.11 192.0.2.12 of our own domain',
    '|kept in: 1 refused by policy',
  ])
})

test('a domain that is federated with none says so', () => {
  expect(formatFederation({ region: null, domain: 'ams', domains: [] })).toBe('domain ams is federated with none')
})

test('VNs and NVEs show a line each', () => {
  expect(formatTable(VNS, source.vns()).split('\n')[1]?.split(/ {2,}/)).toEqual([
    'web',
    '10100',
    'l2',
    '65001:10100',
    '65001:10100',
    '2',
    '1',
    '2',
    'fra',
  ])
  expect(formatTable(NVES, source.nves()).split('\n')[1]?.split(/ {2,}/)).toEqual([
    'leaf1',
    '192.0.2.11',
    'ams',
    'Established',
    '2',
    '2',
    'web',
  ])
})

test('the status shows the NVA in words', () => {
  const lines = formatStatus(source.status()).split('\n')
  expect(lines.slice(0, 4)).toEqual([
    'NVA        ams-1 of domain ams',
    'AS         65001',
    'Router ID  192.0.2.1',
    'Peers      1 of 1 established',
  ])
  expect(lines).toContain('Refused    300 connections: no peer for the address, or its range is full')
  expect(lines).toContain('Blocked    at most 3.1 ms in the last minute, 12.4 ms since the start')
})
