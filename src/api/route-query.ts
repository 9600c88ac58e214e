/** Which routes somebody asks for: read from the query of a URL, and held against rows. */
import { formatIp, parseIp } from '../address/ip.ts'
import { formatMac, parseMac } from '../address/mac.ts'
import { type Parsed, parsed, unreadable } from '../address/parsed.ts'
import { contains, formatPrefix, parsePrefix } from '../address/prefix.ts'
import type { RouteRow } from './schema/routes.ts'

/** null: any. */
export interface RouteQuery {
  /** EVPN route type. */
  readonly type: number | null
  /** Local name of a VN, or `NO_VN`. */
  readonly vn: string | null
  readonly rd: string | null
  /** Canonical text. */
  readonly mac: string | null
  /** An address, canonical: routes of that host and prefixes that hold it. Or a prefix: routes of just that prefix. */
  readonly ip: string | null
  /** Name or address as in `peer` of the row. */
  readonly peer: string | null
  readonly bestOnly: boolean
}

export interface Page {
  /** Most rows, 1 to 1000. */
  readonly limit: number
  readonly after: string | null
}

/** Which routes somebody wants explained, to or from one peer. */
export interface ExplainQuery extends Pick<RouteQuery, 'type' | 'rd' | 'mac' | 'ip'> {
  readonly peer: string
  /** null: both. */
  readonly direction: 'import' | 'export' | null
  /** Only those that policy accepts and that are not used or not told all the same. */
  readonly heldBackOnly: boolean
}

export const EVERY_ROUTE: RouteQuery = { type: null, vn: null, rd: null, mac: null, ip: null, peer: null, bestOnly: false }
const PAGE_MAX = 1000
/** In place of the name of a VN, which it cannot be: routes that belong to none. */
export const NO_VN = '-'

/** Route types by the names people use for them (RFC 7432 §7, RFC 9136 §3, RFC 9251 §9). */
const SHORT_NAMES: Readonly<Record<string, number>> = { ead: 1, macip: 2, imet: 3, es: 4, prefix: 5, smet: 6 }
/** Route types also by the full names that policies use, without signs between the words. */
const TYPE_NAMES: Readonly<Record<string, number>> = {
  ...SHORT_NAMES,
  ethernetad: 1,
  multicast: 3,
  ethernetsegment: 4,
  ipprefix: 5,
  membershipreportsynch: 7,
  leavesynch: 8,
  perregionipmsi: 9,
  spmsi: 10,
  leafad: 11,
}

const KEYS = ['type', 'vn', 'rd', 'mac', 'ip', 'peer', 'best', 'limit', 'after']

/** Reads the query of `GET /v1/routes`; an unknown or twofold key is an error, as is every value that cannot mean anything. */
export function parseRouteQuery(fields: Readonly<Record<string, unknown>>): Parsed<RouteQuery & Page> {
  for (const [key, value] of Object.entries(fields)) {
    if (!KEYS.includes(key)) return unreadable(key, `one of ${KEYS.join(', ')}`)
    if (typeof value !== 'string') return unreadable(key, 'each key once')
  }
  const given = fields as Readonly<Record<string, string>>
  const type = given.type === undefined ? parsed(null) : parseRouteType(given.type)
  const mac = given.mac === undefined ? parsed(null) : parseMac(given.mac)
  const ip = given.ip === undefined ? parsed(null) : parseHostOrPrefix(given.ip)
  if (!type.ok) return type
  if (!mac.ok) return mac
  if (!ip.ok) return ip
  if (given.best !== undefined && given.best !== 'true' && given.best !== 'false') return unreadable(given.best, 'best=true or best=false')
  const limit = Number(given.limit ?? PAGE_MAX)
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_MAX) return unreadable(given.limit ?? '', `a limit from 1 to ${PAGE_MAX}`)
  return parsed({
    type: type.value,
    vn: given.vn ?? null,
    rd: given.rd ?? null,
    mac: mac.value === null ? null : formatMac(mac.value),
    ip: ip.value,
    peer: given.peer ?? null,
    bestOnly: given.best === 'true',
    limit,
    after: given.after ?? null,
  })
}

/** Reads the query of `GET /v1/policy/explain`: that of routes, with a direction, and for one peer. */
export function parseExplainQuery({ direction, heldBack, ...fields }: Readonly<Record<string, unknown>>): Parsed<ExplainQuery & Page> {
  for (const key of ['vn', 'best'])
    if (key in fields) return unreadable(key, 'one of type, rd, mac, ip, peer, direction, heldBack, limit, after')
  const query = parseRouteQuery(fields)
  if (!query.ok) return query
  if (direction !== undefined && direction !== 'import' && direction !== 'export')
    return unreadable(String(direction), 'direction=import or direction=export')
  if (heldBack !== undefined && heldBack !== 'true' && heldBack !== 'false')
    return unreadable(String(heldBack), 'heldBack=true or heldBack=false')
  const { type, rd, mac, ip, peer, limit, after } = query.value
  if (peer === null) return unreadable('no peer', 'peer=NAME')
  return parsed({ type, rd, mac, ip, peer, direction: direction ?? null, heldBackOnly: heldBack === 'true', limit, after })
}

/** Whether it asks for a route. */
export function explainMatches(
  { type, rd, mac, ip }: ExplainQuery,
  row: Pick<RouteRow, 'routeType' | 'rd' | 'mac' | 'ip' | 'prefix'>,
): boolean {
  if (type !== null && row.routeType !== type) return false
  if (rd !== null && row.rd !== rd) return false
  if (mac !== null && row.mac !== mac) return false
  return ip === null || row.ip === ip || row.prefix === ip || holds(row.prefix, ip)
}

/** `2` or `macip`. */
export function parseRouteType(text: string): Parsed<number> {
  const named = TYPE_NAMES[text.toLowerCase().replaceAll(/[-/_]/g, '')]
  if (named !== undefined) return parsed(named)
  const type = /^[0-9]{1,3}$/.test(text) ? Number(text) : 0
  return type >= 1 && type <= 255
    ? parsed(type)
    : unreadable(text, `an EVPN route type from 1 to 255 or ${Object.keys(SHORT_NAMES).join(', ')}`)
}

/** The canonical text of an address or prefix. */
function parseHostOrPrefix(text: string): Parsed<string> {
  if (text.includes('/')) {
    const prefix = parsePrefix(text)
    return prefix.ok ? parsed(formatPrefix(prefix.value)) : prefix
  }
  const address = parseIp(text)
  return address.ok ? parsed(formatIp(address.value)) : address
}

/** Whether the query asks for this row. */
export function routeMatches(query: RouteQuery, row: RouteRow): boolean {
  if (query.type !== null && row.routeType !== query.type) return false
  if (query.bestOnly && !row.best) return false
  if (query.vn !== null && (query.vn === NO_VN ? row.vns.length > 0 : !row.vns.includes(query.vn))) return false
  if (query.rd !== null && row.rd !== query.rd) return false
  if (query.mac !== null && row.mac !== query.mac) return false
  if (query.peer !== null && row.peer !== query.peer) return false
  return query.ip === null || row.ip === query.ip || row.prefix === query.ip || holds(row.prefix, query.ip)
}

function holds(prefix: string | null, ip: string): boolean {
  if (prefix === null) return false
  const network = parsePrefix(prefix)
  const address = parseIp(ip)
  return network.ok && address.ok && contains(network.value, address.value)
}
