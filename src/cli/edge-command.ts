/** `fednva nve --config F attach web 02:..`: a command for the edge that runs with this file. */
import { askEdge } from '../api/edge-client.ts'
import { FAILED, OK } from './exit.ts'
import { chooseSocket } from './socket-choice.ts'

export async function tellEdge(config: string, words: readonly string[], json: boolean): Promise<number> {
  const chosen = await chooseSocket({ config })
  if (!chosen.ok) {
    for (const why of chosen.why) process.stderr.write(`${why}\n`)
    return FAILED
  }
  const answer = await askEdge(chosen.socket, words.join(' '))
  if (!answer.ok) {
    process.stderr.write(`${answer.why}\n`)
    return FAILED
  }
  const { lines, ok: _, ...value } = answer.value
  if (json) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
  else for (const line of lines) process.stdout.write(`${line}\n`)
  return OK
}
