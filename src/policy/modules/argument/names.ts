/** Names of peers, groups and domains as arguments; `*` stands for any characters: `leaf*`, `fra/*`. */
import type { z } from 'zod'
import { type Parsed, parsed, unreadable } from '../../../address/parsed.ts'
import { anyOf, listOf, type OneOrMore, text } from './fields.ts'

export type Names = OneOrMore<string>

const LONGEST = 255

export function namesOf(noun: string): z.ZodType<Names> {
  const what = `the name of ${noun}; "*" stands for any characters`
  const parse = (typed: string): Parsed<string> =>
    typed.length > 0 && typed.length <= LONGEST && !/\s/.test(typed) ? parsed(typed) : unreadable(typed, what)
  return anyOf(text(what, parse), what)
}

/** Whether a name is one of `names`. Linear in the length of both, whatever stands in them. */
export function namesTest(names: Names): (name: string) => boolean {
  const plain = new Set(listOf(names).filter((name) => !name.includes('*')))
  const patterns = listOf(names).flatMap((name) => (name.includes('*') ? [name.split('*')] : []))
  return (name) => plain.has(name) || patterns.some((parts) => fits(name, parts))
}

/** `parts`: what stands between the stars. The leftmost place for each part is as good as any other, so there is nothing to go back to. */
function fits(name: string, parts: readonly string[]): boolean {
  const first = parts[0] ?? ''
  const last = parts.at(-1) ?? ''
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last)) return false
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= name.length - last.length
}
