/** The HTTP side of the API: which path is answered with what. Loaded when somebody asks for the first time (see `server.ts`). */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { isAbsolute } from 'node:path'
import { formatMac, parseMac } from '../address/mac.ts'
import { formatUnreadable } from '../address/parsed.ts'
import { isCalled, noSuchPeer, someOf } from './peer-names.ts'
import { explainMatches, NO_VN, parseExplainQuery, parseRouteQuery, type RouteQuery, routeMatches } from './route-query.ts'
import type { ExplainAnswer, ExplainRow } from './schema/explain.ts'
import type { PolicyDiffAnswer } from './schema/policy-diff.ts'
import type { ReloadAnswer } from './schema/reload.ts'
import type { RouteRow, RoutesAnswer } from './schema/routes.ts'
import type { ApiSource } from './source.ts'

/** A page of routes ends after this time, full or not, so that keepalives are never late for somebody who looks. */
const PAGE_MS = 4

/** HTTP status and what stands in the body. */
interface Outcome {
  readonly status: number
  readonly body: unknown
}

export interface ApiOptions {
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number
  /** Told of a bug of ours: a source that threw. */
  readonly failed?: (error: Error, path: string) => void
}

/** A server that listens nowhere: it answers on connections that it is handed as `connection` events. */
export function httpServer(source: ApiSource, options: ApiOptions): Server {
  // Not by `import`: that reads every export, and so loads what Node has for WebSockets (12 MiB, 18 ms).
  const { createServer } = process.getBuiltinModule('node:http')
  return createServer((request, response) => {
    const { url = '' } = request
    const path = url.split('?', 1)[0] ?? ''
    const fail = (error: unknown): void => {
      options.failed?.(error instanceof Error ? error : new Error(String(error)), path)
      send(response, { status: 500, body: { error: 'a fault of fednva: see its log' } })
    }
    try {
      const outcome = answer(source, options, request, path, new URLSearchParams(url.slice(path.length)))
      if (outcome instanceof Promise) outcome.then((body) => send(response, { status: 200, body }), fail)
      else send(response, outcome)
    } catch (error) {
      fail(error)
    }
  })
}

/** A promise is for what takes longer than a look. */
function answer(
  source: ApiSource,
  options: ApiOptions,
  { method, url }: IncomingMessage,
  path: string,
  query: URLSearchParams,
): Outcome | Promise<ReloadAnswer | PolicyDiffAnswer> {
  if (method === 'POST' && path === '/v1/reload') return source.reload()
  const good = (body: unknown): Outcome => ({ status: 200, body })
  if (method === 'POST' && path.startsWith(GATEWAYS)) return gatewaySaid(source, path)
  if (method === 'POST' && path.startsWith(FROZEN)) return thawed(source, path)
  if (method === 'POST' && path.startsWith(PEERS)) return peerReset(source, path)
  switch (method === 'GET' || method === 'HEAD' ? path : '') {
    case '/v1/status':
      return good(source.status())
    case '/v1/peers':
      return good({ peers: source.peers() })
    case '/v1/modules':
      return good({ modules: source.modules() })
    case '/v1/policies':
      return good({ policies: source.policies() })
    case '/v1/vns':
      return good({ vns: source.vns() })
    case '/v1/nves':
      return good({ nves: source.nves() })
    case '/v1/federation':
      return good(source.federation())
    case '/v1/gateways':
      return good({ gateways: source.gateways() })
    case '/v1/frozen':
      return good(source.frozen())
    case '/v1/errors':
      return good(source.errors())
    case '/v1/routes':
      return routesPage(source, query, options.now ?? (() => performance.now()))
    case '/v1/policy/diff':
      return policyDiff(source, query)
    case '/v1/policy/explain':
      return explainPage(source, query, options.now ?? (() => performance.now()))
    default:
      return { status: 404, body: { error: `found ${method} ${url}, expected a path of the API` } }
  }
}

function send(response: ServerResponse, { status, body }: Outcome): void {
  const octets = Buffer.from(JSON.stringify(body))
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': octets.length })
  response.end(octets)
}

const GATEWAYS = '/v1/gateways/'
const SAID: ReadonlyMap<string, boolean | null> = new Map([
  ['up', true],
  ['down', false],
  ['auto', null],
])

/** `POST /v1/gateways/<address>/up | down | auto`; answers what the gateways are then. */
function gatewaySaid(source: ApiSource, path: string): Outcome {
  const [address = '', state = '', more] = path.slice(GATEWAYS.length).split('/').map(unescaped)
  const up = SAID.get(state)
  if (up === undefined || more !== undefined)
    return { status: 404, body: { error: `found ${path}, expected ${GATEWAYS}ADDRESS/up, down or auto` } }
  if (source.sayGateway(address, up)) return { status: 200, body: { gateways: source.gateways() } }
  const known = [...new Set(source.gateways().map(({ gateway }) => gateway))]
  return { status: 404, body: { error: `no gateway ${address}; there is ${someOf(known)}` } }
}

const PEERS = '/v1/peers/'

