/** `fednva gateway ADDRESS up|down|auto`: somebody who watches a data gateway says how it is. */
import { createClient } from '../api/client.ts'
import { FAILED, OK } from './exit.ts'
import { GATEWAYS } from './show/gateway-view.ts'
import { chooseSocket, type SocketOptions } from './socket-choice.ts'
import { formatTable } from './table.ts'
import { complain, say } from './terminal.ts'

export async function sayGateway(
  address: string,
  state: 'up' | 'down' | 'auto',
  options: SocketOptions & { readonly json?: boolean | undefined },
): Promise<number> {
  const chosen = await chooseSocket(options)
  if (!chosen.ok) {
    for (const why of chosen.why) complain(why)
    return FAILED
  }
  const answer = await createClient(chosen.socket).sayGateway(address, state)
  if (!answer.ok) {
    complain(answer.why)
    return FAILED
  }
  say(options.json === true ? JSON.stringify(answer.value, null, 2) : formatTable(GATEWAYS, answer.value.gateways))
  return OK
}
