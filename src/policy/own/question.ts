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
 *
 * Several stand one behind the other.
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

/** Octets of one route, but for those of its origin. */
export function questionLength({ from, to, nextHopLength, nlriLength }: RouteView): number {
  return HEADER + to - from + nextHopLength + nlriLength
}

/** Writes at `start` of `out`; returns the offset behind. Allocates only for an origin that is new. */
export function writeQuestion(route: RouteView, looksAt: LooksAt, out: Uint8Array, start = 0): number {
  const { bytes, from, to, nextHopAt, nextHopLength, origin, nlri, nlriAt } = route
  const nlriLength = looksAt === 'route' ? route.nlriLength : 0
  let octets = written.get(origin)
  if (octets === undefined) {
    octets = encoder.encode(JSON.stringify(origin))
    written.set(origin, octets)
  }
  put32(out, start, route.ageSeconds)
  put32(out, start + ATTRIBUTES_LENGTH, to - from)
  put16(out, start + ORIGIN_LENGTH, octets.length)
  put16(out, start + NLRI_LENGTH, nlriLength)
  put8(out, start + NEXT_HOP_LENGTH, nextHopLength)
  put8(out, start + STALE, route.stale ? 1 : 0)
  let at = copy(bytes, from, to, out, start + HEADER)
  at = copy(bytes, nextHopAt, nextHopAt + nextHopLength, out, at)
  at = copy(nlri, nlriAt, nlriAt + nlriLength, out, at)
  return copy(octets, 0, octets.length, out, at)
}

/** The route at `start` of `bytes`, whose octets must stay as they are; `end`: the offset behind. */
export function readQuestion(bytes: Uint8Array, start = 0): RouteView & { readonly end: number } {
  const from = start + HEADER
  const to = from + u32(bytes, start + ATTRIBUTES_LENGTH)
  const nextHopLength = u8(bytes, start + NEXT_HOP_LENGTH)
  const nlriAt = to + nextHopLength
  const nlriLength = u16(bytes, start + NLRI_LENGTH)
  const originAt = nlriAt + nlriLength
  const end = originAt + u16(bytes, start + ORIGIN_LENGTH)
  return {
    end,
    bytes,
    from,
    to,
    nextHopAt: to,
    nextHopLength,
    origin: originIn(bytes.subarray(originAt, end)),
    nlri: bytes,
    nlriAt,
    nlriLength,
    ageSeconds: u32(bytes, start),
    stale: u8(bytes, start + STALE) === 1,
  }
}

function originIn(octets: Uint8Array): Origin {
  if (lastOrigin !== null && Buffer.compare(lastOrigin.octets, octets) === 0) return lastOrigin.origin
  const origin = Object.freeze(JSON.parse(decoder.decode(octets)) as Origin)
  lastOrigin = { octets, origin }
  return origin
}
