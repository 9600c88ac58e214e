import type { RouteRow } from '../../api/schema/routes.ts'
import { type Column, formatDuration } from '../table.ts'
import { coloured } from '../terminal.ts'
import { list, NONE } from './wording.ts'

/** `*>`: chosen; `*`: may be chosen; `x`: may not. */
export const ROUTES: readonly Column<RouteRow>[] = [
  { head: '', cell: (row) => (row.best ? coloured('green', '*>') : row.accepted ? '*' : coloured('red', 'x')) },
  { head: 'RD', cell: (row) => row.rd ?? NONE },
  { head: 'Route', cell: (row) => row.route },
  { head: 'Next hop', cell: (row) => row.nextHop },
  { head: 'VN', cell: (row) => list(row.vns) },
  { head: 'VNI', cell: (row) => list(row.vnis) },
  { head: 'From', cell: sourceOf },
  { head: 'Age', right: true, cell: (row) => (row.ageSeconds === null ? NONE : formatDuration(row.ageSeconds)) },
  {
    head: 'Moved',
    right: true,
    cell: (row) => (row.mobility === null ? '' : `${row.mobility.sequence}${row.mobility.sticky ? ' sticky' : ''}`),
  },
  { head: 'AS path', cell: (row) => row.asPath },
  { head: 'Why', cell: unusual },
]

/** Whom it came from. */
export function sourceOf({ peer, madeFor }: RouteRow): string {
  return peer ?? (madeFor === null ? 'here' : `here, for ${madeFor}`)
}

/** Why it is not used, or what else is to be known of it; empty: nothing. */
export function unusual({ refused, stale, noVn }: RouteRow): string {
  // An NVA that is older than this command does not say why a route is of no VN.
  return refused ?? (stale ? 'stale: the NVAs of its domain are lost' : (noVn ?? ''))
}
