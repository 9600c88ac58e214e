/**
 * The leaves of the configuration schemas: each knows in words what it expects, and those words are both the error and the description in the
 * JSON Schema. They check and keep the text; `config/` turns it into settings only when the whole file is good.
 */
import { z } from 'zod'
import { parseDomainId } from '../../address/domain-id.ts'
import { parseEsi } from '../../address/esi.ts'
import { parseMac } from '../../address/mac.ts'
import { type Parsed, unreadable } from '../../address/parsed.ts'
import { parsePrefix } from '../../address/prefix.ts'
import { parseRouteTarget } from '../../address/route-target.ts'
import { parseRouterId } from '../../address/router-id.ts'
import { LARGE, parsePattern, STANDARD } from '../../policy/modules/argument/community-text.ts'
import { parseEndpoint, parseHost, parseListenEndpoint } from './endpoint.ts'

/** A text that `parse` understands; what it would have understood instead is the error. */
function text(what: string, parse: (text: string) => Parsed<unknown>) {
  return z
    .string(what)
    .superRefine((value, context) => {
      const result = parse(value)
      if (!result.ok) context.addIssue({ code: 'custom', message: result.expected })
    })
    .meta({ description: what })
}

function whole(what: string, from: number, to: number) {
  return z.int(what).min(from, what).max(to, what).meta({ description: what })
}

function pattern(what: string, shape: RegExp) {
  return z.string(what).regex(shape, what).meta({ description: what })
}

/** For a key that belongs to the design and has no function yet: it is recognised and always refused. */
export function unavailable(what: string) {
  return z
    .never(what)
    .optional()
    .meta({ description: `not available in this version: ${what}` })
}

export const NAME = pattern(
  'a name of letters, digits, ".", "_" and "-" that begins with a letter or digit, at most 63 long',
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
)

const AS_NUMBER = 'an AS number from 1 to 4294967294, not one of the reserved 23456 and 65535'
export const asn = z
  .int(AS_NUMBER)
  .min(1, AS_NUMBER)
  .max(4294967294, AS_NUMBER)
  .refine((value) => value !== 23456 && value !== 65535, AS_NUMBER)
  .meta({ description: AS_NUMBER })

export const vni = whole('a VNI from 1 to 16777215', 1, 16777215)
export const port = whole('a TCP port from 1 to 65535', 1, 65535)
export const connectRetry = whole('seconds from 1 to 3600', 1, 3600)
export const routeCount = whole('a number of routes from 0 to 10000000', 0, 10_000_000)
export const changeRate = whole('a number of changes a second from 1 to 1000000', 1, 1_000_000)
export const changeCount = whole('a number of changes from 1 to 10000000', 1, 10_000_000)
export const rateClassNumber = pattern('the number of a rate class, from 1 to 255', /^([1-9]\d?|1\d\d|2[0-4]\d|25[0-5])$/)
export const staleTime = whole('seconds from 0 to 86400', 0, 86_400)
export const endOfRibTime = whole('seconds from 0 to 3600', 0, 3600)
export const freezeTime = whole('seconds from 0 to 86400', 0, 86_400)
export const moveTime = whole('seconds from 1 to 3600', 1, 3600)
export const moduleBudget = whole('milliseconds from 1 to 1000', 1, 1000)
export const sessionLimit = whole('a number of sessions from 1 to 65535', 1, 65535)

const MOVES = 'a number of moves from 2 to 100, or 0 for any number'
export const moveCount = z
  .int(MOVES)
  .min(0, MOVES)
  .max(100, MOVES)
  .refine((value) => value !== 1, MOVES)
  .meta({ description: MOVES })

const HOLD_TIME = 'a hold time of 0 or 3 to 65535 seconds (RFC 4271 §4.2)'
export const holdTime = z
  .int(HOLD_TIME)
  .min(0, HOLD_TIME)
  .max(65535, HOLD_TIME)
  .refine((value) => value === 0 || value >= 3, HOLD_TIME)
  .meta({ description: HOLD_TIME })

export const bgpIdentifier = text('an identifier such as 192.0.2.1, other than 0.0.0.0', parseRouterId)
export const address = text('an IPv4 or IPv6 address of one host', parseHost)
export const domainId = text('a DOMAIN-ID such as 65001:1 (RFC 10039)', parseDomainId)
export const endpoint = text(
  'an address, with a port when it is not the usual one: 192.0.2.1, 192.0.2.1:1179, [2001:db8::1]:1179',
  parseEndpoint,
)
export const listenEndpoint = text('an address to listen on, with a port when it is not 179: 192.0.2.1, [::]:1179', parseListenEndpoint)
export const prefix = text('a prefix such as 192.0.2.64/26 or 2001:db8::/32', parsePrefix)
export const mac = text('the MAC address of one host, such as 02:00:5e:00:00:01', unicastMac)
export const communityMark = text('a community such as 65001:100, "65001:*" or 65001:1:2, or a pattern of some', parseCommunityPattern)
export const esi = text('an Ethernet segment identifier of 10 hex pairs, not all zero, not all ff', segmentId)
export const routeTarget = text('a route target such as 65001:10100, 4200000001:100 or 192.0.2.1:100', plainRouteTarget)

function unicastMac(typed: string): Parsed<Uint8Array> {
  const mac = parseMac(typed)
  if (!mac.ok) return mac
  const group = ((mac.value[0] ?? 0) & 1) === 1
  return group || mac.value.every((octet) => octet === 0) ? unreadable(typed, 'the MAC address of one host, not of a group, not zero') : mac
}

function parseCommunityPattern(typed: string): Parsed<unknown> {
  return parsePattern(typed.split(':').length === LARGE.parts ? LARGE : STANDARD, typed)
}

/** Zero is no segment, and all ones is MAX-ESI, which names none (RFC 7432 §5). */
function segmentId(typed: string): Parsed<Uint8Array> {
  const esi = parseEsi(typed)
  if (!esi.ok || esi.value.some((octet) => octet !== 0 && octet !== 0xff) || new Set(esi.value).size > 1) return esi
  return unreadable(typed, 'an Ethernet segment identifier that is not all zero and not all ff')
}

function plainRouteTarget(typed: string): Parsed<Uint8Array> {
  if (typed.startsWith('*:')) return unreadable(typed, 'a route target in full: a wildcard AS is not available in this version')
  return parseRouteTarget(typed)
}

export const flag = z.boolean('true or false').meta({ description: 'true or false' })
export const socketPath = z
  .string('the path of a Unix socket')
  .min(1, 'the path of a Unix socket')
  .meta({ description: 'the path of a Unix socket, from the folder of this file; at most 107 octets in full' })

const PASSWORD = 'a password of 1 to 80 ASCII characters, or { file: path } with the path from the folder of this file'
export const password = z
  .union([z.string().regex(/^[\x20-\x7e]{1,80}$/, PASSWORD), z.strictObject({ file: z.string().min(1) })], PASSWORD)
  .meta({ description: `TCP MD5 key (RFC 2385): ${PASSWORD}` })

export function oneOf<const T extends readonly [string, ...string[]]>(...words: T) {
  const what = `one of ${words.join(', ')}`
  return z.enum(words, what)
}

export const logLevel = oneOf('trace', 'debug', 'info', 'warn', 'error', 'silent')
