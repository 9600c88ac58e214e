/** `fednva show metrics`: what the API says in numbers, in the text format of Prometheus, for whoever collects them (a textfile collector, an exec input). */
import type { Answer, ApiClient } from '../../api/client.ts'
import type { FederatedDomainView, SharedVnView } from '../../api/schema/federation.ts'
import type { FrozenMacsAnswer } from '../../api/schema/frozen.ts'
import type { GatewayRow } from '../../api/schema/gateways.ts'
import type { PeerRow } from '../../api/schema/peers.ts'
import type { StatusView } from '../../api/schema/status.ts'
import type { VnRow } from '../../api/schema/vns.ts'

type Labels = Readonly<Record<string, string>>

export interface Sample {
  readonly labels: Labels
  readonly value: number
}

export interface Metric {
  readonly name: string
  /** counter: since the start of the NVA. */
  readonly type: 'gauge' | 'counter'
  readonly help: string
  readonly samples: readonly Sample[]
}

/** What metrics are made of. */
export interface Asked {
  readonly status: StatusView
  readonly peers: readonly PeerRow[]
  readonly vns: readonly VnRow[]
  readonly domains: readonly FederatedDomainView[]
  readonly gateways: readonly GatewayRow[]
  readonly frozen: FrozenMacsAnswer
}

const STATES: readonly SharedVnView['state'][] = ['agreed', 'offered', 'asked-for', 'mismatch', 'no-gateway', 'down']

/** Asks for all of it; one answer after the other, so that the NVA is never asked for two things at once. */
export async function askMetrics(client: ApiClient): Promise<Answer<Metric[]>> {
  const status = await client.status()
  if (!status.ok) return status
  const peers = await client.peers()
  if (!peers.ok) return peers
  const vns = await client.vns()
  if (!vns.ok) return vns
  const federation = await client.federation()
  if (!federation.ok) return federation
  const gateways = await client.gateways()
  if (!gateways.ok) return gateways
  const frozen = await client.frozen()
  if (!frozen.ok) return frozen
  const { domains } = federation.value
  return {
    ok: true,
    value: metricsOf({
      status: status.value,
      peers: peers.value.peers,
      vns: vns.value.vns,
      domains,
      gateways: gateways.value.gateways,
      frozen: frozen.value,
    }),
  }
}

