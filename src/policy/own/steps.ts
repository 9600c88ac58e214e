/** What terms say under `match.own` and `set.own`, as steps of a compiled term. */
import type { Fallible, ProposalStep, TestStep } from '../chain.ts'
import type { Environment, Trouble } from '../modules/module.ts'
import type { Arguments } from '../modules/term-schema.ts'
import { EditsOf } from './edits.ts'
import type { OwnModule } from './own-module.ts'

/** By their names under `policyModules`. */
export type OwnModules = ReadonlyMap<string, OwnModule>

/** Steps, and the arguments that make none: where they stand within the term. */
export interface Made<Step> {
  readonly steps: readonly Step[]
  readonly troubles: readonly (Trouble & { readonly path: readonly string[] })[]
}

export function ownTests(typed: Arguments | undefined, own: OwnModules, environment: Environment): Made<TestStep> {
  return made(typed, 'match', own, environment, (name, module, argument) => {
    const ahead = module.ahead<boolean>('match', argument)
    return {
      module: `own.${name}`,
      looksAt: module.nature.looksAt,
      run: (route) => module.match(argument, route, ahead.answer(route)),
      own: fallible(module),
      ahead,
    }
  })
}

export function ownProposals(typed: Arguments | undefined, own: OwnModules, environment: Environment): Made<ProposalStep> {
  return made(typed, 'set', own, environment, (name, module, argument) => {
    const edits = new EditsOf(module.nature.looksAt, environment)
    const ahead = module.ahead<string>('set', argument)
    return {
      module: `own.${name}`,
      looksAt: module.nature.looksAt,
      propose: (route) => module.propose(argument, route, edits, ahead.answer(route)),
      own: fallible(module),
      ahead,
    }
  })
}

function made<Step>(
  typed: Arguments | undefined,
  part: 'match' | 'set',
  own: OwnModules,
  environment: Environment,
  stepOf: (name: string, module: OwnModule, argument: number) => Step,
): Made<Step> {
  const steps: Step[] = []
  const troubles: (Trouble & { path: readonly string[] })[] = []
  for (const [name, argument] of Object.entries((typed?.own ?? {}) as Arguments)) {
    const module = own.get(name)
    // A module that is not there, or could not be loaded, is told where it is named.
    if (module === undefined) continue
    const trouble = (found: string, expected: string) => troubles.push({ path: [part, 'own', name], found, expected })
    if (!module.nature[part]) {
      trouble(`${name}, which has no ${part}`, `a module with a ${part}: ${module.settings.file} has none`)
      continue
    }
    const taken = module.take(argument, environment)
    if (typeof taken === 'number') steps.push(stepOf(name, module, taken))
    else trouble(JSON.stringify(argument), `an argument that ${name} takes: ${taken.why}`)
  }
  return { steps, troubles }
}

function fallible(module: OwnModule): Fallible {
  return { onError: module.settings.onError, lastFailure: () => module.lastFailure ?? '' }
}