/** `POST /v1/peers/<name or address>/reset | refresh`; answers what that peer is then. */
function peerReset(source: ApiSource, path: string): Outcome {
  const [peer = '', verb, more] = path.slice(PEERS.length).split('/').map(unescaped)
  if ((verb !== 'reset' && verb !== 'refresh') || more !== undefined)
    return { status: 404, body: { error: `found ${path}, expected ${PEERS}PEER/reset or refresh` } }
  const unknown = unknownName(source, { vn: null, peer })
  if (unknown !== null) return { status: 404, body: { error: unknown } }
  const why = source.resetPeer(peer, verb === 'refresh')
  if (why !== null) return { status: 409, body: { error: why } }
  return { status: 200, body: { peers: source.peers().filter((one) => isCalled(one, peer)) } }
}

const FROZEN = '/v1/frozen/'

/** `POST /v1/frozen/<vn>/<mac>/thaw`; answers what is frozen then. */
function thawed(source: ApiSource, path: string): Outcome {
  const [vn = '', typed = '', verb, more] = path.slice(FROZEN.length).split('/').map(unescaped)
  if (verb !== 'thaw' || more !== undefined) return { status: 404, body: { error: `found ${path}, expected ${FROZEN}VN/MAC/thaw` } }
  const unknown = unknownName(source, { vn, peer: null })
  if (unknown !== null) return { status: 404, body: { error: unknown } }
  const mac = parseMac(typed)
  if (!mac.ok) return { status: 400, body: { error: formatUnreadable(mac) } }
  if (source.thaw(vn, formatMac(mac.value))) return { status: 200, body: source.frozen() }
  const { macs } = source.frozen()
  const known = macs.map((one) => `${one.mac} of ${one.vn}`)
  return { status: 404, body: { error: `no frozen MAC ${typed} of ${vn}; there is ${someOf(known)}` } }
}

/** What is no escaped text stands for itself, and names nothing. */
function unescaped(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function routesPage(source: ApiSource, fields: URLSearchParams, now: () => number): Outcome {
  const query = parseRouteQuery(fieldsOf(fields))
  if (!query.ok) return { status: 400, body: { error: formatUnreadable(query) } }
  const { limit, after, ...wanted } = query.value
  const unknown = unknownName(source, wanted)
  if (unknown !== null) return { status: 400, body: { error: unknown } }
  const deadline = now() + PAGE_MS
  const routes: RouteRow[] = []
  let last: string | null = null
  const page = (next: string | null): Outcome => ({ status: 200, body: { routes, next } satisfies RoutesAnswer })
  for (const { cursor, row } of source.routes(wanted, after)) {
    // There is one more: only now it is known that the page before it has a next one.
    if (last !== null && (routes.length === limit || now() > deadline)) return page(last)
    if (row !== null && routeMatches(wanted, row)) routes.push(row)
    last = cursor
  }
  return page(null)
}

function explainPage(source: ApiSource, fields: URLSearchParams, now: () => number): Outcome {
  const query = parseExplainQuery(fieldsOf(fields))
  if (!query.ok) return { status: 400, body: { error: formatUnreadable(query) } }
  const { limit, after, ...wanted } = query.value
  const unknown = unknownName(source, { vn: null, peer: wanted.peer })
  if (unknown !== null) return { status: 400, body: { error: unknown } }
  const deadline = now() + PAGE_MS
  const routes: ExplainRow[] = []
  let last: string | null = null
  const page = (next: string | null): Outcome => ({ status: 200, body: { routes, next } satisfies ExplainAnswer })
  for (const { cursor, route, row } of source.explain(wanted, after)) {
    // A page ends between places: all that is at one place is in one page.
    if (last !== null && cursor !== last && (routes.length >= limit || now() > deadline)) return page(last)
    const shown = route !== null && explainMatches(wanted, route) ? row() : null
    if (shown !== null) routes.push(shown)
    last = cursor
  }
  return page(null)
}

/** Most routes that are listed. */
const DIFF_MOST = 10_000

function policyDiff(source: ApiSource, fields: URLSearchParams): Outcome | Promise<PolicyDiffAnswer> {
  const wrong = (found: string, expected: string): Outcome => ({ status: 400, body: { error: `found ${found}, expected ${expected}` } })
  for (const key of fields.keys()) if (key !== 'candidate' && key !== 'limit') return wrong(key, 'candidate and limit')
  const candidate = fields.get('candidate')
  if (candidate === null || !isAbsolute(candidate)) return wrong(candidate ?? 'no candidate', 'candidate=PATH from the root')
  const typed = fields.get('limit') ?? '0'
  const limit = Number(typed)
  if (!Number.isInteger(limit) || limit < 0 || limit > DIFF_MOST) return wrong(typed, `a limit from 0 to ${DIFF_MOST}`)
  return source.policyDiff(candidate, limit)
}

/** A key that stands there twice has an array. */
function fieldsOf(query: URLSearchParams): Record<string, unknown> {
  return Object.fromEntries(
    [...new Set(query.keys())].map((key) => [key, query.getAll(key).length > 1 ? query.getAll(key) : query.get(key)]),
  )
}

/** A VN or peer that does not exist is a slip of the pen, not an empty answer. */
function unknownName(source: ApiSource, { vn, peer }: Pick<RouteQuery, 'vn' | 'peer'>): string | null {
  const vns = source.vns().map(({ name }) => name)
  if (vn !== null && vn !== NO_VN && !vns.includes(vn)) return `no VN ${vn}; there is ${someOf(vns)}`
  if (peer === null) return null
  const peers = source.peers()
  return peers.some((one) => isCalled(one, peer)) ? null : noSuchPeer(peers, peer)
}
