/** `fednva policy explain`: the way of routes through policy, for people or, with `--json`, as the API tells it. */
import type { ApiClient, ExplainFilter } from '../../api/client.ts'
import { isCalled } from '../../api/peer-names.ts'
import type { ExplainAnswer, ExplainRow } from '../../api/schema/explain.ts'
import { type AskOptions, answered, clientOf } from '../ask.ts'
import { FAILED, OK } from '../exit.ts'
import { say, written } from '../terminal.ts'

/** Without `--limit`: more nobody reads. */
const MOST = 20
const PAGE = 100

export async function explain(options: AskOptions, filter: ExplainFilter, limit = MOST): Promise<number> {
  const client = await clientOf(options)
  if (client === null) return FAILED
  const rows: ExplainRow[] = []
  let after: string | null = null
  do {
    const page: ExplainAnswer | null = answered(await client.explain(filter, Math.min(PAGE, limit - rows.length), after))
    if (page === null) return FAILED
    rows.push(...page.routes)
    after = page.next
  } while (after !== null && rows.length < limit)
  const shown = rows.slice(0, limit)
  if (options.json === true) say(JSON.stringify({ routes: shown, next: after }, null, 2))
  else {
    for (const row of shown) {
      say(formatExplanation(row))
      await written()
    }
    if (shown.length === 0) say(await whyNothing(client, filter))
    else say(`${shown.length} shown${after === null ? '' : ', there may be more (--limit)'}`)
  }
  return OK
}

/** Where to look on when nothing was to be explained: a route that is not used is told to nobody, and whose it is knows why. */
async function whyNothing(client: ApiClient, { peer, type, rd, mac, ip, heldBack }: ExplainFilter): Promise<string> {
  if (heldBack === true) return 'nothing of this is held back'
  const [peers, routes] = [await client.peers(), await client.routes({ type, rd, mac, ip }, PAGE, null)]
  if (!peers.ok || !routes.ok || routes.value.routes.length === 0) return 'no such routes'
  const asked = peers.value.peers.find((one) => isCalled(one, peer))
  if (asked !== undefined && asked.state !== 'Established') return `${asked.name} has no session (${asked.state}); the routes are there`
  const lines = new Set(
    routes.value.routes.map(({ peer: from, refused, best }) => {
      const state = best ? 'used' : `not used: ${refused ?? 'another one is chosen'}`
      return `  from ${from ?? 'here'}: ${state}`
    }),
  )
  return ['nothing of this comes from that peer or is told to it; what is there:', ...[...lines].slice(0, MOST)].join('\n')
}

/** Lines for people: the route, every term that was asked, and what came of it. */
export function formatExplanation(row: ExplainRow): string {
  const { direction, peer, source, rd, route, gone, refusedBefore, chains, because, verdict, effective, heldBack } = row
  const way = direction === 'import' ? `import from ${peer}` : `export to ${peer}, ${source === null ? 'made here' : `from ${source}`}`
  const lines = [`${rd === null ? '' : `${rd} `}${route}`, `  ${way}${gone === null ? '' : `; the route went ${gone}`}`]
  if (refusedBefore !== null) lines.push(`  refused before policy: ${refusedBefore}`)
  for (const chain of chains) {
    lines.push(`  ${chain.policies.join(', ')}`)
    for (const term of chain.terms) {
      lines.push(`    ${term.decided === null ? '-' : '*'} ${term.policy}/${term.term}: ${termText(term)}`)
      for (const { what, before, after } of term.changes) lines.push(`        ${what}: ${before ?? 'none'} -> ${after ?? 'none'}`)
    }
    if (chain.byEnd) lines.push(`    * end: ${chain.verdict}`)
  }
  const state = effective ? (direction === 'import' ? 'chosen' : 'told') : direction === 'import' ? 'not chosen' : 'not told'
  const why = heldBack === null ? '' : `, ${heldBack}`
  return [...lines, `  ${verdict}: ${because}${gone === null ? ` (${state}${why})` : ''}`, ''].join('\n')
}

function termText({ tests, matched, failure, decided }: ExplainRow['chains'][number]['terms'][number]): string {
  const asked = tests.flatMap(({ module, held }) => (held === null ? [] : [`${module} ${held ? 'yes' : 'no'}`]))
  const outcome = failure !== null ? `${failure.module} failed (${failure.why}), ${decided}` : matched ? `matches, ${decided}` : ''
  return [asked.join(', '), outcome].filter((part) => part !== '').join('; ')
}
