/** `fednva policy test FILE...`: says which cases do not hold, and why; for programs with `--json`. */
import type { TestedFile } from '../../daemon/policy-test/policy-test.ts'
import { FAILED, OK } from '../exit.ts'
import { testPolicies } from '../programs.ts'
import { complain, say } from '../terminal.ts'
import { formatExplanation } from './policy-explain.ts'

export async function policyTest(paths: readonly string[], options: { readonly json?: boolean | undefined }): Promise<number> {
  const files: TestedFile[] = []
  for (const path of paths) files.push(await testPolicies(path))
  const cases = files.flatMap((file) => file.cases)
  const failed = cases.filter(({ holds }) => !holds).length
  if (options.json === true) say(JSON.stringify({ passed: cases.length - failed, failed, files }, null, 2))
  else for (const file of files) tell(file)
  return failed === 0 && files.every(({ problems }) => problems.length === 0) ? OK : FAILED
}

function tell({ file, cases, problems }: TestedFile): void {
  for (const problem of problems) complain(problem)
  for (const { name, holds, problems: why, ways } of cases) {
    if (holds) continue
    for (const line of why) complain(line)
    complain(`  ${name}`)
    for (const way of ways) complain(formatExplanation(way).trimEnd().replaceAll(/^/gm, '  '))
  }
  if (problems.length > 0) return
  const held = cases.filter(({ holds }) => holds).length
  say(held === cases.length ? `${file}: ${count(held)}` : `${file}: ${held} of ${count(cases.length)}`)
}

function count(cases: number): string {
  return cases === 1 ? '1 case holds' : `${cases} cases hold`
}
