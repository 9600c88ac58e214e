/** Policies as typed to policies that can be asked: every argument is handed to its module. */
import { type Guard, Policy, type Step, type Term } from './chain.ts'
import type { Environment, MatchModule, SetModule, Trouble } from './modules/module.ts'
import { matchModule, SETS } from './modules/table.ts'
import type { Arguments, Term as TypedTerm } from './modules/term-schema.ts'

/** A module of the operator's own, loaded and in form checked. */
export interface OwnModule {
  readonly match: MatchModule<unknown> | null
  readonly set: SetModule<unknown> | null
  readonly guard: Guard
}

/** By their names under `policyModules`. */
export type OwnModules = ReadonlyMap<string, OwnModule>

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
    const trouble = (path: readonly string[], { found, expected }: Trouble) => troubles.push({ term: index, path, found, expected })
    return {
      policy: name,
      name: term.name,
      tests: byCost([
        ...steps(term.match, matchModule, ['match'], environment, trouble),
        ...ownSteps(term.match, 'match', own, environment, trouble),
      ]),
      edits: [
        ...steps(inTableOrder(term.set), (key) => SETS.find((module) => module.name === key) ?? null, ['set'], environment, trouble),
        ...ownSteps(term.set, 'set', own, environment, trouble),
      ],
      decides: term.then ?? 'next',
      hits: { sets: 0, routes: 0 },
    }
  })
  return { policy: new Policy(name, terms), troubles }
}

interface Compilable<Function> {
  readonly name: string
  readonly looksAt: Step<Function>['looksAt']
  compile(argument: unknown, environment: Environment): Function | Trouble
}

function steps<Function extends (...args: never[]) => unknown>(
  typed: Arguments | undefined,
  moduleOf: (name: string) => Compilable<Function> | null,
  path: readonly string[],
  environment: Environment,
  trouble: (path: readonly string[], why: Trouble) => void,
): Step<Function>[] {
  return Object.entries(typed ?? {}).flatMap(([name, argument]): Step<Function>[] => {
    const module = moduleOf(name)
    if (module === null || argument === undefined) return []
    const run = module.compile(argument, environment)
    if (typeof run === 'function') return [{ module: name, run, looksAt: module.looksAt, guard: null }]
    trouble([...path, name], run)
    return []
  })
}

function ownSteps<Part extends 'match' | 'set'>(
  typed: Arguments | undefined,
  part: Part,
  own: OwnModules,
  environment: Environment,
  trouble: (path: readonly string[], why: Trouble) => void,
): Step<PartFunction<Part>>[] {
  const asked = (typed?.own ?? {}) as Arguments
  return Object.entries(asked).flatMap(([name, argument]): Step<PartFunction<Part>>[] => {
    const module = own.get(name)
    const compilable = module?.[part] ?? null
    if (module === undefined) return []
    if (compilable === null) {
      trouble([part, 'own', name], { found: `${name}, which has no ${part}`, expected: `a module of your own with a ${part}` })
      return []
    }
    const checked = compilable.schema.safeParse(argument)
    if (!checked.success) {
      const [issue] = checked.error.issues
      trouble([part, 'own', name], { found: JSON.stringify(argument), expected: issue?.message ?? 'an argument the module takes' })
      return []
    }
    const run = attempted(() => compilable.compile(checked.data, environment))
    if (typeof run !== 'function') {
      trouble([part, 'own', name], run)
      return []
    }
    return [{ module: name, run: run as PartFunction<Part>, looksAt: compilable.looksAt, guard: module.guard }]
  })
}

type PartFunction<Part extends 'match' | 'set'> = Exclude<
  ReturnType<(Part extends 'match' ? MatchModule<unknown> : SetModule<unknown>)['compile']>,
  Trouble
>

/** What an own module throws while it is compiled is a problem of the configuration. */
function attempted<T>(run: () => T): T | Trouble {
  try {
    return run()
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    return { found: `a module that throws (${why})`, expected: 'a module that compiles its argument' }
  }
}

/** Tests that are asked once per set come first: where one of them fails the others are never asked. */
function byCost<T>(tests: readonly Step<T>[]): Step<T>[] {
  return [...tests.filter(({ looksAt }) => looksAt === 'attributes'), ...tests.filter(({ looksAt }) => looksAt === 'route')]
}

/** Edits of one term are applied in the order of the table, whatever the order in which they were typed. */
function inTableOrder(typed: Arguments | undefined): Arguments {
  return Object.fromEntries(SETS.flatMap(({ name }) => (typed?.[name] === undefined ? [] : [[name, typed[name]]])))
}
