import type { NveRow } from '../../api/schema/nves.ts'
import type { Column } from '../table.ts'
import { formatState, list, NONE } from './wording.ts'

export const NVES: readonly Column<NveRow>[] = [
  { head: 'NVE', cell: (row) => row.name },
  { head: 'VTEP', cell: (row) => row.vtep },
  { head: 'Domain', cell: (row) => row.domain },
  { head: 'Session', cell: (row) => (row.state === null ? NONE : formatState(row.state)) },
  { head: 'Tenants', right: true, cell: (row) => row.tenantSystems },
  { head: 'Routes', right: true, cell: (row) => row.routes },
  { head: 'VNs', cell: (row) => list(row.vns) },
]
