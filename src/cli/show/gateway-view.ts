import type { GatewayRow } from '../../api/schema/gateways.ts'
import type { Column } from '../table.ts'
import { coloured } from '../terminal.ts'
import { list, NONE, some } from './wording.ts'

export const GATEWAYS: readonly Column<GatewayRow>[] = [
  { head: 'Gateway', cell: (row) => (row.inside === row.gateway ? row.gateway : `${row.gateway} (inside ${row.inside})`) },
  { head: 'VN', cell: (row) => row.vn },
  { head: 'Domain', cell: (row) => row.domain },
  { head: 'Rank', right: true, cell: (row) => row.rank },
  {
    head: 'State',
    cell: (row) => coloured(row.active ? 'green' : row.up ? 'yellow' : 'red', row.active ? 'active' : row.up ? 'standby' : 'down'),
  },
  // An NVA that is older than this command does not say.
  { head: 'Lower than', cell: ({ nvesAbove = [] }) => (nvesAbove.length === 0 ? NONE : some(nvesAbove, 'NVE')) },
  { head: 'Watched by', cell: (row) => row.watchedBy },
  { head: 'Local VNI', right: true, cell: (row) => row.local.vni },
  { head: 'Floods to', cell: (row) => list(row.local.vteps) },
  { head: 'Interconnect', right: true, cell: (row) => row.interconnect.vni },
  { head: 'Floods to', cell: (row) => list(row.interconnect.vteps) },
  { head: 'Out', right: true, cell: (row) => row.routesOut },
  { head: 'In', right: true, cell: (row) => row.routesIn },
]
