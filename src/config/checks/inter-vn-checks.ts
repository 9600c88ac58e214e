/** What no single field of `interVn` can tell. */
import type { FieldPath } from '../file/problem.ts'
import type { Checks } from './checks.ts'

/** Names that exist, two different ones, and each pair once. */
export function checkInterVn(checks: Checks): void {
  const vns = checks.view.keys(['vns'])
  const seen = new Map<string, FieldPath>()
  for (const rule of checks.items(['interVn'])) {
    const [from, to] = [checks.view.text([...rule, 'from']), checks.view.text([...rule, 'to'])]
    for (const [key, name] of Object.entries({ from, to })) {
      if (name !== undefined && !vns.includes(name)) {
        checks.object([...rule, key], `a VN of this file: ${vns.length === 0 ? 'there is none' : vns.join(', ')}`)
      }
    }
    if (from === undefined || to === undefined) continue
    if (from === to) checks.object([...rule, 'to'], 'another VN than the one that routes come from')
    const first = seen.get(`${from} ${to}`)
    if (first === undefined) seen.set(`${from} ${to}`, rule)
    else checks.object(rule, `one rule for each two VNs, with all its prefixes: ${checks.place(first)} has them`, `${from} to ${to} again`)
  }
}
