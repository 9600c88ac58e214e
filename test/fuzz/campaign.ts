/** The loop: inputs in batches, coverage after each batch, what lit something new joins the corpus, and now and then everything is let go. */
import { Chance } from './chance.ts'
import type { Coverage } from './coverage.ts'
import { Finding, Stopwatch } from './finding.ts'
import { LiveTarget, Tally } from './live-target.ts'
import { mutated } from './mutate.ts'
import { readCold, readStream } from './wire-target.ts'

export interface Found {
  readonly index: number
  readonly rule: string
  readonly what: string
  /** The inputs that show it to a new speaker, in order; mostly one. */
  readonly inputs: readonly Uint8Array[]
  /** How often the same was found. */
  times: number
}

export interface CampaignSettings {
  readonly seed: number
  /** The first input, 0 when not said, and one more than the last. */
  readonly from?: number
  readonly messages: number
  readonly seeds: readonly Uint8Array[]
  /** null: no guidance. */
  readonly coverage: Coverage | null
}

interface Input {
  readonly octets: Uint8Array
  readonly index: number
}

/** Inputs in a batch: few while most batches light something new, many when that has become rare. */
const FEWEST = 64
const MOST = 8192
/** Inputs between two times at which everything is let go. */
const CYCLE = 1024
/** So many of the last inputs may come back changed. */
const LAST = 32
/** An input is tried so often before it counts as slow: the machine may have been busy. */
const SLOW_TRIES = 3

export class Campaign {
  /** By what was found, numbers aside. */
  readonly findings = new Map<string, Found>()
  readonly corpus: Uint8Array[]
  readonly watch = new Stopwatch()
  readonly tally = new Tally()
  live = new LiveTarget(this.watch, this.tally)
  /** Inputs run, those before the first counted in. */
  done: number
  private batchSize: number
  /** The last inputs, to come back to. */
  private readonly last: Uint8Array[] = []
  private readonly settings: CampaignSettings
  /** Inputs since everything was let go. */
  private history: Input[] = []

  constructor(settings: CampaignSettings) {
    this.settings = settings
    this.done = settings.from ?? 0
    this.batchSize = settings.coverage === null ? MOST : FEWEST
    this.corpus = [...settings.seeds]
    settings.seeds.forEach((octets, i) => {
      this.one({ octets, index: -1 - i })
      this.letGo()
    })
    settings.coverage?.look()
    settings.coverage?.keep()
  }

  get over(): boolean {
    return this.done >= this.settings.messages
  }

  /** The next batch. Input `index` hangs on the seed and on what joined the corpus in the batches before. */
  batch(): void {
    const { seed, messages, coverage } = this.settings
    const inputs: Input[] = []
    for (const to = Math.min(this.done + this.batchSize, messages); this.done < to; this.done++) {
      const index = this.done
      const input = { octets: mutated(Chance.at(seed, index), this.corpus, this.last), index }
      inputs.push(input)
      this.last.push(input.octets)
      if (this.last.length > LAST) this.last.shift()
      this.one(input)
      if (this.history.length >= CYCLE) this.letGo()
    }
    this.letGo()
    if (coverage === null) return
    if (coverage.look() === 0) {
      this.batchSize = Math.min(2 * this.batchSize, MOST)
      return
    }
    this.batchSize = Math.max(this.batchSize >>> 1, FEWEST)
    const whole = coverage.pending
    this.bisect(inputs, coverage)
    coverage.keep(whole)
  }

  /** Takes the inputs into the corpus that light something new by themselves. */
  private bisect(inputs: readonly Input[], coverage: Coverage): void {
    const middle = inputs.length >>> 1
    for (const part of [inputs.slice(0, middle), inputs.slice(middle)]) {
      if (part.length === 0) continue
      for (const input of part) this.one(input)
      this.letGo()
      if (coverage.look() === 0) continue
      if (part.length > 1) this.bisect(part, coverage)
      else {
        coverage.keep()
        this.corpus.push(part[0]!.octets)
      }
    }
  }

  private one(input: Input): void {
    this.history.push(input)
    try {
      this.run(input, this.live)
    } catch (error) {
      this.found(error)
    }
  }

  private letGo(): void {
    try {
      this.live.rest()
    } catch (error) {
      this.found(error)
    }
    this.history = []
  }

  /** All targets. Throws what it finds. */
  private run({ octets, index }: Input, live: LiveTarget): void {
    for (let tries = 0; ; tries++) {
      this.watch.start()
      const chance = Chance.at(~this.settings.seed, index)
      readCold(octets, chance, this.watch)
      readStream(octets, chance, this.watch)
      live.take(octets, chance)
      if (this.watch.slow === '') return
      if (tries === SLOW_TRIES) throw new Finding('takes its time', this.watch.slow)
    }
  }

  private found(error: unknown): void {
    const { rule, what } = described(error)
    const { history } = this
    this.history = []
    this.live = new LiveTarget(this.watch, this.tally)
    const key = `${rule}: ${what.replaceAll(/[0-9a-f]{6,}|\d+/g, '#').slice(0, 200)}`
    const known = this.findings.get(key)
    if (known !== undefined) {
      known.times++
      return
    }
    const inputs = this.shortest(history, rule)
    const index = history.at(-1)?.index ?? this.done
    this.findings.set(key, { index, rule, what, inputs: inputs.map(({ octets }) => octets), times: 1 })
  }

  /** The inputs that are needed to find it again; all of them when it cannot be found again. */
  private shortest(history: readonly Input[], rule: string): readonly Input[] {
    const last = history.slice(-1)
    if (this.shows(last, rule)) return last
    if (!this.shows(history, rule)) return history
    let needed = history
    for (let size = history.length >>> 1; size > 0; size >>>= 1) {
      for (let at = 0; at < needed.length; ) {
        const without = needed.toSpliced(at, size)
        if (this.shows(without, rule)) needed = without
        else at += size
      }
    }
    return needed
  }

  private shows(inputs: readonly Input[], rule: string): boolean {
    try {
      const live = new LiveTarget(this.watch, new Tally())
      for (const input of inputs) this.run(input, live)
      live.rest()
    } catch (error) {
      return described(error).rule === rule
    }
    return false
  }
}

function described(error: unknown): { readonly rule: string; readonly what: string } {
  if (error instanceof Finding) return { rule: error.rule, what: error.message }
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { rule: 'never throws', what: what.split('\n').slice(0, 6).join('\n') }
}
