/**
 * Patterns over AS paths, token by token: `^65001 .* 65002$`. A pattern becomes a small program that all states walk side by side, so that a path of n tokens
 * costs at most n times the length of the pattern, whatever is in either: peers choose the paths, and must not choose how long we think.
 *
 *     65001        that AS; of an AS_SET: one of its members
 *     65001-65010  an AS in this range
 *     .            any AS
 *     x* x+ x?     x any number of times, at least once, at most once
 *     x y          x, then y
 *     x|y          x or y
 *     (x)          a group
 *     ^ $          the beginning (the AS that sent it last), the end (the origin)
 *
 * Blanks, and `_` as in the expressions of other daemons, stand between AS numbers and mean nothing else.
 */
import { decimal, type Parsed, parsed, unreadable } from '../../../address/parsed.ts'
import type { RouteView } from '../module.ts'
import { AsPathTokens } from './as-path.ts'

/** Characters; bounds the program too. */
const LONGEST = 1000
/** Groups within groups. */
const DEEPEST = 50
const MAX_AS = 0xffffffff

/** One step of a program: what it asks of the next token or place, and where to go on. */
type Step =
  | { readonly is: 'as'; readonly from: number; readonly to: number }
  | { readonly is: 'begin' | 'end' | 'match' }
  | { readonly is: 'fork'; readonly to: readonly number[] }

export const AS_PATH_PATTERN = 'a pattern of AS numbers such as "^65001 .* 65002$" or "_(64512-65534)_", with . * + ? | ( ) ^ $'

/** The pattern, ready to be asked; or what is wrong with it. */
export function parseAsPathPattern(typed: string): Parsed<AsPathPattern> {
  if (typed.length > LONGEST) return unreadable(`${typed.slice(0, 20)}...`, `a pattern of at most ${LONGEST} characters`)
  const words = typed.match(/\d+\s*-\s*\d+|\d+|[^\s_]/g) ?? []
  if (words.length === 0) return unreadable(typed, `${AS_PATH_PATTERN}; "^$" for the empty path`)
  const parser = new Parser(words)
  const why = parser.parse()
  return why === null ? parsed(new AsPathPattern(parser.steps)) : unreadable(typed, `${AS_PATH_PATTERN}: ${why}`)
}

/** Recursive descent; each part appends its steps and goes on behind them. Forks are filled in when their targets are known. */
class Parser {
  readonly steps: Step[] = []
  private readonly words: readonly string[]
  private at = 0
  private depth = 0

  constructor(words: readonly string[]) {
    this.words = words
  }

  /** What is wrong, or null. */
  parse(): string | null {
    const why = this.alternatives()
    if (why !== null) return why
    if (this.at < this.words.length) return 'a ) without its ('
    this.steps.push({ is: 'match' })
    return null
  }

  private alternatives(): string | null {
    const start = this.steps.length
    const why = this.sequence()
    if (why !== null || this.words[this.at] !== '|') return why
    this.at++
    // fork(left, right) left jump(end) right
    this.insert(start)
    const jump = this.steps.length
    this.steps.push({ is: 'fork', to: [] })
    this.steps[start] = { is: 'fork', to: [start + 1, jump + 1] }
    const right = this.alternatives()
    this.steps[jump] = { is: 'fork', to: [this.steps.length] }
    return right
  }

  private sequence(): string | null {
    for (let word = this.words[this.at]; word !== undefined && word !== '|' && word !== ')'; word = this.words[this.at]) {
      const why = this.repeated(word)
      if (why !== null) return why
    }
    return null
  }

  private repeated(word: string): string | null {
    const start = this.steps.length
    const why = this.one(word)
    if (why !== null) return why
    for (let mark = this.words[this.at]; mark === '*' || mark === '+' || mark === '?'; mark = this.words[this.at]) {
      this.at++
      if (mark !== '+') {
        this.insert(start)
        this.steps[start] = { is: 'fork', to: [start + 1, this.steps.length + (mark === '*' ? 1 : 0)] }
      }
      if (mark !== '?') {
        const again = this.steps.length
        this.steps.push({ is: 'fork', to: mark === '*' ? [start] : [start, again + 1] })
      }
    }
    return null
  }

