import { FAILED, OK } from './exit.ts'
import { complain, say } from './terminal.ts'

/** `fednva check F`: one line for a good file, one for each problem of a bad one; what is only strange about a good one is a warning. `json`: all of it for programs. */
export async function checkOne(path: string, json = false): Promise<number> {
  const [{ checkFile }, { formatProblem }] = await Promise.all([import('../config/check-file.ts'), import('../config/file/problem.ts')])
  const result = await checkFile(path)
  if (json) {
    const [summary, warnings, problems] = result.ok ? [result.summary, result.warnings, []] : [null, [], result.problems]
    say(JSON.stringify({ file: path, good: result.ok, summary, warnings, problems }, null, 2))
    return result.ok ? OK : FAILED
  }
  if (result.ok) {
    for (const warning of result.warnings) complain(`warning: ${formatProblem(warning)}`)
    say(`${path}: good: ${result.summary}`)
    return OK
  }
  for (const problem of result.problems) complain(formatProblem(problem))
  return FAILED
}

/** `fednva check --schema`: the JSON Schema of a configuration file, for editors. */
export async function printSchema(of: 'nva' | 'nve'): Promise<number> {
  const { configurationSchema } = await import('../config/json-schema.ts')
  say(JSON.stringify(configurationSchema(of), null, 2))
  return OK
}
