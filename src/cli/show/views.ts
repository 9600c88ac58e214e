/** What people see of the API's rows. Programs read `--json` instead, so columns may change. */
import type { FederatedDomainView, FederationView, LimitView, SharedVnView } from '../../api/schema/federation.ts'
import type { FrozenMacRow, FrozenMacsAnswer } from '../../api/schema/frozen.ts'
import type { GatewayRow } from '../../api/schema/gateways.ts'
import type { NveRow } from '../../api/schema/nves.ts'
import type { SessionStateName } from '../../api/schema/parts.ts'
import type { PeerRow } from '../../api/schema/peers.ts'
import type { RouteRow } from '../../api/schema/routes.ts'
import type { StatusView } from '../../api/schema/status.ts'
import type { VnRow } from '../../api/schema/vns.ts'
import { type Column, formatDuration, formatTable } from '../table.ts'
import { type Colour, coloured } from '../terminal.ts'

const NONE = '-'

export const PEERS: readonly Column<PeerRow>[] = [
  { head: 'Peer', cell: (row) => row.name },
  { head: 'Address', cell: (row) => row.address },
  { head: 'Role', cell: (row) => (row.domain === null ? row.role : `${row.role} of ${row.domain}`) },
  { head: 'AS', right: true, cell: (row) => row.asn },
  { head: 'State', cell: (row) => formatState(row.state) },
  { head: 'For', right: true, cell: (row) => formatDuration(row.stateSeconds) },
  { head: 'Received', right: true, cell: (row) => row.routesReceived },
  { head: 'Accepted', right: true, cell: (row) => row.routesAccepted },
  { head: 'Sent', right: true, cell: (row) => row.routesSent },
  { head: 'Held back', right: true, cell: (row) => total(row.withheld) },
  {
    head: 'Why',
    cell: (row) =>
      [row.state === 'Established' ? null : row.lastError, reasons(row.refused), reasons(row.faults)].filter(Boolean).join('; '),
  },
]

/** `*>`: chosen; `*`: may be chosen; `x`: may not. */
export const ROUTES: readonly Column<RouteRow>[] = [
  { head: '', cell: (row) => (row.best ? coloured('green', '*>') : row.accepted ? '*' : coloured('red', 'x')) },
  { head: 'RD', cell: (row) => row.rd ?? NONE },
  { head: 'Route', cell: (row) => row.route },
  { head: 'Next hop', cell: (row) => row.nextHop },
  { head: 'VN', cell: (row) => list(row.vns) },
  { head: 'VNI', cell: (row) => list(row.vnis) },
  { head: 'From', cell: (row) => row.peer ?? (row.madeFor === null ? 'here' : `here, for ${row.madeFor}`) },
  { head: 'Age', right: true, cell: (row) => (row.ageSeconds === null ? NONE : formatDuration(row.ageSeconds)) },
  {
    head: 'Moved',
    right: true,
    cell: (row) => (row.mobility === null ? '' : `${row.mobility.sequence}${row.mobility.sticky ? ' sticky' : ''}`),
  },
  { head: 'AS path', cell: (row) => row.asPath },
  { head: 'Why', cell: (row) => row.refused ?? '' },
]

export const VNS: readonly Column<VnRow>[] = [
  { head: 'VN', cell: (row) => row.name },
  { head: 'VNI', right: true, cell: (row) => row.vni },
  { head: 'Service', cell: (row) => row.service },
  { head: 'Import', cell: (row) => list(row.routeTargets.import) },
  { head: 'Export', cell: (row) => list(row.routeTargets.export) },
  { head: 'Routes', right: true, cell: (row) => row.routes },
  { head: 'NVEs', right: true, cell: (row) => row.nves },
  { head: 'Tenants', right: true, cell: (row) => row.tenantSystems },
  { head: 'Shared with', cell: (row) => list(row.sharedWith) },
]

export const NVES: readonly Column<NveRow>[] = [
  { head: 'NVE', cell: (row) => row.name },
  { head: 'VTEP', cell: (row) => row.vtep },
  { head: 'Domain', cell: (row) => row.domain },
  { head: 'Session', cell: (row) => (row.state === null ? NONE : formatState(row.state)) },
  { head: 'Tenants', right: true, cell: (row) => row.tenantSystems },
  { head: 'Routes', right: true, cell: (row) => row.routes },
  { head: 'VNs', cell: (row) => list(row.vns) },
]

