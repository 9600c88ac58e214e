/** A path of the RIB as the row that the API shows: the one place where routes are decoded for people. */
import { formatIp } from '../../address/ip.ts'
import { formatRouteTarget, isRouteTarget } from '../../address/route-target.ts'
import { formatRouterId } from '../../address/router-id.ts'
import type { RouteRow } from '../../api/schema/routes.ts'
import { u8, u16, u24 } from '../../bytes/octets.ts'
import { WITHOUT_TARGET } from '../../domain/census.ts'
import { REFUSAL_TEXT, refusalOf } from '../../policy/refusal.ts'
import { findAttribute, valueEnd, valueStart } from '../../policy/rewrite/attribute-rewrite.ts'
import type { AttributeSets } from '../../rib/attribute-sets.ts'
import { MOBILITY, STICKY } from '../../rib/decision-facts.ts'
import type { SetId } from '../../rib/verdict.ts'
import type { AttributeContext } from '../../wire/attribute/attribute.ts'
import { AttributeCode } from '../../wire/attribute/attribute.ts'
import { pathAttribute } from '../../wire/attribute/table.ts'
import { formatExtendedCommunity, readExtendedCommunity } from '../../wire/community/table.ts'
import type { NlriView } from '../../wire/nlri/family.ts'
import type { Nva } from '../nva.ts'
import { because } from './explain-row.ts'

/** How sets are written: 4-octet AS numbers. */
const CANONICAL: AttributeContext = { fourOctetAs: true, internal: true }
const ORIGINS = ['igp', 'egp', 'incomplete'] as const
/** Where the label stands in the value: flags (1), tunnel type (1). */
const PMSI_LABEL = 2
const scratch = new Uint8Array(512)

/** What of an attribute set goes into a row; kept while rows of one set follow one another. */
type SetPart = Omit<
  RouteRow,
  | 'family'
  | 'noVn'
  | 'rd'
  | 'route'
  | 'routeType'
  | 'vnis'
  | 'esi'
  | 'gatewayIp'
  | 'mac'
  | 'ip'
  | 'prefix'
  | 'best'
  | 'stale'
  | 'ageSeconds'
>

/** The row of a path; `row` is its index in the RIB, `nowSeconds` the time on the speaker's clock. */
export function routeRow(nva: Nva, dest: number, row: number, nowSeconds: number): RouteRow {
  const { rib } = nva.speaker
  const size = rib.writeNlri(row, scratch, 0)
  const view = rib.family.read(scratch, 0, size)
  const part = setPart(nva, rib.rows.set[row]!, rib.rows.used[row]!)
  return {
    family: rib.family.name,
    rd: text(view, 'rd'),
    route: rib.family.format({ ...view, rd: null }),
    routeType: view.routeType,
    vnis: [view.vni1, view.vni2, tunnelVni(rib.sets, rib.rows.set[row]!)].filter((vni) => typeof vni === 'number'),
    esi: text(view, 'esi'),
    gatewayIp: text(view, 'gatewayIp'),
    mac: text(view, 'mac'),
    ip: text(view, 'ip'),
    prefix: text(view, 'ipPrefix'),
    best: rib.destinations.best[dest] === row,
    stale: rib.isStale(row),
    ageSeconds: Math.max(0, nowSeconds - rib.rows.since[row]!),
    noVn: view.routeType === null ? null : noVn(nva, view.routeType, part),
    ...part,
    ...(refusalOf(rib.rows.used[row]!) === 'policy' ? { refused: refusedBy(nva, row) } : {}),
  }
}

/** Why it belongs to no VN of this domain: what a switch leaves out, or what is written differently there and here, shows nowhere else. */
function noVn({ census }: Nva, routeType: number, { vns, accepted, routeTargets }: SetPart): string | null {
  if (vns.length > 0 || !accepted || WITHOUT_TARGET.includes(routeType)) return null
  if (routeTargets.length === 0) return 'has no route target: is of no VN, and no NVE imports it'
  return census.vns.length === 0 ? null : `no VN here has the route target ${routeTargets.join(', ')}`
}

/** Which policy, and which of its terms. */
function refusedBy({ speaker }: Nva, row: number): string {
  const chain = speaker.explain.import(row)?.trace.chains.at(-1)
  return chain === undefined ? REFUSAL_TEXT.policy : `${REFUSAL_TEXT.policy}: ${because(chain)}`
}

