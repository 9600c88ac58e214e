import { readText } from './file-text.ts'
import type { Problem } from './problem.ts'
import { apiSocket } from './shared-keys.ts'
import { soundView } from './sound-view.ts'
import { readYaml } from './yaml-source.ts'

/** Path of the API socket that the file of an NVA or edge means; the rest of the file is not judged. null: it names neither socket nor NVA. */
export function apiSocketOf(path: string): { ok: true; socket: string | null } | { ok: false; problems: readonly Problem[] } {
  const text = readText(path)
  if (!text.ok) return { ok: false, problems: [text.problem] }
  const { source, problems } = readYaml(text.value, path)
  if (source === null) return { ok: false, problems }
  const view = soundView(source.value, [])
  const top = view.has(['nve']) ? 'nve' : 'nva'
  const name = view.text([top, 'name'])
  const socket = view.text([top, 'api', 'socket'])
  if (name === undefined && socket === undefined) return { ok: true, socket: null }
  return { ok: true, socket: apiSocket({ name: name ?? '', api: { socket } }, path) }
}
