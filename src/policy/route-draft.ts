/**
 * A route on its way through policy. It begins as octets of somebody else; the first edit puts what it changes into memory of its own, and what is then in
 * it is what later terms see. One draft serves all routes, one after the other. Octets in its memory:
 *
 *     next hop (32) | path attributes
 */
import { copy, put24, u24 } from '../bytes/octets.ts'
import { AttributeCode } from '../wire/attribute/attribute.ts'
import { firstLabelAt, secondLabelAt } from '../wire/nlri/evpn/in-place.ts'
import { type RewriteStep, rewrite } from './attribute-rewrite.ts'
import { hasVni } from './modules/lookup/encapsulations.ts'
import type { Draft, Origin } from './modules/module.ts'

/** Most octets of next hop and path attributes: more than a set can hold. */
export const MOST_ATTRIBUTES = 65535 - 3
const ATTRIBUTES_AT = 32
/** One edit may lengthen what is just short enough. */
const CAPACITY = 4 * 65536
const LONGEST_NLRI = 257
/** Flags (1) and tunnel type (1) of a PMSI tunnel stand before its label (RFC 6514 §5). */
const PMSI_LABEL = 2
const PMSI_SHORTEST = 5

export type VniMap = ReadonlyMap<number, number>

/** Whom routes of our own come from. */
export const NOBODY: Origin = { name: '', group: null, domain: null, asn: 0, external: false }
const EMPTY = new Uint8Array(0)
const NO_STEPS: readonly RewriteStep[] = []
const NO_MAPS: readonly VniMap[] = []

/** Next hop and canonical path attributes, somewhere in memory. */
export interface RouteOctets {
  readonly bytes: Uint8Array
  readonly from: number
  readonly to: number
  readonly nextHopAt: number
  readonly nextHopLength: number
}

/** What a draft is, but for its route. */
class State {
  bytes: Uint8Array = EMPTY
  from = 0
  to = 0
  nextHopAt = 0
  nextHopLength = 0
  /** Attributes or next hop are others than at the beginning. */
  edited = false
  /** The attributes have become more octets than can be held: later edits are not made. */
  tooLong = false
  /** What was done to VNIs, in order. */
  vnis: readonly VniMap[] = NO_MAPS
  rateClass = 0

  protected become(other: State): void {
    this.bytes = other.bytes
    this.from = other.from
    this.to = other.to
    this.nextHopAt = other.nextHopAt
    this.nextHopLength = other.nextHopLength
    this.edited = other.edited
    this.tooLong = other.tooLong
    this.vnis = other.vnis
    this.rateClass = other.rateClass
  }
}

class Kept extends State {
  keep(other: State): void {
    this.become(other)
  }
}

export class RouteDraft extends State implements Draft {
  origin: Origin = NOBODY
  nlri: Uint8Array = EMPTY
  nlriAt = 0
  nlriLength = 0
  ageSeconds = 0
  stale = false
  /** Four: one that is read, one that is written, one each that is kept. Made when first written to. */
  private readonly memory: Uint8Array[] = []
  private readonly ownNlri = new Uint8Array(LONGEST_NLRI)
  private readonly first = new Kept()
  private readonly kept = new Kept()

  /**
   * A set, for now without a route. The octets stay those of the caller and must stay as they are meanwhile. `steps` rewrite what is no matter of policy
   * before it begins.
   */
  begin({ bytes, from, to, nextHopAt, nextHopLength }: RouteOctets, origin: Origin, steps: readonly RewriteStep[] = NO_STEPS): void {
    this.bytes = bytes
    this.from = from
    this.to = to
    this.nextHopAt = nextHopAt
    this.nextHopLength = nextHopLength
    this.edited = false
    this.tooLong = false
    this.vnis = NO_MAPS
    this.rateClass = 0
    if (steps.length > 0) this.write(bytes, nextHopAt, nextHopLength, steps)
    this.origin = origin
    this.withoutRoute()
    this.first.keep(this)
  }

