import { isAlias, isCollection, isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument, visit } from 'yaml'
import type { FieldPath, Part, Places, Problem } from './problem.ts'

/** A YAML file, read: its plain value, and where in the text each part of it stands. */
export interface YamlSource extends Places {
  readonly value: unknown
}

/** What YAML's own complaints mean to somebody who writes a configuration file. No text of the file is in them: it may be a password. */
const COMPLAINTS: Readonly<Record<string, readonly [found: string, expected: string]>> = {
  BAD_INDENT: ['wrong indentation or a bracket that is not closed', 'the lines of one map at the same depth, and a ] or } for each [ or {'],
  TAB_AS_INDENT: ['a tab', 'spaces for indentation'],
  BLOCK_AS_IMPLICIT_KEY: [
    'a second "key:" on the same line, or the next line further in',
    'one key on a line and the lines of one map at the same depth, or { } around them',
  ],
  MULTILINE_IMPLICIT_KEY: ['a key over several lines', 'one key on a line'],
  MISSING_CHAR: ['something unfinished', 'its closing quote, bracket, colon or comma'],
  MULTIPLE_DOCS: ['a second document (---)', 'one document'],
  UNEXPECTED_TOKEN: ['text that does not belong here', 'the end of the value'],
  BAD_DQ_ESCAPE: ['an unknown \\ escape', 'an escape of YAML, or the text in single quotes'],
}

/** YAML objects to one place in several ways: the first says what is wrong, the others follow from it. */
function firstOfEachPlace(problems: readonly Problem[]): Problem[] {
  return problems.filter(({ line, column }, i) => problems.findIndex((other) => other.line === line && other.column === column) === i)
}

/** Reads YAML 1.2, with anchors and merge keys. A duplicate key is a problem that leaves a value; after other problems there is no source. */
export function readYaml(text: string, file: string): { source: YamlSource | null; problems: Problem[] } {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true })
  const place = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset)
    return line === 0 ? { line: 1, column: 1 } : { line, column: col }
  }
  const problem = (offset: number, found: string, expected: string): Problem => {
    return { file, ...place(offset), field: '', found, expected, message: `found ${found}, expected ${expected}` }
  }

  let readable = true
  const problems = document.errors.map((error) => {
    if (error.code === 'DUPLICATE_KEY') {
      const key = /^["']?([\w./-]+)/.exec(text.slice(error.pos[0], error.pos[0] + 80))?.[1]
      return problem(error.pos[0], key === undefined ? 'a key a second time' : `the key ${key} a second time`, 'each key once in a map')
    }
    readable = false
    const [found, expected] = COMPLAINTS[error.code] ?? [`what is not YAML (${error.code.toLowerCase().replaceAll('_', ' ')})`, 'YAML 1.2']
    return problem(error.pos[0], found, expected)
  })
  for (const warning of document.warnings) problems.push(problem(warning.pos[0], 'an unknown tag (!)', 'a plain value'))
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return
      readable = false
      problems.push(problem(alias.range?.[0] ?? 0, `*${alias.source}`, 'an alias of an anchor that stands before it'))
    },
    Pair: (_, { key }) => {
      if (isScalar(key) && key.value !== '__proto__') return
      readable = false
      const offset = isScalar(key) || isCollection(key) ? key.range?.[0] : undefined
      problems.push(problem(offset ?? 0, 'a key that is no name', 'a text as the key'))
    },
  })
  if (!readable) return { source: null, problems: firstOfEachPlace(problems).slice(0, 5) }

  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    return { source: null, problems: [problem(0, 'aliases that multiply without bound', 'at most 100 of them')] }
  }

  const child = (node: unknown, step: string | number): Pair | null => {
    const held = isAlias(node) ? node.resolve(document) : node
    if (isSeq(held))
      return typeof step === 'number' && held.items[step] !== undefined
        ? ({ key: held.items[step], value: held.items[step] } as Pair)
        : null
    if (!isMap(held)) return null
    const named = held.items.findLast((pair) => isScalar(pair.key) && String(pair.key.value) === String(step))
    if (named !== undefined) return named
    for (const pair of held.items) {
      if (!isScalar(pair.key) || pair.key.source !== '<<') continue
      const merged = isSeq(pair.value) ? pair.value.items : [pair.value]
      for (const from of merged) {
        const found = child(from, step)
        if (found !== null) return found
      }
    }
    return null
  }
  const startOf = (node: unknown): number | undefined =>
    isScalar(node) || isCollection(node) || isAlias(node) ? node.range?.[0] : undefined

  const locate = (path: FieldPath, part: Part): { line: number; column: number } => {
    let node: unknown = document.contents
    let at = { key: 0, value: 0 }
    for (const step of path) {
      const pair = child(node, step)
      if (pair === null) return place(at.key)
      const key = startOf(pair.key) ?? at.key
      at = { key, value: startOf(pair.value) ?? key }
      node = pair.value
    }
    return place(at[part])
  }
  return { source: { file, value, locate }, problems }
}
