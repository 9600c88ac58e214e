import type { ErrorRow } from '../../src/api/schema/errors.ts'
import type { PeerRow } from '../../src/api/schema/peers.ts'
import type { RouteRow } from '../../src/api/schema/routes.ts'
import type { ApiSource, RoutePosition } from '../../src/api/source.ts'

/** A source of fixed rows: the route `n` of `count` is of MAC `n` in VN web, each second one is not the best. */
export function exampleSource(count = 5): ApiSource {
  return {
    status: () => ({
      name: 'ams-1',
      domain: 'ams',
      asn: 65001,
      routerId: '192.0.2.1',
      version: '0.1.0',
      uptimeSeconds: 12,
      longestBlockMs: { lastSecond: 0, lastMinute: 3.1, ever: 12.4 },
      peers: 1,
      peersEstablished: 1,
      connectionsRefused: 300,
      routes: count,
    }),
    peers: () => [PEER],
    explain: () => [],
    modules: () => [
      {
        name: 'region-mark',
        file: '/etc/fednva/region-mark.ts',
        looksAt: 'attributes',
        match: true,
        set: false,
        onError: 'reject',
        budgetMs: 10,
        state: 'off',
        calls: 120,
        errors: 2,
        overruns: 10,
        spared: count,
        lastFailure: 'TypeError: no (/etc/fednva/region-mark.ts:12)',
      },
    ],
    policies: () => [
      {
        name: 'no-storage',
        attached: [{ direction: 'export', to: 'domain fra' }],
        accepted: count,
        rejected: 2,
        terms: [
          { term: 'storage', match: ['mac'], set: [], decides: 'reject', routes: 2, sets: 0 },
          { term: 'rest', match: [], set: ['localPref'], decides: 'accept', routes: count, sets: 1 },
        ],
      },
    ],
    policyDiff: async (candidate, limit) => ({
      asked: true,
      problems: [],
      warnings: [],
      changes: [{ what: 'policies changed', count: 1, which: ['no-storage (terms)'] }],
      beside: ['the session with leaf9 would begin anew'],
      looked: count,
      peers: [
        {
          peer: 'fra/198.51.100.1',
          direction: 'export',
          starts: 0,
          stops: 3,
          changes: 1,
          vns: [{ vn: 'web', starts: 0, stops: 3, changes: 1 }],
        },
      ],
      routes: Array.from({ length: Math.min(limit, 3) }, (_, n) => ({
        direction: 'export' as const,
        outcome: 'stops' as const,
        peers: ['fra/198.51.100.1'],
        peersInAll: 1,
        source: 'leaf1',
        rd: '192.0.2.11:2',
        route: `[2]:[0]:[48]:[02:00:00:00:00:0${n}]`,
        routeType: 2,
        vns: ['web'],
        now: 'policy no-storage, term rest',
        later: `policy no-storage, term storage of ${candidate}`,
        changes: [],
      })),
      more: limit < 3,
    }),
    vns: () => [
      {
        name: 'web',
        vni: 10100,
        service: 'l2',
        routeTargets: { import: ['65001:10100'], export: ['65001:10100'] },
        routes: count,
        nves: 1,
        tenantSystems: count,
        sharedWith: ['fra'],
      },
    ],
    nves: () => [
      { name: 'leaf1', vtep: '192.0.2.11', domain: 'ams', state: 'Established', vns: ['web'], tenantSystems: count, routes: count },
    ],
    federation: () => ({
      region: 'emea',
      domain: 'ams',
      domains: [
        {
          name: 'fra',
          asn: 65002,
          peers: [{ name: 'fra/198.51.100.1', address: '198.51.100.1', state: 'Active', stateSeconds: 3, routesSent: 0 }],
          vns: [{ vn: 'web', vni: 10100, state: 'down', mismatch: [], found: [], routesIn: 0, routesOut: 0, refused: {}, heldBack: {} }],
          frozenMacs: 0,
          pace: null,
          limits: [],
          staleForSeconds: null,
          refused: { 'no route target of a shared VN': 2 },
          unsharedTargets: ['65002:10900'],
          withheld: { 'refused by policy': 1 },
        },
      ],
    }),
    gateways: () => [
      {
        gateway: '192.0.2.250',
        inside: '10.0.0.250',
        routerMac: '02:00:5e:00:00:01',
        vn: 'web',
        domain: 'fra',
        rank: 1,
        up: true,
        watchedBy: 'session',
        active: true,
        local: { vni: 10100, vteps: ['192.0.2.11'] },
        interconnect: { vni: 70007, vteps: ['198.51.100.250'] },
        routesOut: count,
        routesIn: 1,
      },
    ],
    frozen: () => ({
      macs: [
        {
          vn: 'web',
          mac: '02:00:00:00:00:07',
          keptAt: 'ams',
          between: ['ams', 'fra'],
          moves: 5,
          frozenSeconds: 12,
          thawsInSeconds: 588,
          refusals: 3,
        },
      ],
      watched: 4,
      total: { frozen: 2, thawed: 1, forgotten: 0, notFrozen: 0 },
    }),
    thaw: (vn, mac) => vn === 'web' && mac === '02:00:00:00:00:07',
    sayGateway: (address) => address === '192.0.2.250',
    reload: async () => ({
      applied: true,
      problems: [],
      warnings: [],
      changes: [{ what: 'peers added', count: 1, which: ['leaf9'] }],
    }),
    errors: () => ({ errors: [ERROR], forgotten: 1 }),
    routes: function* (_query, after): Generator<RoutePosition> {
      for (let n = after === null ? 0 : Number(after) + 1; n < count; n++) yield { cursor: String(n), row: routeRow(n) }
    },
  }
}

