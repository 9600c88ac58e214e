/** Policies as typed to policies that can be asked: every argument is handed to its module. */
import { type EditStep, Policy, type Term, type TestStep } from './chain.ts'
import type { Edit, Environment, LooksAt, Reads, Test, Trouble } from './modules/module.ts'
import { matchModule, SETS, setModule } from './modules/table.ts'
import type { Arguments, Term as TypedTerm } from './modules/term-schema.ts'
import { type Made, type OwnModules, ownProposals, ownTests } from './own/steps.ts'

/** An argument that cannot be used: where it stands within the policy. */
export interface ArgumentTrouble extends Trouble {
  readonly term: number
  /** `match` or `set`, then the name of the module; with `own` between for those of the operator. */
  readonly path: readonly string[]
}

/** The policy, or all that is wrong with it. The form of the terms has been checked. */
export function compilePolicy(
  name: string,
  typed: readonly TypedTerm[],
  environment: Environment,
  own: OwnModules,
): { readonly policy: Policy; readonly troubles: readonly ArgumentTrouble[] } {
  const troubles: ArgumentTrouble[] = []
  const terms = typed.map((term, index): Term => {
    const good = <Step>({ steps, troubles: found }: Made<Step>): readonly Step[] => {
      troubles.push(...found.map((one) => ({ term: index, ...one })))
      return steps
    }
    return {
      policy: name,
      name: term.name,
      tests: byCost([...good(tests(term.match, environment)), ...good(ownTests(term.match, own, environment))]),
      edits: good(edits(term.set, environment)),
      proposals: good(ownProposals(term.set, own, environment)),
      decides: term.then ?? 'next',
      hits: { sets: 0, routes: 0 },
    }
  })
  return { policy: new Policy(name, terms), troubles }
}

function tests(typed: Arguments | undefined, environment: Environment): Made<TestStep> {
  return made(Object.entries(typed ?? {}), matchModule, 'match', environment, ({ module, run, looksAt, reads }) => ({
    module,
    run,
    looksAt,
    reads,
    own: null,
  }))
}

/** Edits of one term are applied in the order of the table, whatever the order in which they were typed. */
function edits(typed: Arguments | undefined, environment: Environment): Made<EditStep> {
  const inOrder = SETS.map(({ name }): [string, unknown] => [name, typed?.[name]])
  return made(inOrder, setModule, 'set', environment, ({ module, run, looksAt, touches }) => ({ module, run, looksAt, touches }))
}

interface Compilable<Function> {
  readonly looksAt: LooksAt
  readonly reads?: Reads | null
  readonly touches?: readonly Reads[] | null
  compile(argument: unknown, environment: Environment): Function | Trouble
}

function made<Function extends Test | Edit, Step>(
  typed: readonly (readonly [name: string, argument: unknown])[],
  moduleOf: (name: string) => Compilable<Function> | null,
  part: 'match' | 'set',
  environment: Environment,
  stepOf: (step: {
    readonly module: string
    readonly run: Function
    readonly looksAt: LooksAt
    readonly reads: Reads | null
    readonly touches: readonly Reads[] | null
  }) => Step,
): Made<Step> {
  const steps: Step[] = []
  const troubles: { path: readonly string[]; found: string; expected: string }[] = []
  for (const [name, argument] of typed) {
    const module = argument === undefined ? null : moduleOf(name)
    if (module === null) continue
    const run = module.compile(argument, environment)
    if (typeof run === 'function')
      steps.push(stepOf({ module: name, run, looksAt: module.looksAt, reads: module.reads ?? null, touches: module.touches ?? null }))
    else troubles.push({ path: [part, name], ...run })
  }
  return { steps, troubles }
}

/** Tests that are asked once per set come first, and of these our own: where one of them fails the others are never asked. */
function byCost(tests: readonly TestStep[]): TestStep[] {
  return [...tests.filter(({ looksAt }) => looksAt === 'attributes'), ...tests.filter(({ looksAt }) => looksAt === 'route')]
}
