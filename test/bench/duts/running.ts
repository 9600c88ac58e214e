/** A reflector under measurement as a process: started, listening, stopped, its folder gone. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Dut, Place } from './dut.ts'

const ADDRESS = '127.0.0.1'
export const ASN = 65000
const LISTENING_SECONDS = 30
/** It listens, and a moment later it has also done what it does at start. */
const SETTLED_MS = 500
const STOP_MS = 3000

export interface Running {
  readonly place: Place
  readonly pid: number
  /** False: it has ended by itself. */
  readonly alive: () => boolean
  /** The end of what it wrote. */
  readonly lastWords: () => string
  stop(): Promise<void>
}

/** Started and listening, or what was in the way. */
export async function start(dut: Dut): Promise<Running | string> {
  const folder = mkdtempSync(join(tmpdir(), 'fednva-bench-'))
  const place: Place = { folder, address: ADDRESS, port: await freePort(), apiPort: await freePort(), asn: ASN }
  const { files, program, words } = dut.command(place)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const log = openSync(join(folder, 'output.log'), 'w')
  // In a process group of its own, to be ended with its children.
  const child = spawn(program, words, { cwd: folder, stdio: ['ignore', log, log], detached: true })
  closeSync(log)
  const failed = new Promise<string>((resolve) => child.once('error', (error) => resolve(error.message)))
  const running = watch(child, place)
  const trouble = await Promise.race([failed, listening(running)])
  if (trouble === null) return running
  const said = running.lastWords()
  await running.stop()
  return [trouble, said].filter(Boolean).join(': ')
}

function watch(child: ChildProcess, place: Place): Running {
  const alive = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null
  const kill = (signal: NodeJS.Signals): void => {
    if (alive()) process.kill(-child.pid!, signal)
  }
  const remove = () => rmSync(place.folder, { recursive: true, force: true })
  const atExit = () => {
    kill('SIGKILL')
    remove()
  }
  process.once('exit', atExit)
  return {
    place,
    pid: child.pid ?? 0,
    alive,
    lastWords: () => readFileSync(join(place.folder, 'output.log'), 'utf8').trim().slice(-1500),
    async stop() {
      if (alive()) {
        const ended = once(child, 'exit')
        kill('SIGTERM')
        const late = setTimeout(() => kill('SIGKILL'), STOP_MS)
        await ended
        clearTimeout(late)
      }
      process.removeListener('exit', atExit)
      remove()
    },
  }
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen({ host: ADDRESS, port: 0 })
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Null when it listens: asked of the system, because a connection would be one more peer. */
async function listening({ place, alive }: Running): Promise<string | null> {
  const deadline = performance.now() + LISTENING_SECONDS * 1000
  while (!isListening(place.port)) {
    if (!alive()) return 'it ended at once'
    if (performance.now() > deadline) return `it does not listen within ${LISTENING_SECONDS} s`
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await new Promise((resolve) => setTimeout(resolve, SETTLED_MS))
  return null
}

const TCP_LISTEN = '0A'

function isListening(port: number): boolean {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return ['/proc/net/tcp', '/proc/net/tcp6'].some((table) =>
    readFileSync(table, 'utf8')
      .split('\n')
      .some((line) => {
        const [, local, , state] = line.trim().split(/\s+/)
        return state === TCP_LISTEN && local?.endsWith(suffix)
      }),
  )
}