const PEER: PeerRow = {
  name: 'leaf1',
  address: '192.0.2.11',
  port: 179,
  role: 'nve',
  group: 'leaves',
  domain: null,
  asn: 65001,
  state: 'Established',
  stateSeconds: 3725,
  routerId: '192.0.2.11',
  holdTimeSeconds: 9,
  families: ['l2vpn evpn'],
  routesReceived: 6,
  routesAccepted: 5,
  routesSent: 0,
  refused: { 'own cluster in CLUSTER_LIST': 1 },
  withheld: {},
  faults: { 'treat-as-withdraw: ORIGIN value 9': 1 },
  messagesIn: 40,
  messagesOut: 41,
  lastError: null,
}

/** An UPDATE with ORIGIN 9 and no NLRI. */
const ERROR: ErrorRow = {
  number: 2,
  time: '2026-01-02T03:04:05.000Z',
  peer: 'leaf1',
  address: '192.0.2.11',
  reach: 'treat-as-withdraw',
  why: 'ORIGIN value 9',
  notification: null,
  hex: `${'ff'.repeat(16)}001b020000000440010109`,
  fourOctetAs: true,
  internal: true,
}

export function routeRow(n: number): RouteRow {
  const mac = `02:00:00:00:00:${n.toString(16).padStart(2, '0')}`
  return {
    family: 'l2vpn evpn',
    rd: '192.0.2.11:2',
    route: `[2]:[0]:[48]:[${mac}]:[32]:[10.1.0.${n}]`,
    routeType: 2,
    vns: ['web'],
    nextHop: '192.0.2.11',
    routeTargets: ['65001:10100'],
    vnis: [10100],
    esi: null,
    gatewayIp: null,
    mac,
    ip: `10.1.0.${n}`,
    prefix: null,
    best: n % 2 === 0,
    peer: 'leaf1',
    madeFor: null,
    stale: false,
    origin: 'igp',
    asPath: '',
    localPref: 100,
    med: null,
    originatorId: null,
    clusterList: [],
    communities: [],
    extCommunities: ['rt:65001:10100', 'encap:vxlan'],
    mobility: { sequence: 3, sticky: false },
    ageSeconds: 60,
    accepted: true,
    refused: null,
  }
}
