/** `fednva show ...`: asks a running fednva and prints tables for people or, with `--json`, the API's own answer for programs. */
import { type Answer, type ApiClient, type RouteFilter, routePages } from '../../api/client.ts'
import { isCalled, noSuchPeer } from '../../api/peer-names.ts'
import type { ErrorsAnswer } from '../../api/schema/errors.ts'
import { type AskOptions, answered, ask, clientOf } from '../ask.ts'
import { FAILED, OK } from '../exit.ts'
import { type Column, formatTable, LongTable } from '../table.ts'
import { say, written } from '../terminal.ts'
import { formatErrors } from './error-view.ts'
import { formatFederation } from './federation-view.ts'
import { formatFrozen } from './frozen-view.ts'
import { GATEWAYS } from './gateway-view.ts'
import { askMetrics, formatMetrics } from './metrics.ts'
import { MODULES } from './module-view.ts'
import { NVES } from './nve-view.ts'
import { PEERS } from './peer-view.ts'
import { formatPolicy } from './policy-view.ts'
import { formatRoute } from './route-detail.ts'
import { ROUTES } from './route-view.ts'
import { formatStatus } from './status-view.ts'
import { VNS } from './vn-view.ts'

/** What comes in one answer; routes come in pages. */
export type Shown =
  | 'peers'
  | 'vns'
  | 'nves'
  | 'federation'
  | 'gateways'
  | 'frozen'
  | 'policies'
  | 'modules'
  | 'errors'
  | 'status'
  | 'metrics'

/** What can be shown in one answer. `peer`: errors from this one only. Gives the exit code. */
export const SHOW: Readonly<Record<Shown, (options: AskOptions, peer?: string) => Promise<number>>> = {
  peers: (options) =>
    answer(
      options,
      (client) => client.peers(),
      ({ peers }) => rows(PEERS, peers, 'no peers'),
    ),
  vns: (options) =>
    answer(
      options,
      (client) => client.vns(),
      ({ vns }) => rows(VNS, vns, 'no VNs: a plain reflector'),
    ),
  nves: (options) =>
    answer(
      options,
      (client) => client.nves(),
      ({ nves }) => rows(NVES, nves, 'no NVEs'),
    ),
  federation: (options) => answer(options, (client) => client.federation(), formatFederation),
  gateways: (options) =>
    answer(
      options,
      (client) => client.gateways(),
      ({ gateways }) => rows(GATEWAYS, gateways, 'no gateways: what crosses, crosses directly'),
    ),
  frozen: (options) => answer(options, (client) => client.frozen(), formatFrozen),
  modules: (options) =>
    answer(
      options,
      (client) => client.modules(),
      ({ modules }) => rows(MODULES, modules, 'no policy modules of your own'),
    ),
  policies: (options) =>
    answer(
      options,
      (client) => client.policies(),
      ({ policies }) => (policies.length === 0 ? 'no policies' : policies.map(formatPolicy).join('\n\n')),
    ),
  errors: (options, peer) =>
    answer(
      options,
      (client) => errorsOf(client, peer),
      (all) => formatErrors(all),
    ),
  status: (options) => answer(options, (client) => client.status(), formatStatus),
  metrics: (options) => answer(options, askMetrics, formatMetrics),
}

/** The errors of one peer, or of all. A peer that is gone may still have some; a name that nobody has ever had is a slip of the pen, and said to be. */
async function errorsOf(client: ApiClient, peer: string | undefined): Promise<Answer<ErrorsAnswer>> {
  const all = await client.errors()
  if (!all.ok || peer === undefined) return all
  const errors = all.value.errors.filter((row) => isCalled({ name: row.peer, address: row.address }, peer))
  if (errors.length > 0) return { ok: true, value: { ...all.value, errors } }
  const peers = await client.peers()
  if (!peers.ok) return peers
  const known = peers.value.peers.some((one) => isCalled(one, peer))
  return known
    ? { ok: true, value: { ...all.value, errors } }
    : { ok: false, why: `${noSuchPeer(peers.value.peers, peer)}; and nothing is kept of one that is gone` }
}

async function answer<T>(
  options: AskOptions,
  question: (client: ApiClient) => Promise<Answer<T>>,
  format: (value: T) => string,
): Promise<number> {
  const value = await ask(options, question)
  if (value === null) return FAILED
  say(options.json ? JSON.stringify(value, null, 2) : format(value))
  return OK
}

export interface RouteOptions {
  /** At most so many. */
  readonly limit?: number | undefined
  /** All that is known of each, in place of a table. */
  readonly detail?: boolean | undefined
}

/** Page by page, so that a million routes need no more memory than a thousand. With `--json` the pages are joined to one answer. */
export async function showRoutes(options: AskOptions, filter: RouteFilter, { limit, detail }: RouteOptions): Promise<number> {
  const client = await clientOf(options)
  if (client === null) return FAILED
  let shown = 0
  let next: string | null | undefined
  const table = new LongTable(ROUTES, say)
  for await (const page of routePages(client, filter, limit)) {
    const value = answered(page)
    if (value === null) return FAILED
    const { routes } = value
    if (options.json && next === undefined) say('{"routes":[')
    next = value.next
    if (options.json) for (const [i, row] of routes.entries()) say(`${shown + i === 0 ? '' : ','}${JSON.stringify(row)}`)
    else if (detail) for (const row of routes) say(`${formatRoute(row)}\n`)
    else table.add(routes)
    shown += routes.length
    await written()
  }
  table.end()
  if (options.json) say(`],"next":${JSON.stringify(next ?? null)}}`)
  else say(shown === 0 ? 'no such routes' : `${shown} ${shown === 1 ? 'route' : 'routes'}${next === null ? '' : ', ended by --limit'}`)
  return OK
}

function rows<Row>(columns: readonly Column<Row>[], all: readonly Row[], none: string): string {
  return all.length === 0 ? none : formatTable(columns, all)
}
