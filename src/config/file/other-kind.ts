import type { YamlSource } from './yaml-source.ts'

/** Whether a file is of the other kind than the one it is read as: an edge's (`nve`) or an NVA's (`nva`). */
export function isOther({ value }: YamlSource, theirs: 'nva' | 'nve', ours: 'nva' | 'nve'): boolean {
  return typeof value === 'object' && value !== null && theirs in value && !(ours in value)
}
