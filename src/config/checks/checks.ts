/** The tools of one pass over a file, and what it has found. */
import { type FieldPath, formatField, formatFound, type Part, type Problem, problemAt, worded } from '../file/problem.ts'
import type { ReadSecret } from '../file/secret.ts'
import type { SoundView } from '../file/sound-view.ts'
import type { YamlSource } from '../file/yaml-source.ts'
import { parseListenEndpoint } from '../schema/endpoint.ts'

export class Checks {
  readonly source: YamlSource
  readonly view: SoundView
  readonly problems: Problem[] = []
  /** What can be meant, but hardly is. */
  readonly warnings: Problem[] = []
  readonly #firsts = new Map<string, FieldPath>()

  constructor(source: YamlSource, view: SoundView) {
    this.source = source
    this.view = view
  }

  object(path: FieldPath, expected: string, found?: string, part: Part = 'value'): void {
    const shown = found ?? formatFound(this.view.text(path) ?? this.view.number(path) ?? this.view.flag(path), path)
    const problem = problemAt(this.source, path, shown, expected, part)
    if (!this.problems.some((other) => other.message === problem.message && other.line === problem.line)) this.problems.push(problem)
  }

  warn(path: FieldPath, words: string, part: Part = 'value'): void {
    this.warnings.push(worded(this.source, path, '', '', words, part))
  }

  /** `vns.web.vni (line 12)`. */
  place(path: FieldPath): string {
    return `${formatField(path)} (line ${this.lineOf(path)})`
  }

  lineOf(path: FieldPath): number {
    return this.source.locate(path, 'value').line
  }

  /** Objects to the second that has the same `key`, naming the first. */
  once(key: string, path: FieldPath, expected: string): void {
    const first = this.#firsts.get(key)
    if (first === undefined) this.#firsts.set(key, path)
    else this.object(path, `${expected}: ${this.place(first)} has it`)
  }

  /** Objects to a password whose file cannot be read. */
  secret(path: FieldPath, readSecret: ReadSecret): void {
    const file = this.view.text([...path, 'file'])
    if (file === undefined) return
    const result = readSecret({ file })
    if (!result.ok) this.object([...path, 'file'], result.expected, result.found)
  }

  /** Paths of the entries of a list. */
  items(path: FieldPath): FieldPath[] {
    return Array.from({ length: this.view.count(path) }, (_, i) => [...path, i])
  }

  /** Where the field of a peer stands: with itself, else with its group. */
  inherited(peer: FieldPath, field: string): FieldPath {
    const group = this.view.text([...peer, 'group'])
    return this.view.has([...peer, field]) || group === undefined ? [...peer, field] : ['peerGroups', group, field]
  }

  /** Addresses in nva.listen. */
  ownAddresses(): string[] {
    return this.items(['nva', 'listen']).flatMap((path) => {
      const endpoint = parseListenEndpoint(this.view.text(path) ?? '')
      return endpoint.ok ? [endpoint.value.address] : []
    })
  }
}

/** For `expected`: the names there are. */
export function listed(names: readonly string[]): string {
  return names.length === 0 ? 'there is none' : names.join(', ')
}
