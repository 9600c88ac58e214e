/** `fednva policy diff`: what another configuration would do to the routes of a running fednva, for people or, with `--json`, as the API tells it. */
import { resolve } from 'node:path'
import type { PolicyDiffAnswer } from '../../api/schema/policy-diff.ts'
import { type AskOptions, ask } from '../ask.ts'
import { FAILED, OK } from '../exit.ts'
import { type Column, formatTable } from '../table.ts'
import { type Colour, coloured, complain, say } from '../terminal.ts'

/** Without `--limit`. */
const MOST = 20

export async function policyDiff(options: AskOptions, candidate: string, limit = MOST): Promise<number> {
  const answer = await ask(options, (client) => client.policyDiff(resolve(candidate), limit))
  if (answer === null) return FAILED
  if (options.json === true) say(JSON.stringify(answer, null, 2))
  else {
    for (const problem of answer.problems) complain(problem)
    for (const warning of answer.warnings) complain(`warning: ${warning}`)
    if (answer.asked) say(formatDiff(answer))
  }
  return answer.asked ? OK : FAILED
}

interface CountRow {
  readonly peer: string
  readonly direction: string
  readonly vn: string
  readonly starts: number
  readonly stops: number
  readonly changes: number
}

const COUNTS: readonly Column<CountRow>[] = [
  { head: 'Peer', cell: (row) => row.peer },
  { head: 'Direction', cell: (row) => row.direction },
  { head: 'VN', cell: (row) => row.vn },
  { head: 'Start', right: true, cell: (row) => row.starts },
  { head: 'Stop', right: true, cell: (row) => row.stops },
  { head: 'Change', right: true, cell: (row) => row.changes },
]

const COLOUR: Readonly<Record<PolicyDiffAnswer['routes'][number]['outcome'], Colour>> = { starts: 'green', stops: 'red', changes: 'yellow' }

/** What would be otherwise: counts, then the routes that were asked for. */
export function formatDiff({ peers, routes, more, beside, looked }: PolicyDiffAnswer): string {
  const notes = beside.map((note) => `note: ${note}`)
  if (peers.length === 0) {
    const known = notes.length === 0 ? 'no route would cross otherwise' : 'no route is known to cross otherwise, but see the notes'
    return [`${known} (${looked} looked at); nothing was applied`, ...notes].join('\n')
  }
  const counts = peers.flatMap(({ vns, ...all }): CountRow[] => {
    const [only] = vns
    if (vns.length === 1 && only !== undefined) return [{ ...all, vn: only.vn ?? 'none' }]
    return [{ ...all, vn: 'all' }, ...vns.map(({ vn, ...some }) => ({ peer: '', direction: '', vn: vn ?? 'none', ...some }))]
  })
  const listed = routes.length === 0 ? [] : ['', ...routes.map(formatRoute), ...(more ? ['and more (--limit)'] : [])]
  return [formatTable(COUNTS, counts), ...listed, '', 'nothing was applied', ...notes].join('\n')
}

function formatRoute(row: PolicyDiffAnswer['routes'][number]): string {
  const { direction, outcome, peers, peersInAll, source, rd, route, vns, now, later, changes } = row
  const whom = `${peers.join(', ')}${peersInAll > peers.length ? ` and ${peersInAll - peers.length} more` : ''}`
  const way = direction === 'import' ? `import from ${whom}` : `export to ${whom}, ${source === null ? 'made here' : `from ${source}`}`
  const lines = [
    `${coloured(COLOUR[outcome], outcome)}  ${rd === null ? '' : `${rd} `}${route}${vns.length === 0 ? '' : ` of ${vns.join(', ')}`}`,
    `  ${way}`,
    `  now: ${standing(direction, outcome !== 'starts', now)}; then: ${standing(direction, outcome !== 'stops', later)}`,
    ...changes.map(({ what, before, after }) => `    ${what}: ${before ?? 'none'} -> ${after ?? 'none'}`),
  ]
  return lines.join('\n')
}

/** `by`: what policy says of the route, in words; null: there is no such route. Not told does not mean rejected: nobody is told what is his own. */
function standing(direction: PolicyDiffAnswer['routes'][number]['direction'], crosses: boolean, by: string | null): string {
  if (by === null) return 'no such route'
  return `${crosses ? '' : 'not '}${direction === 'import' ? 'used' : 'told'} (${by})`
}
