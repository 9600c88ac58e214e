/** `fednva reload`: has a running NVA read its configuration file again. */
import type { ReloadAnswer } from '../api/schema/reload.ts'
import { type AskOptions, ask } from './ask.ts'
import { FAILED, OK } from './exit.ts'
import { complain, say } from './terminal.ts'

/** Names in one line. */
const NAMES_MOST = 12

export async function reload(options: AskOptions): Promise<number> {
  const answer = await ask(options, (client) => client.reload())
  if (answer === null) return FAILED
  if (options.json === true) say(JSON.stringify(answer, null, 2))
  else {
    const { said, complained } = formatReload(answer)
    for (const line of complained) complain(line)
    for (const line of said) say(line)
  }
  return answer.applied ? OK : FAILED
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
