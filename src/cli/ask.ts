/** Asks a running fednva. Whoever gets null back has nothing to add: it has been said what went wrong. */
import { type Answer, type ApiClient, createClient } from '../api/client.ts'
import { chooseSocket, type SocketOptions } from './socket-choice.ts'
import { complain } from './terminal.ts'

/** Which fednva is meant, and whether what it answers is for people or, as the API tells it, for programs. */
export interface AskOptions extends SocketOptions {
  readonly json?: boolean | undefined
}

/** A client of the fednva that is meant. */
export async function clientOf(options: SocketOptions): Promise<ApiClient | null> {
  const chosen = await chooseSocket(options)
  if (chosen.ok) return createClient(chosen.socket)
  for (const why of chosen.why) complain(why)
  return null
}

export function answered<T>(answer: Answer<T>): T | null {
  if (answer.ok) return answer.value
  complain(answer.why)
  return null
}

/** One question, one answer. */
export async function ask<T>(options: SocketOptions, question: (client: ApiClient) => Promise<Answer<T>>): Promise<T | null> {
  const client = await clientOf(options)
  return client === null ? null : answered(await question(client))
}
