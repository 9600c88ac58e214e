/** Asks a running fednva over its Unix socket. Needs nothing but node:http, so that `show` starts quickly. */
import { type Parsed, parsed, unreadable } from '../address/parsed.ts'
import type { ErrorsAnswer } from './schema/errors.ts'
import type { ExplainAnswer } from './schema/explain.ts'
import type { FederationView } from './schema/federation.ts'
import type { FrozenMacsAnswer } from './schema/frozen.ts'
import type { GatewayRow } from './schema/gateways.ts'
import type { ModuleRow } from './schema/modules.ts'
import type { NveRow } from './schema/nves.ts'
import type { PeerRow } from './schema/peers.ts'
import type { PolicyRow } from './schema/policies.ts'
import type { PolicyDiffAnswer } from './schema/policy-diff.ts'
import type { ReloadAnswer } from './schema/reload.ts'
import type { RoutesAnswer } from './schema/routes.ts'
import type { StatusView } from './schema/status.ts'
import type { VnRow } from './schema/vns.ts'

/** What a program that is not there, refuses or stays silent means to the operator. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string }

/** Texts as typed; the server judges them. */
export interface RouteFilter {
  readonly type?: string | undefined
  readonly vn?: string | undefined
  readonly rd?: string | undefined
  readonly mac?: string | undefined
  readonly ip?: string | undefined
  readonly peer?: string | undefined
  readonly best?: boolean | undefined
}

export interface ExplainFilter extends Pick<RouteFilter, 'type' | 'rd' | 'mac' | 'ip'> {
  readonly peer: string
  readonly direction?: string | undefined
  readonly heldBack?: boolean | undefined
}

export interface ApiClient {
  status(): Promise<Answer<StatusView>>
  peers(): Promise<Answer<{ peers: PeerRow[] }>>
  policies(): Promise<Answer<{ policies: PolicyRow[] }>>
  modules(): Promise<Answer<{ modules: ModuleRow[] }>>
  /** What the configuration file at an absolute path would do, with `limit` routes as rows at most; nothing is applied. */
  policyDiff(candidate: string, limit: number): Promise<Answer<PolicyDiffAnswer>>
  vns(): Promise<Answer<{ vns: VnRow[] }>>
  nves(): Promise<Answer<{ nves: NveRow[] }>>
  federation(): Promise<Answer<FederationView>>
  gateways(): Promise<Answer<{ gateways: GatewayRow[] }>>
  /** Says of a gateway that it is up or down; auto: its session counts again. */
  sayGateway(address: string, state: 'up' | 'down' | 'auto'): Promise<Answer<{ gateways: GatewayRow[] }>>
  frozen(): Promise<Answer<FrozenMacsAnswer>>
  /** Says that a frozen MAC may move again. */
  thaw(vn: string, mac: string): Promise<Answer<FrozenMacsAnswer>>
  /** Ends the session of a peer, which begins anew; soft: has all told again instead. Answers the peers as they are then. */
  resetPeer(peer: string, soft: boolean): Promise<Answer<{ peers: PeerRow[] }>>
  errors(): Promise<Answer<ErrorsAnswer>>
  /** One page; follow `next` with `after` until it is null. */
  routes(filter: RouteFilter, limit: number, after: string | null): Promise<Answer<RoutesAnswer>>
  /** One page of the ways of routes through policy; follow `next` with `after` until it is null. */
  explain(filter: ExplainFilter, limit: number, after: string | null): Promise<Answer<ExplainAnswer>>
  /** Has the configuration file read again. */
  reload(): Promise<Answer<ReloadAnswer>>
}

const ANSWER_MS = 10_000
/** Reading a configuration with long lists takes its time. */
const RELOAD_MS = 120_000

