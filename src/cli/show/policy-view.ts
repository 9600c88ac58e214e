/** What people see of policies. */
import type { PolicyRow } from '../../api/schema/policies.ts'
import { type Column, formatTable } from '../table.ts'
import { coloured } from '../terminal.ts'

const TERMS: readonly Column<PolicyRow['terms'][number]>[] = [
  { head: 'Term', cell: (row) => row.term },
  { head: 'Match', cell: (row) => (row.match.length === 0 ? 'all' : row.match.join(' ')) },
  { head: 'Set', cell: (row) => row.set.join(' ') },
  { head: 'Then', cell: (row) => row.decides },
  { head: 'Routes', right: true, cell: (row) => row.routes },
]

/** A paragraph: where it is attached, what it has come to, its terms. */
export function formatPolicy({ name, attached, accepted, rejected, terms }: PolicyRow): string {
  // An NVA that is older than this command does not say.
  const undecided = (routes: number) => (!(routes > 0) ? '' : ` (${routes} rejected because no term decided)`)
  const of = (direction: 'import' | 'export') =>
    attached.filter((one) => one.direction === direction).map((one) => one.to + undecided(one.undecided))
  const places = (['import', 'export'] as const).flatMap((direction) => {
    const list = of(direction)
    return list.length === 0 ? [] : [`  ${direction}: ${list.join(', ')}`]
  })
  return [
    `${coloured('bold', name)}: ${accepted} accepted, ${rejected} rejected`,
    ...(places.length === 0 ? ['  attached nowhere'] : places),
    ...formatTable(TERMS, terms)
      .split('\n')
      .map((line) => `  ${line}`),
  ].join('\n')
}
