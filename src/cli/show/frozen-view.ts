import type { FrozenMacRow, FrozenMacsAnswer } from '../../api/schema/frozen.ts'
import { type Column, formatDuration, formatTable } from '../table.ts'
import { list, NONE } from './wording.ts'

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