const SHARED_COLOUR: Readonly<Record<SharedVnView['state'], Colour>> = {
  agreed: 'green',
  offered: 'yellow',
  'asked-for': 'yellow',
  mismatch: 'red',
  down: 'red',
}

const LIMITS: readonly Column<LimitView>[] = [
  { head: 'Limit on', cell: (row) => row.on },
  { head: 'Way', cell: (row) => row.way },
  { head: 'State', cell: (row) => coloured(row.state === 'well' ? 'green' : 'red', row.state) },
  { head: 'For', right: true, cell: (row) => formatDuration(row.stateSeconds) },
  { head: 'Routes', right: true, cell: (row) => (row.most === null ? row.used : `${row.used}/${row.most}`) },
  { head: 'Changes/s', right: true, cell: (row) => row.changesPerSecond ?? NONE },
  { head: 'Waiting', right: true, cell: (row) => row.waiting },
  { head: 'Too much', right: true, cell: (row) => row.excess },
  { head: 'Shed', right: true, cell: (row) => row.shed },
  { head: 'On excess', cell: (row) => row.onExcess },
]

const SHARED: readonly Column<SharedVnView>[] = [
  { head: 'VN', cell: (row) => row.vn },
  { head: 'VNI', right: true, cell: (row) => row.vni },
  { head: 'State', cell: (row) => coloured(SHARED_COLOUR[row.state], [row.state, ...row.mismatch].join(' ')) },
  { head: 'In', right: true, cell: (row) => row.routesIn },
  { head: 'Out', right: true, cell: (row) => row.routesOut },
  { head: 'Refused', cell: (row) => reasons(row.refused) },
]

export const GATEWAYS: readonly Column<GatewayRow>[] = [
  { head: 'Gateway', cell: (row) => (row.inside === row.gateway ? row.gateway : `${row.gateway} (inside ${row.inside})`) },
  { head: 'VN', cell: (row) => row.vn },
  { head: 'Domain', cell: (row) => row.domain },
  { head: 'Rank', right: true, cell: (row) => row.rank },
  {
    head: 'State',
    cell: (row) => coloured(row.active ? 'green' : row.up ? 'yellow' : 'red', row.active ? 'active' : row.up ? 'standby' : 'down'),
  },
  { head: 'Watched by', cell: (row) => row.watchedBy },
  { head: 'Local VNI', right: true, cell: (row) => row.local.vni },
  { head: 'Floods to', cell: (row) => list(row.local.vteps) },
  { head: 'Interconnect', right: true, cell: (row) => row.interconnect.vni },
  { head: 'Floods to', cell: (row) => list(row.interconnect.vteps) },
  { head: 'Out', right: true, cell: (row) => row.routesOut },
  { head: 'In', right: true, cell: (row) => row.routesIn },
]

const FROZEN: readonly Column<FrozenMacRow>[] = [
  { head: 'VN', cell: (row) => row.vn },
  { head: 'MAC', cell: (row) => row.mac },
  { head: 'Kept at', cell: (row) => row.keptAt },
  { head: 'Moved between', cell: (row) => list(row.between) },
  { head: 'Moves', right: true, cell: (row) => row.moves },
  { head: 'Frozen for', right: true, cell: (row) => formatDuration(row.frozenSeconds) },
  { head: 'Thaws in', right: true, cell: (row) => (row.thawsInSeconds === null ? NONE : formatDuration(row.thawsInSeconds)) },
  { head: 'Refused', right: true, cell: (row) => row.refusals },
]

export function formatFrozen({ macs, watched, total }: FrozenMacsAnswer): string {
  const { frozen, thawed, forgotten, notFrozen } = total
  const counts = [`${watched} watched`, `since the start ${frozen} frozen, ${thawed} thawed`]
  if (forgotten > 0) counts.push(`${forgotten} forgotten to make room`)
  if (notFrozen > 0) counts.push(`${notFrozen} times one was not frozen, as too many were`)
  return `${macs.length === 0 ? 'no MAC is frozen' : formatTable(FROZEN, macs)}\n${counts.join('; ')}`
}

/** A paragraph for each federated domain. */
export function formatFederation(view: FederationView): string {
  const region = view.region === null ? '' : ` in region ${view.region}`
  if (view.domains.length === 0) return `domain ${view.domain}${region} is federated with none`
  return [`domain ${view.domain}${region}`, ...view.domains.map(formatDomain)].join('\n\n')
}