  /** A route of the set, in the state in which the draft is. Hot. */
  beginRoute(nlri: Uint8Array, at: number, length: number, ageSeconds: number, stale: boolean): void {
    this.nlri = nlri
    this.nlriAt = at
    this.nlriLength = length
    this.ageSeconds = ageSeconds
    this.stale = stale
    for (const map of this.vnis) this.mapLabels(map)
  }

  /** Takes the route away again: what is asked now holds for every route of the set. */
  withoutRoute(): void {
    this.nlri = EMPTY
    this.nlriAt = 0
    this.nlriLength = 0
    this.ageSeconds = 0
    this.stale = false
  }

  /** Moves the octets into memory of the draft's own: the caller's need not stay. */
  own(): void {
    if (!this.memory.includes(this.bytes)) this.write(this.bytes, this.nextHopAt, this.nextHopLength, NO_STEPS)
  }

  /** Remembers the state, for `restore` after each route. */
  keep(): void {
    this.kept.keep(this)
  }

  /** Back to what was kept. Hot. */
  restore(): void {
    this.become(this.kept)
  }

  /** Back to the beginning. */
  rewind(): void {
    this.become(this.first)
  }

  rewrite(steps: readonly RewriteStep[]): void {
    if (this.tooLong) return
    this.write(this.bytes, this.nextHopAt, this.nextHopLength, steps)
    this.edited = true
  }

  setNextHop(octets: Uint8Array): void {
    if (this.tooLong) return
    this.write(octets, 0, octets.length, NO_STEPS)
    this.edited = true
  }

  mapVnis(vnis: VniMap): void {
    if (!hasVni(this)) return
    this.rewrite([
      {
        code: AttributeCode.pmsiTunnel,
        flags: 0,
        add: false,
        value(bytes, from, to, out, at) {
          const end = copy(bytes, from, to, out, at)
          if (to - from >= PMSI_SHORTEST) mapAt(vnis, out, at + PMSI_LABEL)
          return end
        },
      },
    ])
    this.vnis = [...this.vnis, vnis]
    if (this.nlriLength > 0) this.mapLabels(vnis)
  }

  markRateClass(rateClass: number): void {
    this.rateClass = rateClass
  }

  private write(nextHop: Uint8Array, nextHopAt: number, nextHopLength: number, steps: readonly RewriteStep[]): void {
    const out = this.spare()
    copy(nextHop, nextHopAt, nextHopAt + nextHopLength, out, 0)
    this.to = rewrite(this.bytes, this.from, this.to, steps, out, ATTRIBUTES_AT)
    this.bytes = out
    this.from = ATTRIBUTES_AT
    this.nextHopAt = 0
    this.nextHopLength = nextHopLength
    if (this.to - ATTRIBUTES_AT + nextHopLength > MOST_ATTRIBUTES) this.tooLong = true
  }

  private mapLabels(vnis: VniMap): void {
    const { ownNlri } = this
    if (this.nlri !== ownNlri) {
      copy(this.nlri, this.nlriAt, this.nlriAt + this.nlriLength, ownNlri, 0)
      this.nlri = ownNlri
      this.nlriAt = 0
    }
    mapNlri(vnis, ownNlri, 0, this.nlriLength)
  }

  private spare(): Uint8Array {
    const { memory, bytes, kept, first } = this
    const free = memory.find((one) => one !== bytes && one !== kept.bytes && one !== first.bytes)
    if (free !== undefined) return free
    const made = new Uint8Array(CAPACITY)
    memory.push(made)
    return made
  }
}

/** Writes other VNIs into the labels of the NLRI at `at`. Hot. */
export function mapNlri(vnis: VniMap, nlri: Uint8Array, at: number, length: number): void {
  const first = firstLabelAt(nlri, at, length)
  if (first < 0) return
  mapAt(vnis, nlri, first)
  const second = secondLabelAt(nlri, at, length)
  if (second >= 0) mapAt(vnis, nlri, second)
}

function mapAt(vnis: VniMap, bytes: Uint8Array, at: number): void {
  const to = vnis.get(u24(bytes, at))
  if (to !== undefined) put24(bytes, at, to)
}
