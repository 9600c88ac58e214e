/** `fednva reload`: has a running NVA read its configuration file again. */
import { createClient } from '../api/client.ts'
import type { ReloadAnswer } from '../api/schema/reload.ts'
import { FAILED, OK } from './exit.ts'
import { chooseSocket, type SocketOptions } from './socket-choice.ts'
import { complain, say } from './terminal.ts'

/** Names in one line. */
const NAMES_MOST = 12

export async function reload(options: SocketOptions & { readonly json?: boolean | undefined }): Promise<number> {
  const chosen = await chooseSocket(options)
  if (!chosen.ok) {
    for (const why of chosen.why) complain(why)
    return FAILED
  }
  const answer = await createClient(chosen.socket).reload()
  if (!answer.ok) {
    complain(answer.why)
    return FAILED
  }
  if (options.json === true) say(JSON.stringify(answer.value, null, 2))
  else {
    const { said, complained } = formatReload(answer.value)
    for (const line of complained) complain(line)
    for (const line of said) say(line)
  }
  return answer.value.applied ? OK : FAILED
}

/** Lines for people: what is result, and what went wrong. */
export function formatReload({ applied, problems, warnings, changes }: ReloadAnswer): { said: string[]; complained: string[] } {
  if (!applied) return { said: [], complained: [...problems, 'nothing was changed'] }
  const said = changes.map(({ what, count, which }) => {
    const more = which.length > NAMES_MOST ? `, and ${which.length - NAMES_MOST} more` : ''
    return `${what} (${count}): ${which.slice(0, NAMES_MOST).join(', ')}${more}`
  })
  return { said: said.length === 0 ? ['nothing to change'] : said, complained: warnings.map((warning) => `warning: ${warning}`) }
}
