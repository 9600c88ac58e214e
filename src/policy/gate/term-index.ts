/**
 * Which terms of a chain may still match the routes of a set, without asking each of them. Tests that hang on one thing alone (`reads`: an attribute, the next
 * hop, whom the route came from) are asked once for every value of that thing, all together, and their answers kept as bits by term; sets mostly differ in
 * something else. What is kept has an end: a value that is asked for lately takes the place of another one.
 */

import { ByteKey, KEY_START } from '../../bytes/byte-key.ts'
import { copy } from '../../bytes/octets.ts'
import type { Chain, Term, TestStep } from '../chain.ts'
import type { Origin, Reads, RouteView } from '../modules/module.ts'
import { findAttribute, valueEnd } from '../rewrite/attribute-rewrite.ts'
import { LONGEST, RecentValues } from './recent-values.ts'

/** Tests of one thing that are fewer than this are asked as quickly as they are looked up. */
const WORTH_IT = 4
/** Half of the values of one thing that are remembered: a power of two. */
const PAIRS = 256
const WORD = 32

export class TermIndex {
  readonly terms: readonly Term[]
  /** By term: its tests that the index has no answer to, in order. */
  readonly rest: readonly (readonly TestStep[])[]
  private readonly groups: readonly Group[]
  /** Terms that may match, one bit each. */
  private readonly left: Int32Array

  constructor(terms: readonly Term[]) {
    this.terms = terms
    this.left = new Int32Array(Math.ceil(terms.length / WORD)).fill(-1)
    const byThing = new Map<Reads, Asked[]>()
    for (const [place, { tests }] of terms.entries()) {
      for (const step of indexable(tests)) byThing.set(step.reads!, [...(byThing.get(step.reads!) ?? []), { place, step }])
    }
    const worthIt = [...byThing].filter(([, asked]) => asked.length >= WORTH_IT)
    this.groups = worthIt.map(([reads, asked]) => new Group(reads, asked, this.left.length))
    const answered = new Set(worthIt.flatMap(([, asked]) => asked.map(({ step }) => step)))
    this.rest = terms.map(({ tests }) => (answered.size === 0 ? tests : tests.filter((step) => !answered.has(step))))
  }

  /** Looks at a route: `next` tells from then on which terms may match it. Again after every edit. Hot. */
  look(route: RouteView): void {
    const { groups, left } = this
    if (groups.length === 0) return
    left.fill(-1)
    for (let g = 0; g < groups.length; g++) {
      const fits = groups[g]!.fits(route)
      for (let w = 0; w < left.length; w++) left[w]! &= fits[w]!
    }
  }

  /** The first term from place `from` on that may match the route last looked at; the number of terms: none. Hot. */
  next(from: number): number {
    const { left } = this
    const count = this.terms.length
    if (from >= count) return count
    let word = from >>> 5
    let bits = left[word]! & (-1 << (from & 31))
    while (bits === 0) {
      if (++word === left.length) return count
      bits = left[word]!
    }
    const place = (word << 5) + (31 - Math.clz32(bits & -bits))
    return place < count ? place : count
  }
}

/** A test, and which term has it. */
interface Asked {
  readonly place: number
  readonly step: TestStep
}

/** Behind a module that may fail nothing can be said before it has been asked. */
function indexable(tests: readonly TestStep[]): readonly TestStep[] {
  const fallible = tests.findIndex(({ own }) => own !== null)
  const sure = fallible < 0 ? tests : tests.slice(0, fallible)
  return sure.filter(({ looksAt, reads }) => looksAt === 'attributes' && reads !== undefined && reads !== null)
}

/** The tests of one thing. */
class Group {
  private readonly reads: Reads
  private readonly asked: readonly Asked[]
  private readonly words: number
  private readonly values = new RecentValues<Int32Array>(PAIRS)
  private readonly byOrigin = new WeakMap<Origin, Int32Array>()
  private readonly key = new ByteKey(LONGEST)
  /** For a value that is not remembered. */
  private readonly passing: Int32Array

  constructor(reads: Reads, asked: readonly Asked[], words: number) {
    this.reads = reads
    this.asked = asked
    this.words = words
    this.passing = new Int32Array(words)
  }

  /** Terms none of whose tests of this thing fails. Valid until the next call. */
  fits(route: RouteView): Int32Array {
    const { reads } = this
    if (reads === 'origin') return this.ofOrigin(route)
    if (reads === 'nextHop') return this.ofOctets(route, route.nextHopAt, route.nextHopAt + route.nextHopLength)
    const at = findAttribute(route.bytes, route.from, route.to, reads)
    return at < 0 ? this.ofOctets(route, 0, 0) : this.ofOctets(route, at, valueEnd(route.bytes, at))
  }

  private ofOrigin(route: RouteView): Int32Array {
    const known = this.byOrigin.get(route.origin)
    if (known !== undefined) return known
    const fits = this.ask(route, new Int32Array(this.words))
    this.byOrigin.set(route.origin, fits)
    return fits
  }

  /** Octets `from`..`to` of the route are the value; none: it is not there. */
  private ofOctets(route: RouteView, from: number, to: number): Int32Array {
    const { key } = this
    if (to - from > LONGEST) return this.ask(route, this.passing)
    key.seal(copy(route.bytes, from, to, key.octets, KEY_START))
    const known = this.values.find(key)
    if (known !== undefined) return known
    const fits = this.ask(route, new Int32Array(this.words))
    this.values.remember(key, fits)
    return fits
  }

  private ask(route: RouteView, fits: Int32Array): Int32Array {
    fits.fill(-1)
    for (const { place, step } of this.asked) if (!step.run(route)) fits[place >>> 5]! &= ~(1 << (place & 31))
    return fits
  }
}

const INDEXES = new WeakMap<Chain, TermIndex>()

/** The index of a chain, made when it is first asked for. */
export function indexOf(chain: Chain): TermIndex {
  const known = INDEXES.get(chain)
  if (known !== undefined) return known
  const index = new TermIndex(chain.terms)
  INDEXES.set(chain, index)
  return index
}
