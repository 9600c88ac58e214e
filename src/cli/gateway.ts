/** `fednva gateway ADDRESS up|down|auto`: somebody who watches a data gateway says how it is. */
import { type AskOptions, ask } from './ask.ts'
import { FAILED, OK } from './exit.ts'
import { GATEWAYS } from './show/gateway-view.ts'
import { formatTable } from './table.ts'
import { say } from './terminal.ts'

export async function sayGateway(address: string, state: 'up' | 'down' | 'auto', options: AskOptions): Promise<number> {
  const answer = await ask(options, (client) => client.sayGateway(address, state))
  if (answer === null) return FAILED
  say(options.json === true ? JSON.stringify(answer, null, 2) : formatTable(GATEWAYS, answer.gateways))
  return OK
}
