/** The API of one process: JSON over HTTP on a Unix socket. It owns nothing; it asks its source. */
import Fastify, { type FastifyInstance } from 'fastify'
import { formatUnreadable, type Parsed, parsed } from '../address/parsed.ts'
import { parseRouteQuery, type RouteQuery, routeMatches } from './route-query.ts'
import type { RouteRow, RoutesAnswer } from './schema.ts'
import { listenOnSocket } from './socket-file.ts'
import type { ApiSource } from './source.ts'

export interface ApiServer {
  readonly socket: string
  /** Stops answering and removes the socket. */
  close(): Promise<void>
}

export interface ApiOptions {
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number
  /** Told of a bug of ours: a source that threw. */
  readonly failed?: (error: Error, path: string) => void
}

/** A page of routes ends after this time, full or not, so that keepalives are never late for somebody who looks. */
const PAGE_MS = 4
/** Most names in an error. */
const NAMES_MOST = 12

/** Serves `source` on the Unix socket at `path`. Not ok: what is in the way there. */
export async function startApi(source: ApiSource, path: string, options: ApiOptions = {}): Promise<Parsed<ApiServer>> {
  const app = Fastify({ logger: false, forceCloseConnections: true })
  route(app, source, options)
  await app.ready()
  const listening = await listenOnSocket(app.server, path)
  if (!listening.ok) {
    await app.close()
    return listening
  }
  return parsed({ socket: path, close: () => app.close() })
}

function route(app: FastifyInstance, source: ApiSource, options: ApiOptions): void {
  const now = options.now ?? (() => performance.now())
  app.get('/v1/status', () => source.status())
  app.get('/v1/peers', () => ({ peers: source.peers() }))
  app.get('/v1/vns', () => ({ vns: source.vns() }))
  app.get('/v1/nves', () => ({ nves: source.nves() }))
  app.get('/v1/federation', () => source.federation())
  app.get('/v1/errors', () => source.errors())
  app.get('/v1/routes', (request, reply) => {
    const query = parseRouteQuery(request.query as Record<string, unknown>)
    if (!query.ok) return reply.code(400).send({ error: formatUnreadable(query) })
    const { limit, after, ...wanted } = query.value
    const unknown = unknownName(source, wanted)
    if (unknown !== null) return reply.code(400).send({ error: unknown })
    const deadline = now() + PAGE_MS
    const routes: RouteRow[] = []
    let last: string | null = null
    const answer = (next: string | null): RoutesAnswer => ({ routes, next })
    for (const { cursor, row } of source.routes(wanted, after)) {
      // There is one more: only now it is known that the page before it has a next one.
      if (last !== null && (routes.length === limit || now() > deadline)) return answer(last)
      if (row !== null && routeMatches(wanted, row)) routes.push(row)
      last = cursor
    }
    return answer(null)
  })
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ error: `found ${request.method} ${request.url}, expected a path of the API` }),
  )
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) options.failed?.(error, request.url)
    return reply.code(status).send({ error: status < 500 ? error.message : 'a fault of fednva: see its log' })
  })
}

/** A VN or peer that does not exist is a slip of the pen, not an empty answer. */
function unknownName(source: ApiSource, { vn, peer }: RouteQuery): string | null {
  const vns = source.vns().map(({ name }) => name)
  if (vn !== null && !vns.includes(vn)) return `no VN ${vn}; there is ${vns.length === 0 ? 'none' : vns.join(', ')}`
  if (peer === null) return null
  const peers = source.peers()
  if (peers.some(({ name, address }) => name === peer || address === peer)) return null
  const near = peers.map(({ name }) => name).slice(0, NAMES_MOST)
  return `no peer ${peer}; there is ${near.length === 0 ? 'none' : near.join(', ')}${peers.length > NAMES_MOST ? ', ...' : ''}`
}
