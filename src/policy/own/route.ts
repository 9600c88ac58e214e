/** A route as modules of the operator's own see it: in the words of `fednva/wire`, decoded where it is looked at. */
import { formatIp } from '../../address/ip.ts'
import { formatRouteTarget, isRouteTarget, ROUTE_TARGET_OCTETS } from '../../address/route-target.ts'
import { hex, same as samePart, u8 } from '../../bytes/octets.ts'
import { AttributeCode } from '../../wire/attribute/attribute.ts'
import { pathAttribute } from '../../wire/attribute/table.ts'
import { formatExtendedCommunity } from '../../wire/community/table.ts'
import { evpn } from '../../wire/nlri/evpn/evpn.ts'
import type { NlriView } from '../../wire/nlri/family.ts'
import type { AttributesView } from '../../wire/update-view.ts'
import { firstVni, secondVni } from '../modules/lookup/vnis.ts'
import type { LooksAt, Origin, RouteView } from '../modules/module.ts'
import { findAttribute, valueEnd, valueStart } from '../rewrite/attribute-rewrite.ts'

/** What routes of one attribute set share. Nothing of it can be changed. */
export interface RouteAttributes {
  /** Who it was learned from; an empty name: it is our own. `domain`: the federated domain; null: our own. */
  readonly peer: Origin
  readonly nextHop: string
  readonly origin: 'igp' | 'egp' | 'incomplete' | null
  /** AS numbers of the AS_PATH in order, those of AS_SETs too. */
  readonly asPath: readonly number[]
  readonly localPref: number | null
  readonly med: number | null
  /** `65001:100`; well-known ones by number too: `65535:65281` is no-export. */
  readonly communities: readonly string[]
  readonly largeCommunities: readonly string[]
  /** As `fednva decode` writes them: `RT:65001:10100`, `ET:8`, `MM:1`. Route targets are among them. */
  readonly extendedCommunities: readonly string[]
  /** `65001:10100`. */
  readonly routeTargets: readonly string[]
  /** All path attributes as in `fednva/wire`; next hop and NLRI stand outside of them. */
  readonly attributes: AttributesView
}

/** A single route. */
export interface RouteSeen extends RouteAttributes {
  /** EVPN route type, 1 to 255. */
  readonly routeType: number
  readonly rd: string | null
  /** Of type 2. */
  readonly mac: string | null
  /** The host of type 2, the originator of types 3 and 4. */
  readonly ip: string | null
  /** Of type 5: `10.1.0.0/16`. */
  readonly prefix: string | null
  readonly esi: string | null
  readonly ethernetTag: number | null
  /** None to two. */
  readonly vnis: readonly number[]
  /** All fields of the NLRI, as in `fednva/wire`. */
  readonly nlri: NlriView
  /** As operators write it: `[2]:[0]:[48]:[02:00:00:00:00:01]`. */
  readonly text: string
  /** Seconds since it last changed. */
  readonly ageSeconds: number
  /** It is kept from a session that is gone. */
  readonly stale: boolean
}

/** How sets are written: 4-octet AS numbers. */
const CANONICAL = { fourOctetAs: true, internal: true }

class Seen implements RouteSeen {
  readonly #view: RouteView
  readonly #looksAt: LooksAt
  readonly #before: Seen | null
  #attributes: AttributesView | null = null
  #nlri: NlriView | null = null

  constructor(view: RouteView, looksAt: LooksAt, before: Seen | null) {
    this.#view = view
    this.#looksAt = looksAt
    this.#before = before
  }

  get peer(): Origin {
    return this.#view.origin
  }

  get nextHop(): string {
    const { bytes, nextHopAt, nextHopLength } = this.#view
    return formatIp(bytes, nextHopAt, nextHopLength === 4 ? 4 : 16)
  }

  get origin(): RouteAttributes['origin'] {
    return this.attributes.origin ?? null
  }

  get asPath(): readonly number[] {
    return (this.attributes.asPath ?? []).flatMap(({ type, asns }) => (type === 'sequence' || type === 'set' ? asns : []))
  }

  get localPref(): number | null {
    return this.attributes.localPref ?? null
  }

  get med(): number | null {
    return this.attributes.med ?? null
  }

  get communities(): readonly string[] {
    return this.attributes.communities ?? []
  }

