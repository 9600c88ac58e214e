/** `fednva thaw VN MAC`: somebody has looked after a MAC that moved too often, and it may move again. */
import { type AskOptions, ask } from './ask.ts'
import { FAILED, OK } from './exit.ts'
import { formatFrozen } from './show/frozen-view.ts'
import { say } from './terminal.ts'

export async function thaw(vn: string, mac: string, options: AskOptions): Promise<number> {
  const frozen = await ask(options, (client) => client.thaw(vn, mac))
  if (frozen === null) return FAILED
  say(options.json === true ? JSON.stringify(frozen, null, 2) : formatFrozen(frozen))
  return OK
}
