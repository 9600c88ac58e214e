/** Keys that the files of an NVA and of an edge have in common. */
import { dirname, resolve } from 'node:path'
import { type Problem, problemAt } from '../file/problem.ts'
import { type SoundView, soundView } from '../file/sound-view.ts'
import type { YamlSource } from '../file/yaml-source.ts'

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** `sun_path` of Linux, less the closing NUL (unix(7)). */
const SOCKET_PATH_OCTETS = 107

/** Path of the API socket: as typed, from the folder of the file, or `/run/fednva/<name>.sock`. */
export function apiSocket(own: { name: string; api?: { socket?: string | undefined } | undefined }, file: string): string {
  return own.api?.socket === undefined ? `/run/fednva/${own.name}.sock` : resolve(dirname(file), own.api.socket)
}

/** `top`: the key that holds `api`. */
export function socketProblems(source: YamlSource, top: 'nva' | 'nve', view: SoundView = soundView(source.value, [])): Problem[] {
  const path = [top, 'api', 'socket']
  const socket = view.text(path)
  if (socket === undefined) return []
  const octets = Buffer.byteLength(resolve(dirname(source.file), socket))
  if (octets <= SOCKET_PATH_OCTETS) return []
  return [problemAt(source, path, `a path of ${octets} octets`, `a path of at most ${SOCKET_PATH_OCTETS} octets in full`)]
}
