/**
 * A route as octets, for a module that runs elsewhere:
 *
 *     +----------------------------+
 *     | age in seconds        (4)  |
 *     | attributes, octets    (4)  |
 *     | origin, octets        (2)  |
 *     | NLRI, octets          (2)  |
 *     | next hop, octets      (1)  |
 *     | stale                 (1)  |  0 or 1
 *     | path attributes            |
 *     | next hop                   |
 *     | NLRI                       |  none for modules that look at attributes
 *     | origin                     |  JSON of `Origin`
 *     +----------------------------+
 */
import { copy, put8, put16, put32, u8, u16, u32 } from '../../bytes/octets.ts'
import type { LooksAt, Origin, RouteView } from '../modules/module.ts'

const ATTRIBUTES_LENGTH = 4
const ORIGIN_LENGTH = 8
const NLRI_LENGTH = 10
const NEXT_HOP_LENGTH = 12
const STALE = 13
const HEADER = 14
/** Enough for any route: a draft may for a while hold more attributes than a message. */
export const QUESTION_MOST = 5 * 65536

const encoder = new TextEncoder()
const decoder = new TextDecoder()
/** Origins are few, and the same object for all routes of a session. */
const written = new WeakMap<Origin, Uint8Array>()
let lastOrigin: { readonly octets: Uint8Array; readonly origin: Origin } | null = null

/** Writes at 0 of `out`; returns how many octets. Allocates only for an origin that is new. */
export function writeQuestion(route: RouteView, looksAt: LooksAt, out: Uint8Array): number {
  const { bytes, from, to, nextHopAt, nextHopLength, origin, nlri, nlriAt } = route
  const nlriLength = looksAt === 'route' ? route.nlriLength : 0
  let octets = written.get(origin)
  if (octets === undefined) {
    octets = encoder.encode(JSON.stringify(origin))
    written.set(origin, octets)
  }
  put32(out, 0, route.ageSeconds)
  put32(out, ATTRIBUTES_LENGTH, to - from)
  put16(out, ORIGIN_LENGTH, octets.length)
  put16(out, NLRI_LENGTH, nlriLength)
  put8(out, NEXT_HOP_LENGTH, nextHopLength)
  put8(out, STALE, route.stale ? 1 : 0)
  let at = copy(bytes, from, to, out, HEADER)
  at = copy(bytes, nextHopAt, nextHopAt + nextHopLength, out, at)
  at = copy(nlri, nlriAt, nlriAt + nlriLength, out, at)
  return copy(octets, 0, octets.length, out, at)
}

/** The route in `bytes`, whose octets must stay as they are. */
export function readQuestion(bytes: Uint8Array): RouteView {
  const from = HEADER
  const to = from + u32(bytes, ATTRIBUTES_LENGTH)
  const nextHopLength = u8(bytes, NEXT_HOP_LENGTH)
  const nlriAt = to + nextHopLength
  const nlriLength = u16(bytes, NLRI_LENGTH)
  const originAt = nlriAt + nlriLength
  return {
    bytes,
    from,
    to,
    nextHopAt: to,
    nextHopLength,
    origin: originIn(bytes.subarray(originAt, originAt + u16(bytes, ORIGIN_LENGTH))),
    nlri: bytes,
    nlriAt,
    nlriLength,
    ageSeconds: u32(bytes, 0),
    stale: u8(bytes, STALE) === 1,
  }
}

function originIn(octets: Uint8Array): Origin {
  if (lastOrigin !== null && Buffer.compare(lastOrigin.octets, octets) === 0) return lastOrigin.origin
  const origin = Object.freeze(JSON.parse(decoder.decode(octets)) as Origin)
  lastOrigin = { octets, origin }
  return origin
}
