/** One thing that is wrong with a configuration file: where it stands, what was found there and what was expected. */
export interface Problem {
  /** The file as the operator named it. */
  readonly file: string
  /** Counted from 1; 0: the file as a whole, for example when it cannot be read. */
  readonly line: number
  /** Counted from 1, in UTF-16 code units; 0 with line 0. */
  readonly column: number
  /** Path of the field, `federation.domains.fra.peers[1]`; empty for the whole file. */
  readonly field: string
  readonly found: string
  readonly expected: string
  /** The field and what is wrong with it, for people. */
  readonly message: string
}

/** Keys and list positions from the top of the file down to a field. */
export type FieldPath = readonly (string | number)[]

/** Which end of `key: value` a place means. */
export type Part = 'key' | 'value'

/** A file, and where in its text each field stands. */
export interface Places {
  readonly file: string
  /** Line and column, from 1, of the field; of the nearest field around it when it is not there. */
  locate(path: FieldPath, part: Part): { line: number; column: number }
}

/** `leafspine.yaml:12:5: vns.web.vni: found 16777216, expected a VNI from 1 to 16777215`. */
export function formatProblem(problem: Problem): string {
  const at = problem.line === 0 ? problem.file : `${problem.file}:${problem.line}:${problem.column}`
  return `${at}: ${problem.message}`
}

/** A path as operators write it: keys with dots between them, list positions in brackets from 0. */
export function formatField(path: FieldPath): string {
  let text = ''
  for (const step of path) text += typeof step === 'number' ? `[${step}]` : text === '' ? step : `.${step}`
  return text
}

/** A problem of the field at `path`. The place is that of its value, or of its key when `part` says so; a field that is missing is placed at its parent. */
export function problemAt(source: Places, path: FieldPath, found: string, expected: string, part: Part = 'value'): Problem {
  return worded(source, path, found, expected, `found ${found}, expected ${expected}`, part)
}

/** A problem of the field at `path`, told in `words` instead of `found ..., expected ...`. */
export function worded(source: Places, path: FieldPath, found: string, expected: string, words: string, part: Part = 'value'): Problem {
  const field = formatField(path)
  const message = field === '' ? words : `${field}: ${words}`
  return { file: source.file, ...source.locate(path, part), field, found, expected, message }
}

/** In the order of the file. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column)
}

const SECRET = /passw|secret/i

/** What stands at `path`, short enough for an error; never what may be a secret. */
export function formatFound(value: unknown, path: FieldPath): string {
  if (value === undefined || value === null) return 'nothing'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object') return 'a map of keys'
  if (path.some((step) => typeof step === 'string' && SECRET.test(step)))
    return `a ${typeof value === 'string' ? 'text' : typeof value} (not shown)`
  const text = typeof value === 'string' && !readsAsText(value) ? JSON.stringify(value) : String(value)
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

/** Whether a text can stand in an error without quotes: no blanks, and nothing that would be a number or truth value. */
function readsAsText(text: string): boolean {
  return /^[\w.:/[\]*-]+$/.test(text) && Number.isNaN(Number(text)) && text !== 'true' && text !== 'false'
}
