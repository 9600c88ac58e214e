/** `fednva show metrics`: every number has its name, its type and labels that no other has. */
import { expect, test } from 'vitest'
import type { LimitView } from '../../../src/api/schema/federation.ts'
import { type Asked, formatMetrics, metricsOf } from '../../../src/cli/show/metrics.ts'
import { exampleSource } from '../../api/example-source.ts'

function asked(): Asked {
  const source = exampleSource(2)
  const [domain] = source.federation().domains
  const [shared] = domain?.vns ?? []
  if (domain === undefined || shared === undefined) throw new Error('no example')
  const limit: LimitView = {
    ...{ on: 'VN web', way: 'in', state: 'holding', stateSeconds: 5, onExcess: 'hold', most: 100 },
    ...{ changesPerSecond: null, used: 100, waiting: 900, excess: 901, shed: 3 },
  }
  const vns = [{ ...shared, state: 'mismatch', refused: { 'waits: "too much"': 900 }, heldBack: { waits: 20 } } as const]
  return {
    status: source.status(),
    peers: source.peers(),
    vns: source.vns(),
    domains: [{ ...domain, vns, limits: [limit, { ...limit, way: 'out', state: 'well', most: null }], staleForSeconds: 61, frozenMacs: 2 }],
    gateways: source.gateways(),
    frozen: source.frozen(),
  }
}

const lines = formatMetrics(metricsOf(asked())).split('\n')
const nva = exampleSource(2).status().name

test.each([
  ['fednva_domain_up{nva="NVA",domain="fra"} 0'],
  ['fednva_domain_stale_seconds{nva="NVA",domain="fra"} 61'],
  ['fednva_domain_frozen_macs{nva="NVA",domain="fra"} 2'],
  ['fednva_domain_routes_refused{nva="NVA",domain="fra",reason="no route target of a shared VN"} 2'],
  ['fednva_shared_vn_state{nva="NVA",domain="fra",vn="web",state="mismatch"} 1'],
  ['fednva_shared_vn_state{nva="NVA",domain="fra",vn="web",state="agreed"} 0'],
  ['fednva_shared_vn_routes_refused{nva="NVA",domain="fra",vn="web",reason="waits: \\"too much\\""} 900'],
  ['fednva_shared_vn_routes_held_back{nva="NVA",domain="fra",vn="web",reason="waits"} 20'],
  ['fednva_limit_exceeded{nva="NVA",domain="fra",limit="VN web",way="in"} 1'],
  ['fednva_limit_exceeded{nva="NVA",domain="fra",limit="VN web",way="out"} 0'],
  ['fednva_limit_routes_most{nva="NVA",domain="fra",limit="VN web",way="in"} 100'],
  ['fednva_limit_waiting{nva="NVA",domain="fra",limit="VN web",way="in"} 900'],
  ['fednva_limit_shed_total{nva="NVA",domain="fra",limit="VN web",way="in"} 3'],
  ['fednva_gateway_up{nva="NVA",domain="fra",vn="web",gateway="192.0.2.250"} 1'],
])('%s', (line) => {
  expect(lines).toContain(line.replaceAll('NVA', nva))
})

test('each series stands once, below the name and type of its metric', () => {
  const series = lines.filter((line) => !line.startsWith('#')).map((line) => line.slice(0, line.lastIndexOf(' ')))
  expect(new Set(series).size).toBe(series.length)
  let metric = ''
  for (const line of lines) {
    const named = /^# TYPE (\w+) (gauge|counter)$/.exec(line)
    if (named !== null) {
      metric = named[1] ?? ''
      expect(metric.endsWith('_total')).toBe(named[2] === 'counter')
    } else if (!line.startsWith('#'))
      expect(line).toMatch(new RegExp(`^${metric}\\{([a-z_]+="([^"\\\\\\n]|\\\\["\\\\n])*",?)+\\} -?[0-9.e+]+$`))
  }
})

test('what there is nothing of has no metric: an NVA without other domains tells of none', () => {
  const alone = formatMetrics(metricsOf({ ...asked(), domains: [], gateways: [] }))
  expect(alone).not.toMatch(/fednva_(domain|shared_vn|limit|gateway)_/)
  expect(alone).toMatch(/^fednva_peer_established\{/m)
})
