import { type ChildProcess, spawn } from 'node:child_process'
import { Unmet } from './until.ts'

export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Children still running; the cleanup ends them. */
const children = new Set<ChildProcess>()
let closing = false

/** From here on nothing new is started but by the cleanup itself. */
export function refuseNewCommands(): void {
  closing = true
}

export interface CommandOptions {
  readonly input?: string
  readonly timeoutSeconds?: number
  /** Set by the cleanup only. */
  readonly evenWhenClosing?: boolean
}

/** Runs a command to its end. A command that cannot be started gives code 127, one that outlives its time 124. */
export function run(argv: readonly string[], options: CommandOptions = {}): Promise<Outcome> {
  if (closing && options.evenWhenClosing !== true) return new Promise(() => {})
  return new Promise((resolve) => {
    const child = spawn(argv[0]!, argv.slice(1), { stdio: ['pipe', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    let late = false
    const timer = setTimeout(
      () => {
        late = true
        child.kill('SIGKILL')
      },
      (options.timeoutSeconds ?? 30) * 1000,
    )
    children.add(child)
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.stdin.on('error', () => {})
    child.stdin.end(options.input ?? '')
    const end = (code: number) => {
      clearTimeout(timer)
      children.delete(child)
      resolve({ code, stdout, stderr })
    }
    child.on('error', (error) => {
      stderr += error.message
      end(127)
    })
    child.on('close', (code) => end(late ? 124 : (code ?? 128)))
  })
}

/** Runs a command that has to succeed; gives what it printed. */
export async function must(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await run(argv, options)
  if (code !== 0)
    throw new Unmet(`"${argv.join(' ')}" ended with ${code}`, (stderr || stdout).trim() + (options.input ? `\n${options.input}` : ''))
  return stdout
}

/** A program that stays: its output is kept, its end is awaited by whoever cares. */
export interface Daemon {
  readonly argv: readonly string[]
  readonly pid: number
  readonly process: ChildProcess
  /** Everything printed so far, both streams. */
  output(): string
  ended(): boolean
  /** Exit code, or 128 when a signal ended it. */
  readonly end: Promise<number>
  signal(name: NodeJS.Signals): void
}

const KEPT_OUTPUT = 2_000_000

export interface DaemonOptions {
  readonly onLine?: (line: string) => void
  readonly env?: Readonly<Record<string, string>>
}

export function start(argv: readonly string[], options: DaemonOptions = {}): Daemon {
  if (closing) throw new Unmet('the lab is closing')
  const child = spawn(argv[0]!, argv.slice(1), { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...options.env } })
  children.add(child)
  let output = ''
  let rest = ''
  let over = false
  const keep = (text: string) => {
    output = (output + text).slice(-KEPT_OUTPUT)
  }
  child.stdin.on('error', () => {})
  child.stderr.setEncoding('utf8').on('data', keep)
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    keep(text)
    if (options.onLine === undefined) return
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    for (const line of lines) options.onLine(line)
  })
  const end = new Promise<number>((resolve) => {
    const close = (code: number) => {
      over = true
      children.delete(child)
      resolve(code)
    }
    child.on('error', (error) => {
      keep(error.message)
      close(127)
    })
    child.on('close', (code) => close(code ?? 128))
  })
  return {
    argv,
    pid: child.pid ?? 0,
    process: child,
    output: () => output,
    ended: () => over,
    end,
    signal: (name) => void child.kill(name),
  }
}

/** Ends a daemon with SIGTERM, and with SIGKILL when it does not go within `seconds`. */
export async function stop(daemon: Daemon, seconds = 5): Promise<number> {
  daemon.signal('SIGTERM')
  const timer = setTimeout(() => daemon.signal('SIGKILL'), seconds * 1000)
  const code = await daemon.end
  clearTimeout(timer)
  return code
}

/** Kills every child that still runs. */
export function killChildren(): void {
  for (const child of children) child.kill('SIGKILL')
}