function setPart(nva: Nva, received: SetId, verdict: number): SetPart {
  const { sets } = nva.speaker.rib
  const reason = refusalOf(verdict)
  const set = verdict >= 0 ? verdict : received
  const bytes = sets.octets(set)
  const nextHop = sets.nextHopAt(set)
  const values = new Map<number, unknown>()
  const communities: string[] = []
  const targets: string[] = []
  for (let at = sets.attributesAt(set); at < sets.attributesEnd(set); at = valueEnd(bytes, at)) {
    const code = u8(bytes, at + 1)
    const from = valueStart(bytes, at)
    const length = valueEnd(bytes, at) - from
    const known = pathAttribute(code)
    if (known !== null) values.set(code, known.read(bytes, from, length, CANONICAL))
    if (code === AttributeCode.communities) {
      for (let i = from; i < from + length; i += 4) communities.push(`${u16(bytes, i)}:${u16(bytes, i + 2)}`)
    }
  }
  const extended: string[] = []
  eachExtCommunity(sets, set, (at) => {
    if (isRouteTarget(bytes, at)) targets.push(formatRouteTarget(bytes, at))
    extended.push(formatExtendedCommunity(readExtendedCommunity(bytes, at)))
  })
  const path = values.get(AttributeCode.asPath)
  const localPref = values.get(AttributeCode.localPref)
  const med = values.get(AttributeCode.med)
  const clusters = values.get(AttributeCode.clusterList)
  const flags = sets.mobility[set]!
  const peer = nva.speaker.sources.attachments[sets.peer[set]!]?.peer
  const source = nva.speaker.sources.sourceOf(sets.peer[set]!)
  return {
    vns: source?.madeFor === 'outside' ? madeVnsOf(nva, set, source.domain) : vnsOf(nva, received, verdict, peer?.settings.domain ?? null),
    nextHop: formatIp(bytes, nextHop, sets.nextHopLength(set) === 4 ? 4 : 16),
    routeTargets: targets,
    peer: peer?.settings.name ?? null,
    madeFor: source?.madeFor === 'outside' ? source.domain : null,
    origin: ORIGINS[sets.origin[set]!] ?? 'incomplete',
    asPath: path === undefined ? '' : (pathAttribute(AttributeCode.asPath)?.format(path) ?? ''),
    localPref: typeof localPref === 'number' ? localPref : null,
    med: typeof med === 'number' ? med : null,
    originatorId: sets.originator[set] === 0 ? null : formatRouterId(sets.originator[set]!),
    clusterList: Array.isArray(clusters) ? clusters.map(String) : [],
    communities,
    extCommunities: extended,
    mobility: flags & MOBILITY ? { sequence: sets.mobilitySequence[set]!, sticky: (flags & STICKY) !== 0 } : null,
    accepted: reason === null,
    refused: reason === null ? null : REFUSAL_TEXT[reason],
  }
}

/** Of what is not used: the VNs it would belong to, in the targets that another domain has for them. */
function vnsOf({ census, boundaries, speaker }: Nva, received: SetId, verdict: number, domain: string | null): string[] {
  const { sets } = speaker.rib
  const judged = sets.imported[received]!
  const boundary = domain === null ? undefined : boundaries.get(domain)
  if (verdict < 0 && judged < 0 && boundary !== undefined) return boundary.sharedVnsOf(sets, received)
  const meant = verdict >= 0 ? verdict : judged >= 0 ? judged : received
  return census.membership.vnsOf(meant).map((index) => census.vns[index]!.vn.name)
}

/** Of what was made here for another domain, in the targets that gateways' routes bear there. */
function madeVnsOf({ boundaries, speaker }: Nva, set: SetId, domain: string | null): string[] {
  return boundaries.get(domain ?? '')?.madeVnsOf(speaker.rib.sets, set) ?? []
}

function eachExtCommunity(sets: AttributeSets, set: SetId, visit: (at: number) => void): void {
  const bytes = sets.octets(set)
  for (let at = sets.attributesAt(set); at < sets.attributesEnd(set); at = valueEnd(bytes, at)) {
    if (u8(bytes, at + 1) !== AttributeCode.extCommunities) continue
    for (let community = valueStart(bytes, at); community < valueEnd(bytes, at); community += 8) visit(community)
  }
}

/** VNI of the PMSI tunnel: where an IMET route has it (RFC 7432 §11.2). */
function tunnelVni(sets: AttributeSets, set: SetId): number | null {
  const bytes = sets.octets(set)
  const at = findAttribute(bytes, sets.attributesAt(set), sets.attributesEnd(set), AttributeCode.pmsiTunnel)
  return at < 0 ? null : u24(bytes, valueStart(bytes, at) + PMSI_LABEL)
}

function text(view: NlriView, member: string): string | null {
  const value = view[member]
  return typeof value === 'string' ? value : null
}
