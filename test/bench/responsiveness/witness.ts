/**
 * Watches how quick a running fednva is: asks its API again and again, and listens to the KEEPALIVEs of sessions over which nothing else is said.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createClient } from '../../../src/api/client.ts'
import { Session } from '../load/session.ts'
import type { Quickness } from './result.ts'

/** Questions a second, in turn for status and peers. */
const QUESTIONS = 20
const OWN_RESOLUTION_MS = 1

export class Witness {
  /** Why a session ended or a question was not answered. */
  readonly trouble: string[] = []
  private readonly sessions: Session[]
  private readonly client: ReturnType<typeof createClient>
  private readonly own = monitorEventLoopDelay({ resolution: OWN_RESOLUTION_MS })
  private readonly timer: NodeJS.Timeout
  private asked = 0
  private since = 0
  private blocks: number[] = []
  private lateness: number[] = []
  private answers: number[] = []

  constructor(
    socket: string,
    sessions: readonly { address: string; asn: number; to: { address: string; port: number } }[],
    holdTimeSeconds: number,
  ) {
    const interval = (holdTimeSeconds / 3) * 1000
    this.client = createClient(socket)
    this.sessions = sessions.map(
      (one) =>
        new Session(
          { ...one, holdTimeSeconds },
          {
            keepalive: (spacing) => this.lateness.push(Math.max(0, spacing - interval)),
            down: ({ settings }, why) => this.trouble.push(`the session of ${settings.address} ended: ${why}`),
          },
        ),
    )
    this.own.enable()
    this.timer = setInterval(() => void this.ask(), 1000 / QUESTIONS)
    this.begin()
  }

  get allUp(): boolean {
    return this.sessions.every(({ up }) => up)
  }

  /** What is seen from now on is another phase. fednva must have been quiet for two seconds: that is how long it tells of a block as of the last second. */
  begin(): void {
    this.since = performance.now()
    this.blocks = []
    this.lateness = []
    this.answers = []
    this.own.reset()
  }

  /** What has been seen since `begin`. */
  end(phase: Quickness['phase']): Quickness {
    const answers = [...this.answers].sort((a, b) => a - b)
    return {
      phase,
      seconds: (performance.now() - this.since) / 1000,
      longestBlock: Math.max(0, ...this.blocks),
      keepalives: this.lateness.length,
      latestKeepalive: Math.max(0, ...this.lateness),
      answers: answers.length,
      answerP50: quantile(answers, 0.5),
      answerP99: quantile(answers, 0.99),
      answerMost: quantile(answers, 1),
      ownWait: Math.max(0, this.own.max / 1e6 - OWN_RESOLUTION_MS),
    }
  }

  close(): void {
    clearInterval(this.timer)
    this.own.disable()
    for (const session of this.sessions) session.close()
  }

  private async ask(): Promise<void> {
    const start = performance.now()
    const { since } = this
    const even = this.asked++ % 2 === 0
    const answer = even ? await this.client.status() : await this.client.peers()
    if (!answer.ok) this.trouble.push(answer.why)
    // An answer to a question of the phase before tells nothing of this one.
    if (since !== this.since || !answer.ok) return
    this.answers.push(performance.now() - start)
    if ('longestBlockMs' in answer.value) this.blocks.push(answer.value.longestBlockMs.lastSecond)
  }
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0
}
