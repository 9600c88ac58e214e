import type { PeerRow } from '../../api/schema/peers.ts'
import { type Column, formatDuration } from '../table.ts'
import { formatState, reasons, total } from './wording.ts'

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
      [row.state === 'Established' ? twins(row) : row.lastError, reasons(row.refused), reasons(row.faults)].filter(Boolean).join('; '),
  },
]

function twins({ routerId, sameRouterIdAs: others }: PeerRow): string | null {
  return others.length === 0 ? null : `has the BGP identifier ${routerId} of ${others.join(', ')}: each ignores what the other announces`
}
