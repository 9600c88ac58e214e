/** Routes for policy modules to look at and to change, from octets as they were on the wire. */

import { autoRouteTarget } from '../../../src/address/route-target.ts'
import { copyOf } from '../../../src/bytes/octets.ts'
import { isTrouble } from '../../../src/policy/modules/argument/fields.ts'
import type { Environment, Origin, PolicyVn, RouteView } from '../../../src/policy/modules/module.ts'
import { matchModule, setModule } from '../../../src/policy/modules/table.ts'
import { valueEnd } from '../../../src/policy/rewrite/attribute-rewrite.ts'
import { RouteDraft } from '../../../src/policy/route-draft.ts'
import { writeCanonicalAttributes } from '../../../src/wire/attribute/canonical.ts'
import type { Fault } from '../../../src/wire/fault.ts'
import { evpn } from '../../../src/wire/nlri/evpn/evpn.ts'
import { UpdateScan } from '../../../src/wire/update-scan.ts'
import { type AttributesFields, type AttributesView, readAttribute, writeAttributes } from '../../../src/wire/update-view.ts'
import { loadVectors, octets } from '../../wire/vectors.ts'

export const LEAF: Origin = { name: 'leaf1', group: 'leaves', domain: null, asn: 65001, external: false }

export const VNS: readonly PolicyVn[] = ['web', 'db'].map((name, i) => {
  const vni = 10100 + 100 * i
  return { name, vni, importTargets: [autoRouteTarget(65001, vni)], exportTargets: [autoRouteTarget(65001, vni)] }
})

/** An NVA of AS 65001 with the VNs web (10100) and db (10200), and files that are given as text. */
export function environment(files: Readonly<Record<string, string>> = {}): Environment {
  return {
    asn: 65001,
    routerId: 0xc0000201,
    ownAddress: Uint8Array.of(192, 0, 2, 1),
    vns: VNS,
    lines(path) {
      const text = files[path]
      if (text === undefined) return { found: `${path}, which is not there`, expected: 'a file with one entry a line' }
      return text.split('\n').flatMap((line, i) => (line === '' ? [] : [{ number: i + 1, text: line }]))
    },
  }
}

type Facts = Partial<Pick<RouteView, 'origin' | 'ageSeconds' | 'stale'>>

/** The first route of a message in `test/vectors/messages.jsonl`, by its attributes as they are kept. */
export function captured(id: string, facts: Facts = {}): RouteView {
  const vector = MESSAGES.get(`msg-${id}`)
  if (vector === undefined) throw new Error(`no vector msg-${id}`)
  const message = octets(vector.hex)
  const scan = new UpdateScan()
  const fault = scan.scan(message, 0, message.length)
  if (fault !== null) throw new Error(fault.why)
  // Room around the attributes: nobody may depend on where they stand.
  const bytes = new Uint8Array(message.length + 64).fill(0xee)
  const context = { fourOctetAs: true, internal: true }
  const to = writeCanonicalAttributes(message, scan, context, bytes, 20, () => {})
  if (typeof to !== 'number') throw new Error(to.why)
  bytes.set(message.subarray(scan.nextHopAt, scan.nextHopAt + scan.nextHopLength), to + 3)
  return {
    bytes,
    from: 20,
    to,
    nextHopAt: to + 3,
    nextHopLength: scan.nextHopLength,
    origin: LEAF,
    nlri: message,
    nlriAt: scan.reachFrom,
    nlriLength: evpn.sizeOf(message, scan.reachFrom, scan.reachTo),
    ageSeconds: 0,
    stale: false,
    ...facts,
  }
}

const MESSAGES = new Map(loadVectors('messages').map((vector) => [vector.id, vector]))
const CONTEXT = { fourOctetAs: true, internal: true }

/** The route of a message with other attributes. */
export function withAttributes(route: RouteView, attributes: AttributesFields): RouteView {
  const bytes = new Uint8Array(9000)
  const to = writeAttributes({ origin: 'igp', asPath: [], localPref: 100, ...attributes }, bytes, 7, CONTEXT)
  const nextHopAt = to + 1
  bytes.set(route.bytes.subarray(route.nextHopAt, route.nextHopAt + route.nextHopLength), nextHopAt)
  return { ...route, bytes, from: 7, to, nextHopAt }
}

/** The same route with the NLRI of `test/vectors/evpn-nlri.jsonl`. */
export function withNlri(route: RouteView, id: string): RouteView {
  const vector = NLRI.get(`nlri-${id}`)
  if (vector === undefined) throw new Error(`no vector nlri-${id}`)
  const nlri = Uint8Array.from([0xee, 0xee, ...octets(vector.hex), 0xee])
  return { ...route, nlri, nlriAt: 2, nlriLength: nlri.length - 3 }
}

const NLRI = new Map(loadVectors('evpn-nlri').map((vector) => [vector.id, vector]))

/** What a match says about a route. */
export function matches(name: string, argument: unknown, route: RouteView, where: Environment = environment()): boolean {
  const module = matchModule(name)
  if (module === null) throw new Error(`no match ${name}`)
  const test = module.compile(module.schema.parse(argument), where)
  if (isTrouble(test)) throw new Error(`found ${test.found}, expected ${test.expected}`)
  const first = test(route)
  // Asked twice, it says the same: nothing of a route is kept.
  test(captured('gobgpd-ibgp-es-v4-1'))
  if (test(route) !== first) throw new Error(`${name} changes its mind`)
  return first
}

/** A route as a set has left it, decoded. */
export interface Changed {
  readonly attributes: AttributesView
  /** Octets of the path attributes. */
  readonly octets: Uint8Array
  readonly nextHop: Uint8Array
  readonly nlri: Uint8Array
  readonly vnis: ReadonlyMap<number, number>
  readonly rateClass: number
}

export function changedBy(name: string, argument: unknown, route: RouteView, where: Environment = environment()): Changed {
  const module = setModule(name)
  if (module === null) throw new Error(`no set ${name}`)
  const edit = module.compile(module.schema.parse(argument), where)
  if (isTrouble(edit)) throw new Error(`found ${edit.found}, expected ${edit.expected}`)
  const draft = new RouteDraft()
  draft.begin(route, route.origin)
  draft.beginRoute(route.nlri, route.nlriAt, route.nlriLength, route.ageSeconds, route.stale)
  edit(draft)
  const left = copyOf(draft.bytes, draft.from, draft.to)
  const codes: number[] = []
  for (let at = 0; at < left.length; at = valueEnd(left, at)) codes.push(left[at + 1]!)
  if (codes.some((code, i) => i > 0 && code <= codes[i - 1]!)) throw new Error(`type codes ${codes} do not ascend`)
  const faults: Fault[] = []
  const attributes = readAttribute(left, CONTEXT, faults)
  if (faults.length > 0) throw new Error(JSON.stringify(faults))
  const nextHop = copyOf(draft.bytes, draft.nextHopAt, draft.nextHopAt + draft.nextHopLength)
  const nlri = copyOf(draft.nlri, draft.nlriAt, draft.nlriAt + draft.nlriLength)
  return { attributes, octets: left, nextHop, nlri, vnis: draft.vnis[0] ?? new Map(), rateClass: draft.rateClass }
}
