/** The child processes of the demo, one per fednva and edge, as a user would start them; their files are in one temporary folder. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { listen } from '../../transport/listener.ts'
import { EDGES, edgeFile, filesOf, NVAS, nvaFile } from './plan.ts'
import { Stuck } from './until.ts'

/** Time that a process gets to end before it is killed, in ms. */
const FAREWELL_MS = 2_000
const LOG_LINES_SHOWN = 5

/** Why the addresses of the demo cannot be had, a line each; empty when they can. */
export async function obstacles(port: number): Promise<string[]> {
  const endpoints = NVAS.map(({ address }) => ({ address, port }))
  const listener = await listen({ endpoints, keys: [] }, { accept: () => null, trouble: () => {} })
  if ('failures' in listener) return listener.failures.map(({ why }) => why)
  listener.close()
  return []
}

export class Processes {
  /** Where the configuration files, sockets and logs are. */
  readonly folder = mkdtempSync(join(tmpdir(), 'fednva-demo-'))
  private readonly running = new Map<string, ChildProcess>()
  /** Whatever ends this process ends the children too. */
  private readonly onExit = () => this.removeAll()

  constructor(port: number) {
    for (const nva of NVAS) writeFileSync(this.path(filesOf(nva.name).config), nvaFile(nva, port))
    for (const edge of EDGES) writeFileSync(this.path(filesOf(edge.name).config), edgeFile(edge, port))
    process.on('exit', this.onExit)
  }

  path(file: string): string {
    return join(this.folder, file)
  }

  socketOf(name: string): string {
    return this.path(filesOf(name).socket)
  }

  /** Starts `fednva run` or `fednva nve`. */
  start(command: 'run' | 'nve', name: string): void {
    const files = filesOf(name)
    const log = openSync(this.path(files.log), 'a')
    // A group of its own: the terminal's Ctrl-C comes to us, and we end the children in order.
    const child = spawn(process.execPath, ['--import', endWithParent(), launcher(), command, '--config', this.path(files.config)], {
      stdio: ['pipe', log, log],
      detached: true,
    })
    closeSync(log)
    this.running.set(name, child)
  }

  /** Throws when a process that should run has ended, with the last it said. */
  check(): void {
    for (const [name, { exitCode, signalCode }] of this.running) {
      if (exitCode === null && signalCode === null) continue
      throw new Stuck(`${name} has ended (${signalCode ?? `exit code ${exitCode}`}). The end of its log:\n${this.logEnd(name)}`)
    }
  }

  /** kill -9. */
  async kill(name: string): Promise<void> {
    const child = this.running.get(name)
    this.running.delete(name)
    if (child === undefined) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }

  /** Ends all with SIGTERM, the stubborn with SIGKILL, and removes the folder. */
  async end(): Promise<void> {
    const leaving = [...this.running.values()].filter((child) => child.exitCode === null && child.signalCode === null)
    const gone = Promise.all(leaving.map((child) => once(child, 'exit')))
    for (const child of leaving) child.kill('SIGTERM')
    const stubborn = setTimeout(() => {
      for (const child of leaving) child.kill('SIGKILL')
    }, FAREWELL_MS)
    await gone
    clearTimeout(stubborn)
    process.off('exit', this.onExit)
    this.removeAll()
  }

  logEnd(name: string): string {
    const path = this.path(filesOf(name).log)
    if (!existsSync(path)) return '  (no log)'
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
    return lines
      .slice(-LOG_LINES_SHOWN)
      .map((line) => `  ${line}`)
      .join('\n')
  }

  private removeAll(): void {
    for (const child of this.running.values()) child.kill('SIGKILL')
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Beside this file, under the ending that this file has: source or built. */
function endWithParent(): string {
  return new URL(import.meta.url.endsWith('.ts') ? './end-with-parent.ts' : './end-with-parent.js', import.meta.url).href
}

/** The executable, from the sources or from what was built. */
function launcher(): string {
  const beside = fileURLToPath(new URL('../../cli/fednva.js', import.meta.url))
  return existsSync(beside) ? beside : fileURLToPath(new URL('../../../src/cli/fednva.js', import.meta.url))
}
