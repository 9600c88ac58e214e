/** What people see of policy modules of the operator's own. */
import type { ModuleRow } from '../../api/schema/modules.ts'
import type { Column } from '../table.ts'
import { coloured } from '../terminal.ts'

export const MODULES: readonly Column<ModuleRow>[] = [
  { head: 'Module', cell: (row) => row.name },
  { head: 'Looks at', cell: (row) => row.looksAt },
  { head: 'For', cell: (row) => [row.match ? 'match' : '', row.set ? 'set' : ''].filter((part) => part !== '').join(' ') },
  { head: 'State', cell: (row) => (row.state === 'off' ? coloured('red', 'off') : row.state) },
  { head: 'Calls', right: true, cell: (row) => row.calls },
  { head: 'Errors', right: true, cell: (row) => row.errors },
  { head: 'Overruns', right: true, cell: (row) => row.overruns },
  { head: 'Not asked', right: true, cell: (row) => row.spared },
  { head: 'On error', cell: (row) => row.onError },
  { head: 'Last failure', cell: (row) => row.lastFailure ?? '' },
]
