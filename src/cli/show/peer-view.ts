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
    cell: (row) => {
      const up = row.state === 'Established'
      return [up ? twins(row) : (row.lastError ?? waits(row)), reasons(row.refused), reasons(faultsNow(row, up)), strays(row)]
        .filter(Boolean)
        .join('; ')
    },
  },
]

/** Nobody has come yet. */
export function waits({ passive, authentication }: Pick<PeerRow, 'passive' | 'authentication'>): string | null {
  if (!passive) return null
  return authentication === null
    ? 'waits to be dialled'
    : 'waits to be dialled; another TCP MD5 key at the peer looks like this (nstat -az TcpExtTCPMD5Failure)'
}

function twins({ routerId, sameRouterIdAs: others }: PeerRow): string | null {
  return others.length === 0 ? null : `has the BGP identifier ${routerId} of ${others.join(', ')}: each ignores what the other announces`
}

function strays({ name, routesOfNoVn: count }: PeerRow): string | null {
  // An NVA that is older than this command does not say.
  return !(count > 0) ? null : `${count} of no VN here: show routes --vn - --peer ${name}`
}

/** Of a session that stands, what once ended another one is history; of one that does not, why is said already. */
function faultsNow({ faults, lastError }: PeerRow, up: boolean): Readonly<Record<string, number>> {
  const now = Object.entries(faults).filter(([what]) => {
    const ending = /^session-reset: (.*)$/s.exec(what)?.[1]
    return ending === undefined || (!up && lastError?.includes(ending) !== true)
  })
  return Object.fromEntries(now)
}