  private one(word: string): string | null {
    this.at++
    if (word === '(') {
      if (++this.depth > DEEPEST) return `groups more than ${DEEPEST} deep`
      const why = this.alternatives()
      if (why !== null) return why
      this.depth--
      if (this.words[this.at] !== ')') return 'a ( without its )'
      this.at++
      return null
    }
    if (word === '^' || word === '$') this.steps.push({ is: word === '^' ? 'begin' : 'end' })
    else if (word === '.') this.steps.push({ is: 'as', from: 0, to: MAX_AS })
    else {
      const ends = word.split('-').map((end) => decimal(end.trim(), MAX_AS))
      const from = ends[0] ?? -1
      const to = ends.at(-1) ?? -1
      if (from < 0 || to < 0)
        return `${JSON.stringify(word)} is no AS number and none of these signs, or stands where there is nothing to repeat`
      if (to < from) return `the range ${word} ends before it begins`
      this.steps.push({ is: 'as', from, to })
    }
    return null
  }

  /** Makes room for a step at `start`: what lies behind moves, and forks into it with it. */
  private insert(start: number): void {
    this.steps.splice(start, 0, { is: 'match' })
    for (let i = start + 1; i < this.steps.length; i++) {
      const step = this.steps[i]!
      if (step.is === 'fork') this.steps[i] = { is: 'fork', to: step.to.map((to) => (to >= start ? to + 1 : to)) }
    }
  }
}

export class AsPathPattern {
  private readonly steps: readonly Step[]
  private readonly tokens = new AsPathTokens()
  /** States of now and of the next token; `seen` of a state is the turn in which it was last put in. */
  private now: Int32Array
  private coming: Int32Array
  private readonly seen: Int32Array
  private readonly stack: Int32Array
  private turn = 0
  private matched = false

  constructor(steps: readonly Step[]) {
    this.steps = steps
    this.now = new Int32Array(steps.length)
    this.coming = new Int32Array(steps.length)
    this.seen = new Int32Array(steps.length)
    this.stack = new Int32Array(2 * steps.length + 2)
  }

  /** Whether some stretch of the AS_PATH of the route is what the pattern says. Hot: allocates nothing. */
  matches(route: RouteView): boolean {
    const { tokens, steps } = this
    tokens.start(route)
    this.matched = false
    let more = tokens.next()
    let waiting = 0
    for (let first = true; ; first = false) {
      // A stretch may begin at every token.
      if (first) this.turn = (this.turn + 1) | 0
      waiting = this.enter(0, this.now, waiting, first, !more)
      if (this.matched) return true
      if (!more) return false
      this.turn = (this.turn + 1) | 0
      let next = 0
      const here = this.now
      const { at, count } = tokens
      more = tokens.next()
      for (let i = 0; i < waiting; i++) {
        const state = here[i]!
        const step = steps[state]!
        if (step.is === 'as' && this.holds(step.from, step.to, at, count)) next = this.enter(state + 1, this.coming, next, false, !more)
      }
      if (this.matched) return true
      this.now = this.coming
      this.coming = here
      waiting = next
    }
  }

  private holds(from: number, to: number, at: number, count: number): boolean {
    const { bytes } = this.tokens
    for (let as = at; as < at + 4 * count; as += 4) {
      const number = ((bytes[as]! << 24) | (bytes[as + 1]! << 16) | (bytes[as + 2]! << 8) | bytes[as + 3]!) >>> 0
      if (number >= from && number <= to) return true
    }
    return false
  }

  /** Puts `state`, and all that can be reached from it without a token, into `list`; returns how many are in it then. Each state once a turn. */
  private enter(state: number, list: Int32Array, held: number, begins: boolean, ends: boolean): number {
    const { steps, stack, seen, turn } = this
    let count = held
    let top = 0
    stack[top++] = state
    while (top > 0) {
      const here = stack[--top]!
      if (seen[here] === turn) continue
      seen[here] = turn
      const step = steps[here]!
      if (step.is === 'as') list[count++] = here
      else if (step.is === 'match') this.matched = true
      else if (step.is === 'fork') for (let i = step.to.length - 1; i >= 0; i--) stack[top++] = step.to[i]!
      else if (step.is === 'begin' ? begins : ends) stack[top++] = here + 1
    }
    return count
  }
}
