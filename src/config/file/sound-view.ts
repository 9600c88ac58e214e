import { type FieldPath, formatField, type Problem } from './problem.ts'

/** What of a file can be relied on although other parts of it are wrong: it lets every check run in one pass. */
export interface SoundView {
  /** The keys of the map at `path`; none when there is no map. */
  keys(path: FieldPath): readonly string[]
  /** Length of the list at `path`; 0 when there is none. */
  count(path: FieldPath): number
  has(path: FieldPath): boolean
  /** The value at `path`, if it is of this kind and the schema had no objection to it. */
  number(path: FieldPath): number | undefined
  text(path: FieldPath): string | undefined
  flag(path: FieldPath): boolean | undefined
}

export function soundView(value: unknown, objections: readonly Problem[]): SoundView {
  const bad = new Set(objections.map((problem) => problem.field))
  const at = (path: FieldPath): unknown => {
    let held = value
    for (const step of path) {
      if (typeof held !== 'object' || held === null || !Object.hasOwn(held, step)) return undefined
      held = (held as Record<string | number, unknown>)[step]
    }
    return bad.has(formatField(path)) ? undefined : held
  }
  return {
    keys: (path) => {
      const held = at(path)
      return typeof held === 'object' && held !== null && !Array.isArray(held) ? Object.keys(held) : []
    },
    count: (path) => {
      const held = at(path)
      return Array.isArray(held) ? held.length : 0
    },
    has: (path) => at(path) !== undefined,
    number: (path) => {
      const held = at(path)
      return typeof held === 'number' ? held : undefined
    },
    text: (path) => {
      const held = at(path)
      return typeof held === 'string' ? held : undefined
    },
    flag: (path) => {
      const held = at(path)
      return typeof held === 'boolean' ? held : undefined
    },
  }
}
