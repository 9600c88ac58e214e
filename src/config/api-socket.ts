import { readText } from './file/file-text.ts'
import type { Problem } from './file/problem.ts'
import { soundView } from './file/sound-view.ts'
import { readYaml } from './file/yaml-source.ts'
import { apiSocket } from './settings/shared-keys.ts'

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