export function createClient(socket: string): ApiClient {
  return {
    status: () => ask(socket, '/v1/status'),
    peers: () => ask(socket, '/v1/peers'),
    policies: () => ask(socket, '/v1/policies'),
    modules: () => ask(socket, '/v1/modules'),
    policyDiff: (candidate, limit) =>
      ask(socket, `/v1/policy/diff?${new URLSearchParams({ candidate, limit: String(limit) })}`, 'GET', RELOAD_MS),
    vns: () => ask(socket, '/v1/vns'),
    nves: () => ask(socket, '/v1/nves'),
    federation: () => ask(socket, '/v1/federation'),
    gateways: () => ask(socket, '/v1/gateways'),
    sayGateway: (address, state) => ask(socket, `/v1/gateways/${encodeURIComponent(address)}/${state}`, 'POST'),
    frozen: () => ask(socket, '/v1/frozen'),
    thaw: (vn, mac) => ask(socket, `/v1/frozen/${encodeURIComponent(vn)}/${encodeURIComponent(mac)}/thaw`, 'POST'),
    resetPeer: (peer, soft) => ask(socket, `/v1/peers/${encodeURIComponent(peer)}/${soft ? 'refresh' : 'reset'}`, 'POST'),
    errors: () => ask(socket, '/v1/errors'),
    routes: (filter, limit, after) => ask(socket, `/v1/routes?${pageQuery(filter, limit, after)}`),
    explain: (filter, limit, after) => ask(socket, `/v1/policy/explain?${pageQuery(filter, limit, after)}`),
    reload: () => ask(socket, '/v1/reload', 'POST', RELOAD_MS),
  }
}

function pageQuery(filter: RouteFilter | ExplainFilter, limit: number, after: string | null): URLSearchParams {
  const query = new URLSearchParams({ limit: String(limit) })
  for (const [key, value] of Object.entries(filter)) if (value !== undefined) query.set(key, String(value))
  if (after !== null) query.set('after', after)
  return query
}

/** All pages of routes, one after the other, up to `most` rows in all; a failure is the last answer. */
export async function* routePages(
  client: ApiClient,
  filter: RouteFilter,
  most = Number.POSITIVE_INFINITY,
): AsyncGenerator<Answer<RoutesAnswer>> {
  let after: string | null = null
  let left = most
  do {
    const page: Answer<RoutesAnswer> = await client.routes(filter, Math.min(left, 1000), after)
    yield page
    if (!page.ok) return
    left -= page.value.routes.length
    after = page.value.next
  } while (after !== null && left > 0)
}

function ask<T>(socket: string, path: string, method: 'GET' | 'POST' = 'GET', answerMs = ANSWER_MS): Promise<Answer<T>> {
  return new Promise((resolve) => {
    const refuse = (why: string): void => resolve({ ok: false, why })
    // Not by `import`: that reads every export, and so loads what Node has for WebSockets.
    const { request } = process.getBuiltinModule('node:http')
    const asking = request({ socketPath: socket, path, method, timeout: answerMs, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', () => refuse(`fednva on ${socket} broke off its answer`))
      response.on('end', () => {
        const body = parseJson(Buffer.concat(chunks).toString('utf8'))
        if (!body.ok) return refuse(`what answers on ${socket} is not fednva`)
        if (response.statusCode === 200) return resolve({ ok: true, value: body.value as T })
        const error = (body.value as { error?: unknown } | null)?.error
        refuse(typeof error === 'string' ? error : `what answers on ${socket} is not fednva (HTTP ${response.statusCode})`)
      })
    })
    asking.on('timeout', () => {
      asking.destroy()
      refuse(`fednva on ${socket} does not answer within ${answerMs / 1000} seconds`)
    })
    asking.on('error', (error: NodeJS.ErrnoException) => refuse(absence(socket, error)))
    asking.end()
  })
}

function absence(socket: string, error: NodeJS.ErrnoException): string {
  if (error.code === 'EACCES' || error.code === 'EPERM') return `no permission for ${socket}: ask as the user fednva runs as`
  if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') return `no fednva answers on ${socket}: is it running? (--socket)`
  if (error.code?.startsWith('HPE_')) return `what answers on ${socket} is no NVA; an edge is asked with: fednva nve --config FILE peers`
  return `no fednva answers on ${socket} (${error.code ?? error.message}): is it running? (--socket)`
}

function parseJson(text: string): Parsed<unknown> {
  try {
    return parsed(JSON.parse(text))
  } catch {
    return unreadable(text.slice(0, 40), 'JSON')
  }
}
