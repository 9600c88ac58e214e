/** `fednva policy test`: files of cases, each case run, and all that does not hold with its place in the file. */
import type { ExplainRow } from '../../api/schema/explain.ts'
import { formatProblem, inOrder, type Problem, problemAt } from '../../config/file/problem.ts'
import { endModules, NO_MODULES } from '../../config/policies/own-modules.ts'
import { type CheckedCases, loadCases } from '../../config/policy-cases.ts'
import { named } from './case-names.ts'
import { runCase } from './run-case.ts'

export interface TestedCase {
  /** As typed, or what it asks about. */
  readonly name: string
  readonly line: number
  readonly holds: boolean
  readonly verdict: 'accept' | 'reject' | null
  readonly by: string | null
  readonly because: string
  readonly changes: Readonly<Record<string, string>>
  /** `file:line:column: field: found X, expected Y`. */
  readonly problems: readonly string[]
  readonly ways: readonly ExplainRow[]
}

export interface TestedFile {
  readonly file: string
  /** The configuration that was tried; null: the file or the configuration is not good, and `problems` says why. */
  readonly configuration: string | null
  readonly problems: readonly string[]
  readonly cases: readonly TestedCase[]
}

export async function testFile(file: string): Promise<TestedFile> {
  const loaded = await loadCases(file)
  if (!loaded.ok) return { file, configuration: null, problems: allProblems(loaded).map(formatProblem), cases: [] }
  const { cases, source, configuration } = loaded.value
  const tested = cases.map((asked, index): TestedCase => {
    const { troubles, ...outcome } = runCase(configuration, asked)
    const { from, to, route } = asked
    const what = route.mac ?? route.prefix ?? route.type ?? 'a route'
    return {
      name: asked.name ?? `${what} from ${from}${to === undefined ? '' : ` to ${to}`}`,
      line: source.locate(['cases', index], 'value').line,
      holds: troubles.length === 0,
      ...outcome,
      problems: troubles.map(({ field, found, expected }) => formatProblem(problemAt(source, ['cases', index, ...field], found, expected))),
    }
  })
  endModules(configuration.modules, NO_MODULES)
  return { file, configuration: configuration.file, problems: [], cases: tested }
}

/** Those of the form, and names that nobody has. */
function allProblems({ problems, names }: Extract<CheckedCases, { ok: false }>): readonly Problem[] {
  if (names === undefined) return problems
  const { source, configuration, of } = names
  const unknown = of.flatMap((one, index) =>
    named(configuration, one).unknown.map(({ field, found, expected }) => problemAt(source, ['cases', index, ...field], found, expected)),
  )
  endModules(configuration.modules, NO_MODULES)
  return inOrder([...problems, ...unknown])
}
