/**
 * The plans of sets that were asked about lately, by all that a plan hangs on: sets mostly differ in what no term looks at, and need not be asked again then. What
 * that is can be told where every test says what alone it reads, and every edit what it touches; not where a module of the operator's is asked.
 */
import { ByteKey, KEY_START } from '../../bytes/byte-key.ts'
import { copy, put8, put32, u8 } from '../../bytes/octets.ts'
import type { Origin, Reads, RouteView } from '../modules/module.ts'
import { valueEnd } from '../rewrite/attribute-rewrite.ts'
import { hangsOnRoute, type Stage } from './plan.ts'
import { LONGEST, RecentValues } from './recent-values.ts'

const PAIRS = 1024
const CODES = 256

export class KnownPlans {
  private readonly byValue = new RecentValues<number>(PAIRS)
  /** 1: plans hang on the attribute of that type code. */
  private readonly codes = new Uint8Array(CODES)
  private readonly nextHop: boolean
  private readonly origin: boolean
  private readonly key = new ByteKey(LONGEST)
  /** Whether the key is that of the route last sought: it was not too long. */
  private gathered = false
  /** Number of the origin of the route last sought. */
  private originNumber = 0
  private readonly originNumbers = new WeakMap<Origin, number>()
  private origins = 0
  private lastOrigin: Origin | null = null

  constructor(reads: ReadonlySet<Reads>) {
    this.nextHop = reads.has('nextHop')
    this.origin = reads.has('origin')
    for (const one of reads) if (typeof one === 'number') this.codes[one] = 1
  }

  /** The plan of a set whose octets the route has; undefined: it is not known. Hot: allocates nothing but for new origins. */
  find(route: RouteView): number | undefined {
    this.gathered = this.gather(route)
    return this.gathered ? this.byValue.find(this.key) : undefined
  }

  /** Remembers the plan of the set last sought. */
  remember(plan: number): void {
    if (this.gathered) this.byValue.remember(this.key, plan)
  }

  /** Puts together what the plan hangs on; false: it is too long. */
  private gather(route: RouteView): boolean {
    const { bytes, to } = route
    const { key, codes } = this
    const { octets } = key
    let end = KEY_START
    if (this.origin) {
      if (route.origin !== this.lastOrigin) this.changeOrigin(route.origin)
      end = put32(octets, end, this.originNumber)
    }
    if (this.nextHop) {
      end = put8(octets, end, route.nextHopLength)
      end = copy(bytes, route.nextHopAt, route.nextHopAt + route.nextHopLength, octets, end)
    }
    for (let at = route.from; at < to; ) {
      const next = valueEnd(bytes, at)
      if (codes[u8(bytes, at + 1)] === 1) {
        if (end + next - at > LONGEST) return false
        end = copy(bytes, at, next, octets, end)
      }
      at = next
    }
    key.seal(end)
    return true
  }

  private changeOrigin(origin: Origin): void {
    const known = this.originNumbers.get(origin) ?? ++this.origins
    this.originNumbers.set(origin, known)
    this.originNumber = known
    this.lastOrigin = origin
  }
}

/** All that the plans of these stages hang on; null: it cannot be told. */
export function plansHangOn(stages: readonly Stage[]): ReadonlySet<Reads> | null {
  const terms = stages.flatMap(({ chains }) => chains.flatMap((chain) => chain.terms))
  const found = new Set<Reads>(stages.flatMap(({ reads }) => reads))
  for (const { tests } of terms) {
    for (const { looksAt, reads } of tests) {
      if (looksAt === 'route') continue
      if (reads === undefined || reads === null) return null
      found.add(reads)
    }
  }
  // Terms that hang on the route change nothing before the plan is left.
  const made = terms.filter((term) => !hangsOnRoute(term))
  if (made.some(({ proposals }) => proposals.length > 0)) return null
  const edits: (readonly Reads[])[] = []
  for (const { touches } of made.flatMap((term) => term.edits)) {
    if (touches === null) return null
    edits.push(touches)
  }
  // What an edit makes of one thing may hang on another one.
  for (let before = -1; before !== found.size; ) {
    before = found.size
    for (const touches of edits) if (touches.some((one) => found.has(one))) for (const one of touches) found.add(one)
  }
  return found
}
