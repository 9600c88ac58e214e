/** What has been seen while something was going on. Milliseconds, unless the name says otherwise. */
export interface Quickness {
  readonly phase: 'idle' | 'load' | 'dump' | 'diff' | 'reload'
  readonly seconds: number
  /** The longest that the work of fednva kept everything else waiting. */
  readonly longestBlock: number
  readonly keepalives: number
  /** How far the latest KEEPALIVE was behind the interval agreed; 0: none was. */
  readonly latestKeepalive: number
  readonly answers: number
  readonly answerP50: number
  readonly answerP99: number
  readonly answerMost: number
  /** Longest wait of the measuring process itself: what is below that cannot be told from it. */
  readonly ownWait: number
}

export interface ResponsivenessResult {
  readonly routes: number
  readonly phases: readonly Quickness[]
}

export const WHILE: Readonly<Record<Quickness['phase'], string>> = {
  idle: 'nothing happens',
  load: 'routes come in',
  dump: 'routes go out to 4 late joiners',
  diff: 'policy diff asks about all',
  reload: 'a reload changes a tenth',
}

export const MOST = { longestBlock: 20, latestKeepalive: 50, answerP99: 100 } as const

const IN_WORDS = { longestBlock: 'longest block', latestKeepalive: 'latest KEEPALIVE', answerP99: 'p99 of the answers' } as const

/** In words, what is slower than it may be. */
export function slow({ phases }: ResponsivenessResult): string[] {
  return phases.flatMap((phase) =>
    (Object.keys(MOST) as (keyof typeof MOST)[])
      .filter((measure) => phase[measure] > MOST[measure])
      .map((measure) => `${phase.phase}: ${IN_WORDS[measure]} ${phase[measure].toFixed(1)} ms, at most ${MOST[measure]}`),
  )
}
