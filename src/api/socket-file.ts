/** The Unix socket of the API as a file: claimed only when nobody answers on it. */
import { chmodSync, lstatSync, mkdirSync, unlinkSync } from 'node:fs'
import { connect, type Server } from 'node:net'
import { dirname } from 'node:path'
import { isMainThread } from 'node:worker_threads'
import { type Parsed, parsed, unreadable } from '../address/parsed.ts'

const OWNER_ONLY = 0o600
const ANSWER_MS = 1000

/** Lets `server` listen on `path`, for the owner of the process only. A socket left behind by a process that died is removed first. */
export async function listenOnSocket(server: Server, path: string): Promise<Parsed<void>> {
  const expected = `a Unix socket of our own at ${path}`
  const free = await clear(path, expected)
  if (!free.ok) return free
  return await new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(unreadable(reason(error), expected)))
    server.once('listening', () => {
      chmodSync(path, OWNER_ONLY)
      resolve(parsed(undefined))
    })
    // The socket is bound inside `listen`: with this mask there is no moment in which others could connect.
    const mask = isMainThread ? process.umask(0o777 & ~OWNER_ONLY) : null
    server.listen({ path })
    if (mask !== null) process.umask(mask)
  })
}

async function clear(path: string, expected: string): Promise<Parsed<void>> {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 })
    const file = lstatSync(path, { throwIfNoEntry: false })
    if (file === undefined) return parsed(undefined)
    if (!file.isSocket()) return unreadable('a file that is no socket', expected)
    const answer = await whoAnswers(path)
    if (answer === 'somebody') return unreadable('another process that answers there: is this fednva running already?', expected)
    if (answer === 'nobody') unlinkSync(path)
    return parsed(undefined)
  } catch (error) {
    return unreadable(reason(error as NodeJS.ErrnoException), expected)
  }
}

/** `unknown`: only the kernel's own answer to `listen` can tell. */
function whoAnswers(path: string): Promise<'somebody' | 'nobody' | 'unknown'> {
  return new Promise((resolve) => {
    const socket = connect({ path, timeout: ANSWER_MS })
    const done = (answer: 'somebody' | 'nobody' | 'unknown'): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => done('somebody'))
    socket.once('timeout', () => done('somebody'))
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') done('nobody')
      else done(error.code === 'EAGAIN' ? 'somebody' : 'unknown')
    })
  })
}

function reason(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'EACCES':
    case 'EPERM':
      return 'a folder in which this user may not make files'
    case 'EADDRINUSE':
      return 'a socket that is in use'
    case 'EROFS':
      return 'a file system that is read-only'
    case 'ENOTDIR':
      return 'a file where a folder should be'
    default:
      return `an error of the system (${error.code ?? error.message})`
  }
}
