/** The door of the room for cases that a policy is tried with: a file of them in, and beside it the configuration it names, or everything that is wrong with them. */
import { dirname, isAbsolute, join } from 'node:path'
import { type Configuration, loadConfiguration } from './configuration.ts'
import { readText } from './file/file-text.ts'
import { inOrder, type Problem, problemAt } from './file/problem.ts'
import { schemaProblems } from './file/schema-check.ts'
import { soundView } from './file/sound-view.ts'
import { readYaml, type YamlSource } from './file/yaml-source.ts'
import { casesFile, type PolicyCase } from './schema/cases-schema.ts'

export interface PolicyCases {
  readonly cases: readonly PolicyCase[]
  /** Where things stand in the file of cases. */
  readonly source: YamlSource
  readonly configuration: Configuration
}

/** Whom and what a case names, as far as it can be read. */
export interface CaseNames {
  readonly from: string | undefined
  readonly to: string | undefined
  readonly vn: string | undefined
}

/** `names`: of each case, where the form of the file is wrong and the configuration is not: what is wrong with names can be told all the same. */
export type CheckedCases =
  | { readonly ok: true; readonly value: PolicyCases }
  | {
      readonly ok: false
      readonly problems: readonly Problem[]
      readonly names?: Pick<PolicyCases, 'source' | 'configuration'> & { readonly of: readonly CaseNames[] }
    }

/** Reads and checks the file of cases at `path` and the configuration that it names. */
export async function loadCases(path: string): Promise<CheckedCases> {
  const text = readText(path)
  if (!text.ok)
    return {
      ok: false,
      problems: [
        { ...text.problem, expected: 'a file of policy cases', message: `found ${text.problem.found}, expected a file of policy cases` },
      ],
    }
  const { source, problems } = readYaml(text.value, path)
  if (source === null) return { ok: false, problems }
  const value = source.value
  if (typeof value === 'object' && value !== null && 'nva' in value) {
    return {
      ok: false,
      problems: [
        problemAt(source, ['nva'], 'the configuration of an NVA', 'a file of cases that names it: configuration and cases', 'key'),
      ],
    }
  }
  problems.push(...schemaProblems(source, casesFile))
  const load = (named: string) => loadConfiguration(isAbsolute(named) ? named : join(dirname(path), named))
  if (problems.length > 0) {
    const view = soundView(value, problems)
    const named = view.text(['configuration'])
    const configuration = named === undefined ? null : await load(named)
    if (configuration === null) return { ok: false, problems: inOrder(problems) }
    if (!configuration.ok) return { ok: false, problems: [...inOrder(problems), ...configuration.problems] }
    const of = Array.from({ length: view.count(['cases']) }, (_, index): CaseNames => {
      const [from, to, vn] = [['from'], ['to'], ['route', 'vn']].map((field) => view.text(['cases', index, ...field]))
      return { from, to, vn }
    })
    return { ok: false, problems, names: { source, configuration: configuration.configuration, of } }
  }
  const { configuration: named, cases } = casesFile.parse(value)
  const configuration = await load(named)
  if (!configuration.ok) return configuration
  return { ok: true, value: { cases, source, configuration: configuration.configuration } }
}
