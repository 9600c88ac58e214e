/** Gives one command to a running edge over its Unix socket: a line out, a line of JSON back. */
import { connect } from 'node:net'
import type { Answer } from './client.ts'

/** What every answer of an edge holds; programs find the values of the command beside `lines`. */
export interface EdgeReply {
  /** For people. */
  readonly lines: readonly string[]
  readonly [member: string]: unknown
}

const ANSWER_MS = 10_000

export function askEdge(socket: string, command: string): Promise<Answer<EdgeReply>> {
  return new Promise((resolve) => {
    let text = ''
    const connection = connect({ path: socket, timeout: ANSWER_MS })
    const done = (answer: Answer<EdgeReply>): void => {
      connection.destroy()
      resolve(answer)
    }
    const refuse = (why: string): void => done({ ok: false, why })
    connection.setEncoding('utf8')
    connection.on('connect', () => connection.write(`${command}\n`))
    connection.on('data', (part: string) => {
      text += part
      if (text.includes('\n')) done(readReply(text, socket))
    })
    connection.on('end', () => refuse(`the edge on ${socket} broke off its answer`))
    connection.on('timeout', () => refuse(`the edge on ${socket} does not answer within ${ANSWER_MS / 1000} seconds`))
    connection.on('error', ({ message }) => refuse(`no edge answers on ${socket} (${message}): is it running?`))
  })
}

function readReply(text: string, socket: string): Answer<EdgeReply> {
  try {
    const reply: { ok?: unknown; why?: unknown; lines?: unknown } = JSON.parse(text)
    if (reply.ok === true && Array.isArray(reply.lines)) return { ok: true, value: reply as EdgeReply }
    if (reply.ok === false && typeof reply.why === 'string') return { ok: false, why: reply.why }
  } catch {
    // Told below: whatever it is, it is no edge.
  }
  return { ok: false, why: `what answers on ${socket} is not an edge` }
}
