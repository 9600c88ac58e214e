/**
 * A module of the operator's own, as policy has it: asked by terms, watched, and switched off when it does not keep to its time. What it wants changed goes
 * through the set modules of fednva, so that it can put nothing on the wire that they could not.
 */
import { formatIp } from '../../address/ip.ts'
import { formatRouteTarget } from '../../address/route-target.ts'
import { formatRouterId } from '../../address/router-id.ts'
import type { Edit, Environment, RouteView } from '../modules/module.ts'
import type { Decision } from '../modules/term-schema.ts'
import { Ahead } from './ahead.ts'
import type { Here } from './definition.ts'
import type { EditsOf } from './edits.ts'
import type { Failure, Part, Runner } from './runner.ts'

/** What is said of it in the configuration. */
export interface OwnSettings {
  readonly name: string
  /** The path of its file. */
  readonly file: string
  /** What becomes of a route on which it fails. `next`: the following term is asked. */
  readonly onError: Decision
  /** Milliseconds of computing that one call may take. */
  readonly budgetMs: number
}

/** So many calls over their time in so many calls, and the module is switched off until a reload: each of them has made everybody wait. */
export const OVERRUNS_MOST = 10
export const OVERRUN_WINDOW = 10_000

const OFF = `switched off: ${OVERRUNS_MOST} of its calls took too long`

export class OwnModule {
  readonly settings: OwnSettings
  private readonly runner: Runner
  calls = 0
  /** Calls in which it threw, or answered what cannot be used. */
  errors = 0
  overruns = 0
  /** Calls not made because it is switched off. */
  spared = 0
  off = false
  /** Why it failed last; null: it never has. */
  lastFailure: string | null = null
  /** Hears of every failure as it happens. */
  onFailure: ((module: OwnModule, why: string) => void) | null = null
  private windowFrom = 0
  private overrunsInWindow = 0

  constructor(settings: OwnSettings, runner: Runner) {
    this.settings = settings
    this.runner = runner
  }

  get nature(): Runner['nature'] {
    return this.runner.nature
  }

  /** Whether a route may have got another answer than the one the module would give now. */
  get hasFailed(): boolean {
    return this.errors + this.overruns + this.spared > 0
  }

  /** An argument as it was typed; a number stands for it from then on. A failure to take it is one of the configuration and not counted. */
  take(typed: unknown, environment: Environment): number | Failure {
    return this.runner.take(typed, hereOf(environment))
  }

  /** Fetches the answers about many routes in one go, for `match` or `propose`. */
  ahead<Answer extends boolean | string>(part: Part, argument: number): Ahead<Answer> {
    return new Ahead<Answer>({
      note: (route) => !this.off && this.runner.note(route),
      answers: () => this.answers(part, argument) as readonly (Answer | Failure)[],
    })
  }

  /** null: it failed. `known`: the answer, where it was fetched before. */
  match(argument: number, route: RouteView, known?: boolean | Failure): boolean | null {
    if (!this.calling()) return null
    const held = known ?? this.runner.match(argument, route)
    return typeof held === 'boolean' ? held : this.failed(held)
  }

  /** What is to be done to the route; nothing has been done yet. null: it failed. `known` as for `match`. */
  propose(argument: number, route: RouteView, edits: EditsOf, known?: string | Failure): readonly Edit[] | null {
    if (!this.calling()) return null
    const wanted = known ?? this.runner.set(argument, route)
    if (typeof wanted !== 'string') return this.failed(wanted)
    const made = edits.of(wanted)
    return 'failed' in made ? this.failed(made) : made
  }

  /** Of the last routes there is none where calls took so long that the module will be off when they are asked about. */
  private answers(part: Part, argument: number): readonly (boolean | string | Failure)[] {
    const { runner } = this
    const found: (boolean | string | Failure)[] = []
    let late = 0
    while (found.length < runner.noted && late + this.overrunsInWindow < OVERRUNS_MOST) {
      found.push(...runner.answers(part, argument, found.length))
      const last = found.at(-1)
      if (typeof last === 'object' && last.failed === 'overrun') late++
    }
    runner.forget()
    return found
  }

  private calling(): boolean {
    if (this.off) {
      this.spared++
      this.lastFailure = OFF
      return false
    }
    this.calls++
    return true
  }

  private failed({ failed, why }: Failure): null {
    this.lastFailure = why
    if (failed === 'error') this.errors++
    else {
      this.overruns++
      if (this.calls - this.windowFrom > OVERRUN_WINDOW) {
        this.windowFrom = this.calls
        this.overrunsInWindow = 0
      }
      if (++this.overrunsInWindow >= OVERRUNS_MOST) this.off = true
    }
    this.onFailure?.(this, this.off ? `${why}; ${OFF}, until a reload ${this.settings.onError} stands for its answer` : why)
    return null
  }
}

function hereOf({ asn, routerId, ownAddress, vns }: Environment): Here {
  const texts = (targets: readonly Uint8Array[]) => targets.map((target) => formatRouteTarget(target))
  return {
    asn,
    routerId: formatRouterId(routerId),
    address: ownAddress === null ? null : formatIp(ownAddress),
    vns: vns.map(({ name, vni, importTargets, exportTargets }) => ({
      name,
      vni,
      importTargets: texts(importTargets),
      exportTargets: texts(exportTargets),
    })),
  }
}
