/**
 * Block coverage of the code under test, by V8 itself (node:inspector). V8 counts blocks only in functions it compiles after counting began: make this
 * before the modules to be watched are imported.
 */
import { Session } from 'node:inspector'

const WATCHED = /\/src\/(wire|decode|speaker|rib)\//

interface Range {
  readonly startOffset: number
  readonly endOffset: number
  readonly count: number
}
interface FunctionCoverage {
  readonly ranges: readonly Range[]
}
interface ScriptCoverage {
  readonly url: string
  readonly functions: readonly FunctionCoverage[]
}

interface Script {
  /** By position of a function in the source: its ends. Grows as V8 compiles. */
  readonly functions: Map<string, readonly [number, number]>
  order: (readonly [number, number])[]
  /** Per character: 1 when it has run. */
  reached: Uint8Array
}

export class Coverage {
  private readonly session = new Session()
  private readonly scripts = new Map<string, Script>()
  /** By script: what ran since the look before. */
  pending: Map<string, Uint8Array> = new Map()

  constructor() {
    this.session.connect()
    this.post('Profiler.enable')
    this.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true, allowTriggeredUpdates: false })
  }

  /** What has run since the last look, as characters of source not reached before; `keep` counts them as reached. */
  look(): number {
    const { result } = this.post('Profiler.takePreciseCoverage') as { result: readonly ScriptCoverage[] }
    this.pending = new Map()
    let fresh = 0
    for (const script of result) if (WATCHED.test(script.url)) fresh += this.compare(script)
    return fresh
  }

  keep(pending = this.pending): void {
    for (const [url, now] of pending) {
      const script = this.scripts.get(url)!
      if (script.reached.length < now.length) {
        const longer = new Uint8Array(now.length)
        longer.set(script.reached)
        script.reached = longer
      }
      for (let at = 0; at < now.length; at++) if (now[at] === 1) script.reached[at] = 1
    }
  }

  /** Characters of functions reached and in all, by room. */
  rooms(): { readonly room: string; readonly reached: number; readonly all: number }[] {
    const rooms = new Map<string, { reached: number; all: number }>()
    for (const [url, { reached, order }] of this.scripts) {
      const name = WATCHED.exec(url)![1]!
      const room = rooms.get(name) ?? { reached: 0, all: 0 }
      rooms.set(name, room)
      const inside = new Uint8Array(reached.length)
      for (const [from, to] of order) if (from > 0) inside.fill(1, from, to)
      for (let at = 0; at < reached.length; at++) {
        if (inside[at] === 0) continue
        room.all++
        if (reached[at] === 1) room.reached++
      }
    }
    return [...rooms].map(([room, counts]) => ({ room, ...counts })).sort((a, b) => (a.room < b.room ? -1 : 1))
  }

  private compare({ url, functions }: ScriptCoverage): number {
    const script = this.scripts.get(url) ?? { functions: new Map(), order: [], reached: new Uint8Array(0) }
    this.scripts.set(url, script)
    const ran = new Map<string, readonly Range[]>()
    const known = script.functions.size
    let length = script.reached.length
    for (const { ranges } of functions) {
      const { startOffset, endOffset } = ranges[0]!
      const key = `${startOffset} ${endOffset}`
      ran.set(key, ranges)
      script.functions.set(key, [startOffset, endOffset])
      length = Math.max(length, endOffset)
    }
    if (script.functions.size > known) script.order = [...script.functions.values()].sort((a, b) => a[0] - b[0] || b[1] - a[1])
    const now = new Uint8Array(length)
    // Outer functions first; one that did not run blots out its part of the outer one.
    for (const [from, to] of script.order) {
      const ranges = ran.get(`${from} ${to}`)
      if (ranges === undefined) now.fill(0, from, to)
      else for (const { startOffset, endOffset, count } of ranges) now.fill(count > 0 ? 1 : 0, startOffset, endOffset)
    }
    this.pending.set(url, now)
    let fresh = 0
    for (let at = 0; at < length; at++) if (now[at] === 1 && script.reached[at] !== 1) fresh++
    return fresh
  }

  private post(method: string, parameters: object = {}): unknown {
    let outcome: unknown
    this.session.post(method, parameters, (error, result) => {
      if (error) throw error
      outcome = result
    })
    return outcome
  }
}
