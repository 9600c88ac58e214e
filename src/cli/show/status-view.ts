import type { StatusView } from '../../api/schema/status.ts'
import { formatDuration } from '../table.ts'

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
