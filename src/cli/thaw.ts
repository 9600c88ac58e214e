/** `fednva thaw VN MAC`: somebody has looked after a MAC that moved too often, and it may move again. */
import { createClient } from '../api/client.ts'
import { FAILED, OK } from './exit.ts'
import { formatFrozen } from './show/frozen-view.ts'
import { chooseSocket, type SocketOptions } from './socket-choice.ts'
import { complain, say } from './terminal.ts'

export async function thaw(vn: string, mac: string, options: SocketOptions & { readonly json?: boolean | undefined }): Promise<number> {
  const chosen = await chooseSocket(options)
  if (!chosen.ok) {
    for (const why of chosen.why) complain(why)
    return FAILED
  }
  const answer = await createClient(chosen.socket).thaw(vn, mac)
  if (!answer.ok) {
    complain(answer.why)
    return FAILED
  }
  say(options.json === true ? JSON.stringify(answer.value, null, 2) : formatFrozen(answer.value))
  return OK
}
