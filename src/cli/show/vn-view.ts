import type { VnRow } from '../../api/schema/vns.ts'
import type { Column } from '../table.ts'
import { list } from './wording.ts'

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
