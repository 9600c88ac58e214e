/** `fednva nve`: the composition root of an edge. Settings in, rooms wired, commands, signals, shutdown. */
import { type EdgeConfiguration, loadEdgeConfiguration } from '../../config/edge.ts'
import { formatProblem } from '../../config/file/problem.ts'
import { Edge } from '../../nve/edge.ts'
import { ConnectionLog } from '../../telemetry/connection-log.ts'
import { createLogger, type Logger } from '../../telemetry/logger.ts'
import { logSessionChange } from '../../telemetry/session-change.ts'
import { tcpKeys } from '../../transport/keys.ts'
import { listen } from '../../transport/listener.ts'
import { realWorld } from '../../transport/world.ts'
import type { RunOptions } from '../run.ts'
import { lastWords, untilSignal } from '../signals.ts'
import { type EdgeAnswer, obey } from './edge-commands.ts'
import { openCommandSocket, readStandardInput } from './edge-console.ts'

/** Runs an edge until SIGTERM, SIGINT or `quit`. Returns the exit code; what the operator must know is on standard error. */
export async function run(configurationPath: string, options: RunOptions): Promise<number> {
  const checked = loadEdgeConfiguration(configurationPath)
  if (!checked.ok) {
    for (const problem of checked.problems) process.stderr.write(`${formatProblem(problem)}\n`)
    return 1
  }
  const { configuration } = checked
  const level = (options.logLevel ?? configuration.log.level) as EdgeConfiguration['log']['level']
  const log = await createLogger({ name: configuration.name, level })
  const edge = createEdge(configuration, log)
  for (const { vn, mac, ip } of configuration.tenants) {
    const attached = edge.attach(vn, mac, ip)
    if (!attached.ok) return complain(configuration, `tenants: ${attached.why}`)
  }

  let quit: (reason: string) => void = () => {}
  // From here on, so that somebody who ends us while we start is heard too.
  const signalled = untilSignal()
  const asked = new Promise<string>((resolve) => {
    quit = resolve
  })
  const command = (line: string): EdgeAnswer | null => {
    const answer = obey(edge, line)
    if (answer !== null) log.debug({ command: line.trim(), ok: answer.ok }, 'command')
    if (answer?.ok && answer.quit) setImmediate(() => quit('quit'))
    return answer
  }
  const listener = await listen(
    { endpoints: configuration.listen, keys: tcpKeys(configuration.speaker) },
    { accept: (link) => edge.speaker.accept(link), trouble: (why) => log.error({ why }, 'a connection could not be taken') },
  )
  if ('failures' in listener) {
    for (const { why } of listener.failures) complain(configuration, `nve.listen: ${why}`)
    return 1
  }
  const socket = await openCommandSocket(configuration.api.socket, command)
  if (!socket.ok) {
    listener.close()
    return complain(configuration, `nve.api.socket: found ${socket.found}, expected ${socket.expected}`)
  }
  const { vtep, tenants, api } = configuration
  log.info({ vtep, vns: configuration.vns.length, tenants: tenants.length, listen: listener.endpoints, socket: api.socket }, 'edge is up')
  const stopReading = readStandardInput(command, () => quit('end of input'))
  edge.start()

  const reason = await Promise.race([signalled, asked])
  log.info({ reason }, 'shutting down')
  stopReading()
  listener.close()
  edge.stop('the edge is shutting down')
  socket.value.close()
  await lastWords()
  return 0
}

function createEdge(configuration: EdgeConfiguration, log: Logger): Edge {
  const world = realWorld()
  const connections = new ConnectionLog(log, world.now)
  return new Edge(configuration, world, {
    state: (peer, from, to) => {
      const { name, address, asn } = peer.settings
      const why = peer.lastError === '' || to === 'Established' ? null : peer.lastError
      logSessionChange(log, { peer: name, address, asn, from, to, why })
      if (to === 'Established') connections.up(name)
    },
    note: ({ settings: { name, address, asn, password } }, why, met) =>
      connections.failed({ peer: name, address, asn }, why, !met && password === null),
    refused: (remote, why) => connections.refuse(remote, why),
    mapping: ({ vn, mac, before, after }) => {
      if (after === null) log.info({ vn, mac, was: before?.vtep }, 'mapping gone')
      else
        log.info(
          { vn, mac, vtep: after.vtep, ips: after.ips, sequence: after.sequence },
          before === null ? 'mapping learned' : 'mapping changed',
        )
    },
    movedAway: ({ vn, mac }, { vtep, sequence }) => log.info({ vn, mac, vtep, sequence }, 'tenant system has moved away'),
  })
}

function complain({ file }: EdgeConfiguration, what: string): number {
  process.stderr.write(`${file}: ${what}\n`)
  return 1
}
