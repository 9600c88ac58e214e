import type { FederatedDomainView, FederationView, LimitView, SharedVnView } from '../../api/schema/federation.ts'
import { type Column, formatDuration, formatTable } from '../table.ts'
import { type Colour, coloured } from '../terminal.ts'
import { waits } from './peer-view.ts'
import { formatState, NONE, reasons, some } from './wording.ts'

const SHARED_COLOUR: Readonly<Record<SharedVnView['state'], Colour>> = {
  agreed: 'green',
  offered: 'yellow',
  'asked-for': 'yellow',
  mismatch: 'red',
  'no-gateway': 'red',
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

/** A paragraph for each federated domain. */
export function formatFederation(view: FederationView): string {
  const region = view.region === null ? '' : ` in region ${view.region}`
  if (view.domains.length === 0) return `domain ${view.domain}${region} is federated with none`
  return [`domain ${view.domain}${region}`, ...view.domains.map(formatDomain)].join('\n\n')
}

function formatDomain(domain: FederatedDomainView): string {
  const peers = domain.peers.map((peer) => {
    const { address, state, stateSeconds, lastError, routesSent } = peer
    const told = `, told ${routesSent} ${routesSent === 1 ? 'route' : 'routes'}`
    // An NVA that is older than this command does not say why.
    const why = lastError ?? waits(peer)
    const more = state === 'Established' ? told : why ? `: ${why}` : ''
    return `  ${address} ${formatState(state)} for ${formatDuration(stateSeconds)}${more}`
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
    // An NVA that is older than this command does not say.
    ...((domain.ownNextHops?.length ?? 0) === 0 ? [] : [`  refused: ${some(domain.ownNextHops, 'next hop')} of our own domain`]),
    ...(withheld === '' ? [] : [`  kept in: ${withheld}`]),
  ].join('\n')
}

function formatPace({ changesPerSecond, burst, waiting, exceeded }: NonNullable<FederatedDomainView['pace']>): string {
  const more = exceeded === 0 ? '' : `; ${exceeded} were told faster, as no more could be remembered`
  return `told at ${changesPerSecond} changes a second, ${burst} at once: ${waiting} ${waiting === 1 ? 'waits' : 'wait'}${more}`
}
