/** `fednva run`: the composition root of the NVA. Settings in, rooms wired, signals, shutdown. */

import { parseIp } from '../address/ip.ts'
import { formatUnreadable, known } from '../address/parsed.ts'
import { startApi } from '../api/server.ts'
import { type Configuration, loadConfiguration } from '../config/configuration.ts'
import { formatProblem } from '../config/problem.ts'
import type { PeerSettings } from '../speaker/settings.ts'
import { createLogger, type Logger } from '../telemetry/logger.ts'
import { logSessionChange } from '../telemetry/session-change.ts'
import { type Listener, type ListenFailure, listen } from '../transport/listener.ts'
import type { TcpKey } from '../transport/sockopt.ts'
import { realWorld } from '../transport/world.ts'
import { apiSource } from './api-source.ts'
import { Nva } from './nva.ts'
import { untilSignal } from './signals.ts'

export interface RunOptions {
  readonly logLevel?: string | undefined
}

/** Time that NOTIFICATIONs get to leave before the process ends, in ms. */
const LAST_WORDS_MS = 300

/** Runs an NVA until SIGTERM or SIGINT. Returns the exit code; what the operator must know is on standard error. */
export async function run(configurationPath: string, options: RunOptions): Promise<number> {
  const checked = loadConfiguration(configurationPath)
  if (!checked.ok) {
    for (const problem of checked.problems) process.stderr.write(`${formatProblem(problem)}\n`)
    return 1
  }
  const { configuration } = checked
  const level = (options.logLevel ?? configuration.log.level) as Configuration['log']['level']
  const log = createLogger({ name: configuration.name, level })
  const world = realWorld()
  const nva = new Nva(configuration, world, {
    state: (peer, from, to) => {
      const { name, address, asn } = peer.settings
      const why = peer.lastError === '' || to === 'Established' ? null : peer.lastError
      logSessionChange(log, { peer: name, address, asn, from, to, why })
    },
    note: (peer, why) => log.debug({ peer: peer.settings.name, why }, 'attempt ended'),
    refused: (remote, why) => log.warn({ remote, why }, 'connection refused'),
  })
  const listener = await openListener(configuration, nva, log)
  if ('failures' in listener) {
    for (const failure of listener.failures) process.stderr.write(`${configuration.file}: nva.listen: ${failure.why}\n`)
    return 1
  }
  const api = await startApi(apiSource(nva, world), configuration.api.socket, {
    failed: (error, path) => log.error({ err: error, path }, 'API answer failed'),
  })
  if (!api.ok) {
    listener.close()
    process.stderr.write(`${configuration.file}: nva.api.socket: ${formatUnreadable(api)}\n`)
    return 1
  }
  log.info(
    { domain: configuration.domain.name, asn: configuration.speaker.asn, listen: listener.endpoints, api: configuration.api.socket },
    'fednva is up',
  )
  nva.speaker.start()
  const signal = await untilSignal()
  log.info({ signal }, 'shutting down')
  listener.close()
  nva.speaker.stop('fednva is shutting down')
  await api.value.close()
  await new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS))
  return 0
}

function openListener(configuration: Configuration, nva: Nva, log: Logger): Promise<Listener | ListenFailure> {
  return listen(
    { endpoints: configuration.listen, keys: keysOf(configuration) },
    { accept: (link) => nva.speaker.accept(link), trouble: (why) => log.error({ why }, 'a connection could not be taken') },
  )
}

/** TCP MD5 keys: of every peer and listen range that has a password. */
function keysOf({ speaker }: Configuration): TcpKey[] {
  const ofPeer = ({ address, password }: PeerSettings): TcpKey[] => {
    const network = known(parseIp(address))
    return password === null ? [] : [{ network, prefixLength: network.length * 8, password }]
  }
  const ranges = speaker.listenRanges.flatMap(({ prefix, prefixLength, password }): TcpKey[] =>
    password === null ? [] : [{ network: prefix, prefixLength, password }],
  )
  return [...speaker.peers.flatMap(ofPeer), ...ranges]
}