export function metricsOf({ status, peers, vns, domains, gateways, frozen }: Asked): Metric[] {
  const metrics: Metric[] = []
  const add = (type: Metric['type'], name: string, help: string, samples: readonly Sample[]): void => {
    const all = samples.map(({ labels, value }) => ({ labels: { nva: status.name, ...labels }, value }))
    metrics.push({ name: `fednva_${name}`, type, help, samples: all })
  }
  const gauge = (name: string, help: string, samples: readonly Sample[]) => add('gauge', name, help, samples)
  const counter = (name: string, help: string, samples: readonly Sample[]) => add('counter', `${name}_total`, help, samples)

  gauge('info', 'The NVA.', [{ labels: { domain: status.domain, version: status.version }, value: 1 }])
  gauge('uptime_seconds', 'Since the start.', one(status.uptimeSeconds))
  gauge(
    'longest_block_seconds',
    'How long its work kept everything else waiting at most, in the last minute.',
    one(status.longestBlockMs.lastMinute / 1000),
  )
  gauge('routes', 'Paths held, of all peers.', one(status.routes))
  counter('connections_refused', 'Connections from addresses that nobody expects.', one(status.connectionsRefused))

  const ofPeers = (value: (row: PeerRow) => number) => peers.map((row) => ({ labels: ofPeer(row), value: value(row) }))
  const reasonsOfPeers = (counts: (row: PeerRow) => Readonly<Record<string, number>>) =>
    peers.flatMap((row) => byReason(ofPeer(row), counts(row)))
  gauge(
    'peer_established',
    '1: the session is up.',
    ofPeers((row) => flag(row.state === 'Established')),
  )
  counter(
    'peer_ups',
    'Times that the session has come up.',
    ofPeers((row) => row.timesUp),
  )
  gauge(
    'peer_routes_received',
    'Routes received.',
    ofPeers((row) => row.routesReceived),
  )
  gauge(
    'peer_routes_accepted',
    'Of those, the ones that may be used.',
    ofPeers((row) => row.routesAccepted),
  )
  gauge(
    'peer_routes_refused',
    'Of those, the ones that may not, by reason.',
    reasonsOfPeers((row) => row.refused),
  )
  gauge(
    'peer_routes_sent',
    'Routes told.',
    ofPeers((row) => row.routesSent),
  )
  gauge(
    'peer_routes_withheld',
    'Routes not told, by reason.',
    reasonsOfPeers((row) => row.withheld),
  )
  counter(
    'peer_faults',
    'What was wrong in its messages, by reason.',
    reasonsOfPeers((row) => row.faults),
  )

  const ofVns = (value: (row: VnRow) => number) => vns.map((row) => ({ labels: { vn: row.name }, value: value(row) }))
  gauge(
    'vn_routes',
    'Routes of the VN.',
    ofVns((row) => row.routes),
  )
  gauge(
    'vn_nves',
    'NVEs in the VN.',
    ofVns((row) => row.nves),
  )
  gauge(
    'vn_tenant_systems',
    'Tenant systems in the VN.',
    ofVns((row) => row.tenantSystems),
  )

  const ofDomains = (value: (row: FederatedDomainView) => number) =>
    domains.map((row) => ({ labels: { domain: row.name }, value: value(row) }))
  gauge(
    'domain_up',
    '1: a session with an NVA of the domain is up.',
    ofDomains((row) => flag(row.peers.some(({ state }) => state === 'Established'))),
  )
  gauge(
    'domain_stale_seconds',
    'How long its routes stand yet, all its NVAs being lost; 0: nothing is stale.',
    ofDomains((row) => row.staleForSeconds ?? 0),
  )
  gauge(
    'domain_frozen_macs',
    'MACs frozen that moved to and from it too often.',
    ofDomains((row) => row.frozenMacs),
  )
  gauge(
    'domain_routes_refused',
    'Routes of it that are not used, by reason.',
    domains.flatMap((row) => byReason({ domain: row.name }, row.refused)),
  )
  gauge(
    'domain_routes_withheld',
    'Routes of shared VNs that it is not told, by reason.',
    domains.flatMap((row) => byReason({ domain: row.name }, row.withheld)),
  )

  const shared = domains.flatMap(({ name, vns: all }) => all.map((row) => ({ row, labels: { domain: name, vn: row.vn } })))
  gauge(
    'shared_vn_state',
    '1 for the state that the VN is in; agreed is good.',
    shared.flatMap(({ row, labels }) => STATES.map((state) => ({ labels: { ...labels, state }, value: flag(row.state === state) }))),
  )
  gauge(
    'shared_vn_routes_in',
    'Routes of the domain in use.',
    shared.map(({ row, labels }) => ({ labels, value: row.routesIn })),
  )
  gauge(
    'shared_vn_routes_out',
    'Routes that the agreement lets out.',
    shared.map(({ row, labels }) => ({ labels, value: row.routesOut })),
  )
  gauge(
    'shared_vn_routes_refused',
    'Routes not used, by reason.',
    shared.flatMap(({ row, labels }) => byReason(labels, row.refused)),
  )
  gauge(
    'shared_vn_routes_held_back',
    'Routes that the domain is not told because of limits, by reason.',
    shared.flatMap(({ row, labels }) => byReason(labels, row.heldBack)),
  )

  const limits = domains.flatMap(({ name, limits: all }) =>
    all.map((row) => ({ row, labels: { domain: name, limit: row.on, way: row.way } })),
  )
  gauge(
    'limit_exceeded',
    '1: something is being done about too much.',
    limits.map(({ row, labels }) => ({ labels, value: flag(row.state !== 'well') })),
  )
  gauge(
    'limit_routes',
    'Routes in use, or told.',
    limits.map(({ row, labels }) => ({ labels, value: row.used })),
  )
  gauge(
    'limit_routes_most',
    'How many may be.',
    limits.flatMap(({ row, labels }) => (row.most === null ? [] : [{ labels, value: row.most }])),
  )
  gauge(
    'limit_waiting',
    'Routes that wait.',
    limits.map(({ row, labels }) => ({ labels, value: row.waiting })),
  )
  counter(
    'limit_excess',
    'Changes that were too much.',
    limits.map(({ row, labels }) => ({ labels, value: row.excess })),
  )
  counter(
    'limit_shed',
    'Of those, the ones that were not kept.',
    limits.map(({ row, labels }) => ({ labels, value: row.shed })),
  )

  gauge('frozen_macs', 'MACs that moved between domains too often.', one(frozen.macs.length))
  counter('macs_frozen', 'MACs that have been frozen.', one(frozen.total.frozen))

  const ofGateways = (value: (row: GatewayRow) => boolean) =>
    gateways.map((row) => ({ labels: { domain: row.domain, vn: row.vn, gateway: row.gateway }, value: flag(value(row)) }))
  gauge(
    'gateway_up',
    '1: the gateway counts as up.',
    ofGateways((row) => row.up),
  )
  gauge(
    'gateway_active',
    '1: it is the one that is told.',
    ofGateways((row) => row.active),
  )
  return metrics.filter(({ samples }) => samples.length > 0)
}

/** Text format 0.0.4. */
export function formatMetrics(metrics: readonly Metric[]): string {
  return metrics
    .flatMap(({ name, type, help, samples }) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} ${type}`,
      ...samples.map(({ labels, value }) => `${name}{${Object.entries(labels).map(formatLabel).join(',')}} ${value}`),
    ])
    .join('\n')
}

function formatLabel([name, value]: [string, string]): string {
  return `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
}

function ofPeer({ name, role, domain }: PeerRow): Labels {
  return domain === null ? { peer: name, role } : { peer: name, role, domain }
}

function byReason(labels: Labels, counts: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(counts).map(([reason, value]) => ({ labels: { ...labels, reason }, value }))
}

const one = (value: number): Sample[] => [{ labels: {}, value }]
const flag = (on: boolean): number => (on ? 1 : 0)
