/** What a target says of an input that broke a rule. Thrown by the rules, caught by the campaign alone. */
export class Finding extends Error {
  readonly rule: string

  constructor(rule: string, detail: string) {
    super(`${rule}: ${detail}`)
    this.rule = rule
  }
}

export function rule(holds: boolean, name: string, detail: () => string): asserts holds {
  if (!holds) throw new Finding(name, detail())
}

/** The longest that one call of the code under test took, by name, in ms. */
export class Stopwatch {
  readonly longest = new Map<string, number>()
  /** Limits are stretched by this: counting coverage takes its time. */
  stretch = 1
  /** What took longer than allowed since the last `start`. */
  slow = ''

  start(): void {
    this.slow = ''
  }

  time<T>(name: string, limitMs: number, call: () => T): T {
    const from = performance.now()
    const result = call()
    const ms = performance.now() - from
    if (ms > (this.longest.get(name) ?? 0)) this.longest.set(name, ms)
    if (ms > limitMs * this.stretch) this.slow = `${name} took ${ms.toFixed(1)} ms`
    return result
  }
}
