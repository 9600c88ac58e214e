import { readFileSync } from 'node:fs'
import type { Problem } from './problem.ts'

/** The text of a configuration file, or why there is none, in the words of the operator's problem. */
export function readText(path: string): { ok: true; value: string } | { ok: false; problem: Problem } {
  try {
    return { ok: true, value: readFileSync(path, 'utf8') }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    const found =
      { ENOENT: 'no such file', EACCES: 'a file this user may not read', EISDIR: 'a folder' }[code] ??
      `a file that cannot be read (${code})`
    const expected = 'a configuration file'
    return {
      ok: false,
      problem: { file: path, line: 0, column: 0, field: '', found, expected, message: `found ${found}, expected ${expected}` },
    }
  }
}
