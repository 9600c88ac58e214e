/**
 * Terms of a domain's import policies that ask for a mark which is taken out before they are asked: that a MAC is sticky, or a default gateway's, where `stickyMacs` does not say
 * `heed`. Such a term reads like a safeguard and matches nothing.
 */
import type { FieldPath } from '../file/problem.ts'
import type { Checks } from './checks.ts'
import { namesAt, termsOf } from './policy-checks.ts'

/** What a match has to say to ask for one of them, and what no route is then. */
const MARKS: readonly (readonly [match: FieldPath, isNever: string])[] = [
  [['macMobility', 'sticky'], 'sticky'],
  [['defaultGateway'], "a default gateway's"],
]

/** A warning for each such place in a policy, which names the first domain that imports by it and counts the others. */
export function warnOfUnseenMarks(checks: Checks): void {
  const { view } = checks
  const importers = new Map<string, FieldPath[]>()
  for (const domain of view.keys(['federation', 'domains'])) {
    const path: FieldPath = ['federation', 'domains', domain]
    if (view.text([...path, 'stickyMacs']) === 'heed') continue
    for (const { name } of namesAt(checks, [...path, 'import'])) importers.set(name, [...(importers.get(name) ?? []), path])
  }
  for (const [policy, [first, ...others]] of importers) {
    if (first === undefined) continue
    const more = others.length === 0 ? '' : ` and ${others.length} more`
    for (const term of termsOf(checks, policy)) {
      for (const [match, isNever] of MARKS) {
        const at = [...term, 'match', ...match]
        if (view.flag(at) !== true) continue
        const why = `with stickyMacs: ignore, the default, import policy sees no route that is ${isNever}, so this term matches none of ${first.at(-1)}`
        checks.warn(at, `${why} (line ${checks.lineOf(first)})${more}; it needs stickyMacs: heed there (docs/macs-between-domains.md)`)
      }
    }
  }
}
