/** Holds a file's value against a schema and words every objection for the operator. */
import { z } from 'zod'
import { nearest } from './nearest.ts'
import { type FieldPath, formatFound, type Problem, problemAt, worded } from './problem.ts'
import type { YamlSource } from './yaml-source.ts'

type Issue = z.core.$ZodIssue

/** All objections of `schema` to the whole file; none: the value fits. */
export function schemaProblems(source: YamlSource, schema: z.ZodType): Problem[] {
  const result = schema.safeParse(source.value)
  return result.success ? [] : result.error.issues.flatMap((issue) => problemsOf(source, schema, issue))
}

function problemsOf(source: YamlSource, schema: z.ZodType, issue: Issue): Problem[] {
  const path = issue.path as FieldPath
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(source, schema, path, key))
  if (issue.code === 'invalid_key') {
    const expected = issue.issues[0]?.message ?? 'a name'
    return [problemAt(source, path, `the key ${formatFound(path.at(-1), [])}`, expected, 'key')]
  }
  if (issue.code === 'invalid_union') {
    const inside = meant(issue)
    if (inside !== null) return inside.flatMap((one) => problemsOf(source, schema, { ...one, path: [...path, ...one.path] }))
  }
  const value = valueAt(source.value, path)
  if (issue.code === 'invalid_type' && issue.expected === 'never') {
    const words = `not available in this version: ${issue.message}; remove it`
    return [worded(source, path, formatFound(value, path), 'nothing', words, 'key')]
  }
  return [
    problemAt(
      source,
      path,
      formatFound(value, path),
      `${expectedBy(issue, value)}${quotes(issue, value)}`,
      value === undefined ? 'key' : 'value',
    ),
  ]
}

/**
 * Of a value that may have several forms: what is wrong inside the one form that it has. null: it has none of them, or more than one could have been
 * meant; then the words for all of them together are the better ones.
 */
function meant(issue: z.core.$ZodIssueInvalidUnion): readonly Issue[] | null {
  const deeper = issue.errors.filter(
    (issues) => issues.length > 0 && issues.every(({ path, code }) => path.length > 0 && code !== 'invalid_key'),
  )
  return deeper.length === 1 ? (deeper[0] as readonly Issue[]) : null
}

/** Our leaves bring their own words; containers have none and say what they are. */
function expectedBy(issue: Issue, found: unknown): string {
  if (issue.code !== 'invalid_type') return issue.message
  if (issue.expected === 'object' || issue.expected === 'record') return 'a map of keys'
  if (issue.expected !== 'array') return issue.message
  if (found === undefined || found === null) return 'a list'
  return typeof found === 'object' ? 'a list: each entry behind a "-", or all in [ ]' : 'a list, also of one: in [ ]'
}

/** A number in quotes is a text, and looks like the number that is expected. */
function quotes(issue: Issue, found: unknown): string {
  if (issue.code !== 'invalid_type' || typeof found !== 'string' || !/^\d+$/.test(found)) return ''
  return issue.expected === 'number' || issue.expected === 'int' ? ', without quotes' : ''
}

function unknownKey(source: YamlSource, schema: z.ZodType, path: FieldPath, key: string): Problem {
  const known = knownKeys(schema, path)
  const meant = nearest(key, known)
  const words = meant === null ? `unknown key, expected one of ${known.join(', ')}` : `unknown key, did you mean ${meant}?`
  return worded(source, [...path, key], key, meant ?? `one of ${known.join(', ')}`, words, 'key')
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly additionalProperties?: SchemaNode | boolean
  readonly items?: SchemaNode
  readonly anyOf?: readonly SchemaNode[]
  readonly not?: unknown
}

/** The keys that may be used in the map at `path`, from the JSON Schema. */
function knownKeys(schema: z.ZodType, path: FieldPath): string[] {
  let nodes = [z.toJSONSchema(schema, { io: 'input', reused: 'inline' }) as SchemaNode]
  for (const step of path) nodes = formsOf(nodes).flatMap((node) => childOf(node, step) ?? [])
  const keys = formsOf(nodes).flatMap(({ properties }) => Object.entries(properties ?? {}))
  return [...new Set(keys.flatMap(([key, of]) => (of.not === undefined ? [key] : [])))]
}

/** A node that may have several forms is those. */
function formsOf(nodes: readonly SchemaNode[]): SchemaNode[] {
  return nodes.flatMap((node) => (node.anyOf === undefined ? [node] : formsOf(node.anyOf)))
}

function childOf(node: SchemaNode, step: string | number): SchemaNode | undefined {
  if (typeof step === 'number') return node.items
  return node.properties?.[step] ?? (typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined)
}

function valueAt(value: unknown, path: FieldPath): unknown {
  let held = value
  for (const step of path) {
    if (typeof held !== 'object' || held === null) return undefined
    held = (held as Record<string | number, unknown>)[step]
  }
  return held
}
