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
  const value = valueAt(source.value, path)
  if (issue.code === 'invalid_type' && issue.expected === 'never') {
    const words = `not available in this version: ${issue.message}; remove it`
    return [worded(source, path, formatFound(value, path), 'nothing', words, 'key')]
  }
  return [problemAt(source, path, formatFound(value, path), expectedBy(issue), value === undefined ? 'key' : 'value')]
}

/** Our leaves bring their own words; containers have none and say what they are. */
function expectedBy(issue: Issue): string {
  if (issue.code !== 'invalid_type') return issue.message
  if (issue.expected === 'object' || issue.expected === 'record') return 'a map of keys'
  return issue.expected === 'array' ? 'a list' : issue.message
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
  let node: SchemaNode | undefined = z.toJSONSchema(schema, { io: 'input', reused: 'inline' }) as SchemaNode
  const plain = (of: SchemaNode | undefined): SchemaNode | undefined =>
    of?.anyOf?.find((one) => one.properties ?? one.additionalProperties ?? one.items) ?? of
  for (const step of path) {
    const held: SchemaNode | undefined = plain(node)
    const inside: SchemaNode | undefined = typeof step === 'number' ? held?.items : held?.properties?.[step]
    node = inside ?? (typeof held?.additionalProperties === 'object' ? held.additionalProperties : undefined)
  }
  return Object.entries(plain(node)?.properties ?? {}).flatMap(([key, of]) => (of.not === undefined ? [key] : []))
}

function valueAt(value: unknown, path: FieldPath): unknown {
  let held = value
  for (const step of path) {
    if (typeof held !== 'object' || held === null) return undefined
    held = (held as Record<string | number, unknown>)[step]
  }
  return held
}
