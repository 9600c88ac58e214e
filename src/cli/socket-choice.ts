import { readdirSync } from 'node:fs'
import { join } from 'node:path'

export interface SocketOptions {
  readonly socket?: string | undefined
  readonly config?: string | undefined
}

const FOLDER = '/run/fednva'

/** The API socket to ask: as given, as the configuration file says, or the only one of this machine. */
export async function chooseSocket(
  options: SocketOptions,
  folder = FOLDER,
): Promise<{ ok: true; socket: string } | { ok: false; why: string[] }> {
  if (options.socket !== undefined) return { ok: true, socket: options.socket }
  if (options.config !== undefined) return fromFile(options.config)
  const sockets = socketsIn(folder)
  const [only] = sockets
  if (only === undefined) return { ok: false, why: [`no fednva has a socket in ${folder}: is one running? (--socket or --config)`] }
  if (sockets.length === 1) return { ok: true, socket: only }
  return { ok: false, why: [`several may be meant, say which: --socket ${sockets.join(', ')}`] }
}

async function fromFile(path: string): Promise<{ ok: true; socket: string } | { ok: false; why: string[] }> {
  const [{ apiSocketOf }, { formatProblem }] = await Promise.all([import('../config/api-socket.ts'), import('../config/file/problem.ts')])
  const found = apiSocketOf(path)
  if (!found.ok) return { ok: false, why: found.problems.map(formatProblem) }
  return found.socket === null
    ? { ok: false, why: [`${path}: found neither nva.name nor nva.api.socket, expected one of them`] }
    : { ok: true, socket: found.socket }
}

function socketsIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.sock'))
      .sort()
      .map((name) => join(folder, name))
  } catch {
    return []
  }
}