function formatDomain(domain: FederatedDomainView): string {
  const peers = domain.peers.map(({ address, state, stateSeconds, routesSent }) => {
    const told = state === 'Established' ? `, told ${routesSent} ${routesSent === 1 ? 'route' : 'routes'}` : ''
    return `  ${address} ${formatState(state)} for ${formatDuration(stateSeconds)}${told}`
  })
  const shared = domain.vns.length === 0 ? ['nothing is shared'] : formatTable(SHARED, domain.vns).split('\n')
  const refused = reasons(domain.refused)
  const withheld = reasons(domain.withheld)
  return [
    `${coloured('bold', domain.name)} AS ${domain.asn}`,
    ...peers,
    ...shared.map((line) => `  ${line}`),
    ...domain.vns.flatMap(({ vn, found }) => found.map((what) => `  ${coloured('red', vn)}: ${what}`)),
    ...domain.vns.flatMap(({ vn, heldBack }) =>
      Object.entries(heldBack).map(([why, number]) => `  ${coloured('red', vn)}: ${number} of our routes not told: ${why}`),
    ),
    ...(domain.limits.length === 0
      ? []
      : formatTable(LIMITS, domain.limits)
          .split('\n')
          .map((line) => `  ${line}`)),
    ...(domain.pace === null ? [] : [`  ${formatPace(domain.pace)}`]),
    ...(domain.frozenMacs === 0
      ? []
      : [`  frozen: ${domain.frozenMacs} ${domain.frozenMacs === 1 ? 'MAC' : 'MACs'} that moved too often (show frozen)`]),
    ...(domain.staleForSeconds === null ? [] : [`  stale: its routes stand for ${formatDuration(domain.staleForSeconds)} yet`]),
    ...(refused === '' ? [] : [`  kept out: ${refused}`]),
    ...(domain.unsharedTargets.length === 0 ? [] : [`  of no shared VN: route ${some(domain.unsharedTargets, 'target')}`]),
    ...(withheld === '' ? [] : [`  kept in: ${withheld}`]),
  ].join('\n')
}

function formatPace({ changesPerSecond, burst, waiting, exceeded }: NonNullable<FederatedDomainView['pace']>): string {
  const more = exceeded === 0 ? '' : `; ${exceeded} were told faster, as no more could be remembered`
  return `told at ${changesPerSecond} changes a second, ${burst} at once: ${waiting} ${waiting === 1 ? 'waits' : 'wait'}${more}`
}

export function formatStatus(status: StatusView): string {
  const { lastMinute, ever } = status.longestBlockMs
  const refused = status.connectionsRefused
  const rows: readonly (readonly [string, string])[] = [
    ['NVA', `${status.name} of domain ${status.domain}`],
    ['AS', String(status.asn)],
    ['Router ID', status.routerId],
    ['Peers', `${status.peersEstablished} of ${status.peers} established`],
    ['Routes', String(status.routes)],
    ...(refused === 0
      ? []
      : [
          ['Refused', `${refused} ${refused === 1 ? 'connection' : 'connections'}: no peer for the address, or its range is full`] as const,
        ]),
    ['Up', formatDuration(status.uptimeSeconds)],
    ['Blocked', `at most ${lastMinute} ms in the last minute, ${ever} ms since the start`],
    ['Version', status.version],
  ]
  return rows.map(([what, value]) => `${what.padEnd(10)} ${value}`).join('\n')
}

function formatState(state: SessionStateName): string {
  const colour: Colour = state === 'Established' ? 'green' : state === 'Idle' ? 'red' : 'yellow'
  return coloured(colour, state)
}

function list(items: readonly (string | number)[]): string {
  return items.length === 0 ? NONE : items.join(' ')
}

/** Most names in a line. */
const NAMES_MOST = 8

/** `targets 65002:1 65002:2 and 7 more`. */
function some(names: readonly string[], what: string): string {
  const rest = names.length - NAMES_MOST
  return `${what}${names.length === 1 ? '' : 's'} ${names.slice(0, NAMES_MOST).join(' ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

/** `12 no route target of a shared VN, 1 own cluster in CLUSTER_LIST`. */
function reasons(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([why, count]) => `${count} ${why}`)
    .join(', ')
}
