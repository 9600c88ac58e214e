/** The two places where an edge takes commands: lines on standard input, answered in words, and lines on its Unix socket, answered in JSON. */
import { createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { type Parsed, parsed } from '../../address/parsed.ts'
import { listenOnSocket } from '../../api/socket-file.ts'
import type { EdgeAnswer } from './edge-commands.ts'

/** Carries out a line; null: nothing to answer. */
export type Obey = (line: string) => EdgeAnswer | null

/** Longest line that a socket may send, in characters: commands are short. */
const LONGEST_LINE = 1024

/**
 * Reads commands from standard input. At a terminal its end (Ctrl-D) is `ended`; elsewhere it means only that no more commands come: an edge
 * started by another program or with input from /dev/null runs on.
 */
export function readStandardInput(obey: Obey, ended: () => void): () => void {
  const { stdin, stdout } = process
  const terminal = stdin.isTTY === true
  const lines = createInterface(terminal ? { input: stdin, output: stdout, prompt: '> ' } : { input: stdin })
  lines.on('line', (line) => {
    const answer = obey(line)
    for (const text of answer === null ? [] : answer.ok ? answer.lines : [answer.why]) stdout.write(`${text}\n`)
    if (terminal) lines.prompt()
  })
  if (terminal) {
    lines.on('close', ended)
    // In this mode the terminal's Ctrl-C comes here instead of as a signal.
    lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
    lines.prompt()
  }
  return () => {
    lines.removeAllListeners('close')
    lines.close()
    stdin.destroy()
  }
}

export interface CommandSocket {
  close(): void
}

/** Takes lines on the Unix socket at `path`; each is answered by one line of JSON: `{"ok":true,...}` or `{"ok":false,"why":"..."}`. */
export async function openCommandSocket(path: string, obey: Obey): Promise<Parsed<CommandSocket>> {
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    // Somebody who goes away without reading his answer is no trouble of ours.
    socket.on('error', () => socket.destroy())
    serve(socket, obey)
  })
  const listening = await listenOnSocket(server, path)
  if (!listening.ok) return listening
  return parsed({
    close() {
      server.close()
      for (const socket of open) socket.end()
    },
  })
}

function serve(socket: Socket, obey: Obey): void {
  let rest = ''
  socket.setEncoding('utf8')
  socket.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const answer = obey(line)
      if (answer !== null) socket.write(`${json(answer)}\n`)
    }
    if (rest.length > LONGEST_LINE) socket.end(`${json({ ok: false, why: `a line of more than ${LONGEST_LINE} characters` })}\n`)
  })
}

function json(answer: EdgeAnswer): string {
  return JSON.stringify(answer.ok ? { ok: true, lines: answer.lines, ...(answer.value as object) } : answer)
}
