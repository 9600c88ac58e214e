/**
 * A route on its way through policy. It begins as octets of somebody else; the first edit puts what it changes into memory of its own, and what is then in
 * it is what later terms see. One draft serves all routes, one after the other. Octets in its memory, which is that of a key, so that who interns what has become of a
 * route need not copy it:
 *
 *     length of the key (2) | left to whom the key is for (3) | next hop | path attributes
 */
import { ByteKey, KEY_START } from '../bytes/byte-key.ts'
import { copy, put24, u24 } from '../bytes/octets.ts'
import { AttributeCode } from '../wire/attribute/attribute.ts'
import { firstLabelAt, secondLabelAt } from '../wire/nlri/evpn/in-place.ts'
import { LONGEST_NLRI } from '../wire/nlri/family.ts'
import { hasVni } from './modules/lookup/encapsulations.ts'
import type { Draft, Origin } from './modules/module.ts'
import { type RewriteStep, rewrite } from './rewrite/attribute-rewrite.ts'

/** Most octets of next hop and path attributes: more than a set can hold. */
export const MOST_ATTRIBUTES = 65535 - 3
const NEXT_HOP_AT = KEY_START + 3
/** Memories that are not copied when a state in them is kept. */
const HELD_MOST = 4
/** One edit may lengthen what is just short enough. */
const CAPACITY = 4 * 65536
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
  /** The memory, where it is that of a draft. */
  key: ByteKey | null = null
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
    // Mostly it is the same memory: writing a pointer takes longer than comparing two.
    if (this.bytes !== other.bytes) {
      this.bytes = other.bytes
      this.key = other.key
    }
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

/** A state to come back to. */
class Kept extends State {
  private memory: Uint8Array = EMPTY

  /** Takes the state of `other`; the octets stay where they are. */
  point(other: State): void {
    this.become(other)
  }

  /** Takes the state of `other` and copies its octets. */
  keep(other: State): void {
    this.become(other)
    const octets = other.nextHopLength + other.to - other.from
    if (octets > this.memory.length) this.memory = new Uint8Array(2 * octets)
    this.from = copy(other.bytes, other.nextHopAt, other.nextHopAt + other.nextHopLength, this.memory, 0)
    this.to = copy(other.bytes, other.from, other.to, this.memory, this.from)
    this.nextHopAt = 0
    this.bytes = this.memory
    this.key = null
  }
}

export class RouteDraft extends State implements Draft {
  origin: Origin = NOBODY
  nlri: Uint8Array = EMPTY
  nlriAt = 0
  nlriLength = 0
  ageSeconds = 0
  stale = false
  /** Number of the state it is in and has not been changed since; -1: none. */
  state = -1
  /** Those that states stand in, `held` many, then one that is read and one that is written. Made when first written to. */
  private readonly memory: ByteKey[] = []
  private held = 0
  private heldAtFirst = 0
  private readonly ownNlri = new Uint8Array(LONGEST_NLRI)
  private readonly first = new Kept()
  private readonly states: Kept[] = []
  private kept = 0
  /** The NLRI as it came. */
  private cameNlri: Uint8Array = EMPTY
  private cameAt = 0

  /**
   * A set, for now without a route. The octets stay those of the caller and must stay as they are meanwhile. `steps` rewrite what is no matter of policy
   * before it begins.
   */
  begin({ bytes, from, to, nextHopAt, nextHopLength }: RouteOctets, origin: Origin, steps: readonly RewriteStep[] = NO_STEPS): void {
    this.key = null
    this.bytes = bytes
    this.from = from
    this.to = to
    this.nextHopAt = nextHopAt
    this.nextHopLength = nextHopLength
    this.edited = false
    this.tooLong = false
    this.vnis = NO_MAPS
    this.rateClass = 0
    this.held = 0
    if (steps.length > 0) {
      this.write(bytes, nextHopAt, nextHopLength, steps)
      this.hold()
    }
    this.heldAtFirst = this.held
    this.origin = origin
    this.kept = 0
    this.state = -1
    this.withoutRoute()
    this.first.point(this)
  }

  /** A route of the set. Hot. */
  beginRoute(nlri: Uint8Array, at: number, length: number, ageSeconds: number, stale: boolean): void {
    // Mostly it is the same memory: writing a pointer takes longer than comparing two.
    if (this.cameNlri !== nlri) this.cameNlri = nlri
    this.cameAt = at
    this.nlriLength = length
    this.ageSeconds = ageSeconds
    this.stale = stale
    this.mapAgain()
  }

  /** Takes the route away again: what is asked now holds for every route of the set. */
  withoutRoute(): void {
    this.beginRoute(EMPTY, 0, 0, 0, false)
  }

  /** Remembers the state it is in, as the next one. */
  keep(): void {
    const state = this.states[this.kept] ?? new Kept()
    this.states[this.kept] = state
    if (this.bytes === this.first.bytes || this.hold()) state.point(this)
    else state.keep(this)
    this.state = this.kept++
  }

  /** Into a state that was kept. Hot. */
  restore(number: number): void {
    if (this.state === number) return
    const { vnis } = this
    this.become(this.states[number]!)
    this.state = number
    if (this.vnis !== vnis) this.mapAgain()
  }

  /** Back to the beginning: nothing is kept. */
  beginAgain(): void {
    this.become(this.first)
    this.held = this.heldAtFirst
    this.kept = 0
    this.state = -1
  }

  /** Back to the beginning: nothing is kept but that. */
  rewind(): void {
    this.beginAgain()
    this.keep()
  }

  rewrite(steps: readonly RewriteStep[]): void {
    if (this.tooLong) return
    this.write(this.bytes, this.nextHopAt, this.nextHopLength, steps)
    this.edited = true
    this.state = -1
  }

  setNextHop(octets: Uint8Array): void {
    if (this.tooLong) return
    this.write(octets, 0, octets.length, NO_STEPS)
    this.edited = true
    this.state = -1
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
    this.state = -1
  }

  private write(nextHop: Uint8Array, nextHopAt: number, nextHopLength: number, steps: readonly RewriteStep[]): void {
    const key = this.spare()
    const out = key.octets
    const from = copy(nextHop, nextHopAt, nextHopAt + nextHopLength, out, NEXT_HOP_AT)
    this.to = rewrite(this.bytes, this.from, this.to, steps, out, from)
    this.key = key
    this.bytes = out
    this.from = from
    this.nextHopAt = NEXT_HOP_AT
    this.nextHopLength = nextHopLength
    if (this.to - NEXT_HOP_AT > MOST_ATTRIBUTES) this.tooLong = true
  }

  /** The NLRI as it came, with what was done to VNIs. */
  private mapAgain(): void {
    if (this.nlri !== this.cameNlri) this.nlri = this.cameNlri
    this.nlriAt = this.cameAt
    if (this.vnis.length > 0) for (const map of this.vnis) this.mapLabels(map)
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

  /** The memory it stands in is written to no more; false: there are too many such. */
  private hold(): boolean {
    const { memory, key, held } = this
    if (key === null) return false
    let at = 0
    while (memory[at] !== key) at++
    if (at < held) return true
    if (held === HELD_MOST) return false
    memory[at] = memory[held]!
    memory[held] = key
    this.held++
    return true
  }

  private spare(): ByteKey {
    const { memory, key } = this
    for (let i = this.held; i < memory.length; i++) if (memory[i] !== key) return memory[i]!
    const made = new ByteKey(CAPACITY)
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
