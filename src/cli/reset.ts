/** `fednva reset PEER`: its session ends and begins anew, or, with `--soft`, stands, and all is told again in both directions. */
import { type AskOptions, ask } from './ask.ts'
import { FAILED, OK } from './exit.ts'
import { PEERS } from './show/peer-view.ts'
import { formatTable } from './table.ts'
import { say } from './terminal.ts'

export async function resetPeer(peer: string, soft: boolean, options: AskOptions): Promise<number> {
  const answer = await ask(options, (client) => client.resetPeer(peer, soft))
  if (answer === null) return FAILED
  if (options.json === true) say(JSON.stringify(answer, null, 2))
  else
    say(
      answer.peers.length === 0
        ? 'the session has ended; its peer is known by a listen range, and may come again'
        : formatTable(PEERS, answer.peers),
    )
  return OK
}