  get largeCommunities(): readonly string[] {
    return this.attributes.largeCommunities ?? []
  }

  get extendedCommunities(): readonly string[] {
    return (this.attributes.extCommunities ?? []).map(formatExtendedCommunity)
  }

  get routeTargets(): readonly string[] {
    const { bytes, from, to } = this.#view
    const at = findAttribute(bytes, from, to, AttributeCode.extCommunities)
    const targets: string[] = []
    if (at < 0) return targets
    const end = valueEnd(bytes, at)
    for (let one = valueStart(bytes, at); one + ROUTE_TARGET_OCTETS <= end; one += ROUTE_TARGET_OCTETS) {
      if (isRouteTarget(bytes, one)) targets.push(formatRouteTarget(bytes, one))
    }
    return targets
  }

  get attributes(): AttributesView {
    this.#attributes ??= this.#before?.sharedWith(this.#view) ?? attributesOf(this.#view)
    return this.#attributes
  }

  /** The attributes, if they have been decoded and those of another route are the same octets. */
  sharedWith({ bytes, from, to }: RouteView): AttributesView | null {
    const mine = this.#view
    const same = this.#attributes !== null && to - from === mine.to - mine.from && samePart(bytes, from, mine.bytes, mine.from, to - from)
    return same ? this.#attributes : null
  }

  get nlri(): NlriView {
    if (this.#looksAt === 'attributes') throw new TypeError("the module says looksAt: 'attributes', so there is no single route to look at")
    const { nlri, nlriAt, nlriLength } = this.#view
    this.#nlri ??= Object.freeze(evpn.read(nlri, nlriAt, nlriLength))
    return this.#nlri
  }

  get routeType(): number {
    return this.nlri.routeType
  }

  get rd(): string | null {
    return textOf(this.nlri, 'rd')
  }

  get mac(): string | null {
    return textOf(this.nlri, 'mac')
  }

  get ip(): string | null {
    return textOf(this.nlri, 'ip')
  }

  get prefix(): string | null {
    return textOf(this.nlri, 'ipPrefix')
  }

  get esi(): string | null {
    return textOf(this.nlri, 'esi')
  }

  get ethernetTag(): number | null {
    const { ethernetTag } = this.nlri
    return typeof ethernetTag === 'number' ? ethernetTag : null
  }

  get vnis(): readonly number[] {
    return this.nlri && [firstVni(this.#view), secondVni(this.#view)].filter((vni) => vni > 0)
  }

  get text(): string {
    return evpn.format({ ...this.nlri, rd: null })
  }

  get ageSeconds(): number {
    return this.nlri && this.#view.ageSeconds
  }

  get stale(): boolean {
    return this.nlri && this.#view.stale
  }
}

/** The octets of `view` must stay as they are as long as somebody looks. Members of the single route throw for modules that look at attributes. */
export function seen(view: RouteView, looksAt: LooksAt): RouteSeen {
  return new Seen(view, looksAt, null)
}

/** Several, one after the other: what they share is decoded once. */
export function seenOneByOne(looksAt: LooksAt): (view: RouteView) => RouteSeen {
  let first: Seen | null = null
  return (view) => {
    // Behind the first with these attributes: a chain of all of them would keep all of them.
    const one = new Seen(view, looksAt, first)
    if (first === null || first.sharedWith(view) === null) first = one
    return one
  }
}

function attributesOf({ bytes, from, to }: RouteView): AttributesView {
  const attributes: Record<string, unknown> = {}
  const unknown: { type: number; flags: number; hex: string }[] = []
  for (let at = from; at < to; at = valueEnd(bytes, at)) {
    const code = u8(bytes, at + 1)
    const value = valueStart(bytes, at)
    const end = valueEnd(bytes, at)
    const entry = pathAttribute(code)
    if (entry === null || entry.viewedAsOctets) unknown.push({ type: code, flags: u8(bytes, at), hex: hex(bytes, value, end) })
    else attributes[entry.name] = entry.read(bytes, value, end - value, CANONICAL)
  }
  if (unknown.length > 0) attributes.unknown = unknown
  return Object.freeze(attributes)
}

function textOf(view: NlriView, member: string): string | null {
  const value = view[member]
  return typeof value === 'string' ? value : null
}
