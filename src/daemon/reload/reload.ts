/**
 * Reading the configuration again while the NVA runs, all or nothing: what can fail is tried first and taken back when it does; only then are peers, VNs and
 * agreements changed, which cannot.
 */
import type { ReloadAnswer } from '../../api/schema/reload.ts'
import type { Checked, Configuration } from '../../config/configuration.ts'
import { formatProblem, type Problem, problemAt } from '../../config/file/problem.ts'
import { endModules } from '../../config/policies/own-modules.ts'
import type { Logger } from '../../telemetry/logger.ts'
import { tcpKeys } from '../../transport/keys.ts'
import type { Listening } from '../listening.ts'
import type { Nva } from '../nva.ts'
import { logModules, retireModules } from '../own-modules.ts'
import { type Difference, difference, inWords, type Named } from './difference.ts'

/** What runs, as far as other settings reach. */
export interface Running {
  readonly nva: Nva
  readonly listening: Pick<Listening, 'change'>
  readonly log: Logger
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number
  /** The log level was given on the command line, which is stronger than the file. */
  readonly logLevelGiven: boolean
}

/** Loads the configuration; `running` is what it may share with it. */
export type Load = (running: Configuration) => Promise<Checked<Configuration>>

export class Reloader {
  private current: Configuration
  private readonly running: Running
  private readonly load: Load
  private closed = false
  /** One after the other: what is asked meanwhile waits. */
  private last: Promise<unknown> = Promise.resolve()

  constructor(configuration: Configuration, running: Running, load: Load) {
    this.current = configuration
    this.running = running
    this.load = load
  }

  /** The one that runs. */
  get configuration(): Configuration {
    return this.current
  }

  /** Reads the configuration and applies it. What came of it is in the log too. */
  reload(): Promise<ReloadAnswer> {
    const answer = this.last.then(() => this.once())
    this.last = answer.catch(() => {})
    return answer
  }

  /** What runs is coming to its end: nothing is changed any more. */
  close(): void {
    this.closed = true
  }

  private async once(): Promise<ReloadAnswer> {
    const { log } = this.running
    const checked = await this.load(this.current)
    if (!checked.ok) return this.rejected(checked.problems.map(formatProblem))
    const { configuration: candidate } = checked
    const change = difference(this.current, candidate)
    if (change.restart.length > 0) return this.rejected(restartProblems(checked, change).map(formatProblem), candidate)
    const heard = await this.running.listening.change({ endpoints: candidate.listen, keys: tcpKeys(candidate.speaker) })
    if (!heard.ok)
      return this.rejected(
        heard.why.map((why) => `${candidate.file}: nva.listen: ${why}`),
        candidate,
      )
    if (this.closed) return this.rejected(['fednva is shutting down'], candidate)

    retireModules(this.current.modules, candidate.modules)
    logModules(log, candidate.modules, this.running.now)
    this.current = candidate
    this.running.nva.reconfigure(candidate, isChange(change.vns))
    if (!this.running.logLevelGiven) log.level = candidate.log.level
    const changes = inWords(change).map(({ what, count, which }) => ({ what, count, which: [...which] }))
    const warnings = checked.warnings.map(formatProblem)
    for (const warning of warnings) log.warn({ warning }, 'configuration is strange')
    log.info({ changes: Object.fromEntries(changes.map(({ what, count }) => [what, count])) }, 'configuration reloaded')
    return { applied: true, problems: [], warnings, changes }
  }

  /** `candidate`: what would have run. Without one it has never been whole. */
  private rejected(problems: string[], candidate?: Configuration): ReloadAnswer {
    if (candidate !== undefined) endModules(candidate.modules, this.current.modules)
    for (const problem of problems) this.running.log.error({ problem }, 'configuration not reloaded, everything stays as it was')
    return { applied: false, problems, warnings: [], changes: [] }
  }
}

function isChange({ added, removed, changed }: Named): boolean {
  return added.length + removed.length + changed.length > 0
}

/** What stands in the candidate and needs a restart. */
export function restartProblems(checked: Extract<Checked<Configuration>, { ok: true }>, { restart }: Difference): Problem[] {
  return restart.map(({ field, running, wanted }) =>
    problemAt(checked.source, field, wanted, `${running}, which is what runs: for another one fednva has to be restarted`),
  )
}
