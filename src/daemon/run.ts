/** `fednva run`: the composition root of the NVA. Settings in, rooms wired, signals, shutdown. */

import { formatRouterId } from '../address/router-id.ts'
import type { PolicyDiffAnswer } from '../api/schema/policy-diff.ts'
import { startApi } from '../api/server.ts'
import { type Configuration, loadConfiguration } from '../config/configuration.ts'
import { formatProblem } from '../config/file/problem.ts'
import type { Peer } from '../speaker/peers/peer.ts'
import { withIdentifierOf } from '../speaker/peers/same-identifier.ts'
import type { World } from '../speaker/world.ts'
import { ConnectionLog } from '../telemetry/connection-log.ts'
import { createLogger, type Logger } from '../telemetry/logger.ts'
import { LoopWatch } from '../telemetry/loop-watch.ts'
import { logSessionChange } from '../telemetry/session-change.ts'
import { InputSlices } from '../transport/input-slices.ts'
import { tcpKeys } from '../transport/keys.ts'
import type { ListenHandlers } from '../transport/listener.ts'
import { realWorld } from '../transport/world.ts'
import { logAgreements } from './agreement-log.ts'
import { apiSource } from './answers/api-source.ts'
import { logFrozenMacs } from './frozen-mac-log.ts'
import { logLimits } from './limit-log.ts'
import { Listening } from './listening.ts'
import { Nva } from './nva.ts'
import { logModules } from './own-modules.ts'
import type { DiffWorld, PolicyDiffs } from './policy-diff/policy-diff.ts'
import { Reloader } from './reload/reload.ts'
import { selfTest } from './self-test/self-test.ts'
import { hangUps, lastWords, untilSignal } from './signals.ts'

export interface RunOptions {
  readonly logLevel?: string | undefined
}

/** Runs an NVA until SIGTERM or SIGINT. Returns the exit code; what the operator must know is on standard error. */
export async function run(configurationPath: string, options: RunOptions): Promise<number> {
  const checked = await loadConfiguration(configurationPath)
  if (!checked.ok) {
    for (const problem of checked.problems) process.stderr.write(`${formatProblem(problem)}\n`)
    return 1
  }
  const { configuration } = checked
  const problem = selfTest(configuration.federation.domains.length > 0)
  if (problem !== null) {
    process.stderr.write(`${problem}; this is a fault of fednva or of the machine: please report it\n`)
    return 1
  }
  // From here on, so that somebody who ends us while we start is heard too.
  const asked = untilSignal()
  const onHangUp = hangUps()
  const level = (options.logLevel ?? configuration.log.level) as Configuration['log']['level']
  const log = await createLogger({ name: configuration.name, level })
  for (const warning of checked.warnings) log.warn({ warning: formatProblem(warning) }, 'configuration is strange')
  const input = new InputSlices()
  const real = realWorld({ input })
  const watch = new LoopWatch(real)
  const world = watched(real, watch)
  const connections = new ConnectionLog(log, world.now)
  const nva = new Nva(configuration, world, {
    state: (peer, from, to) => {
      const { name, address, asn } = peer.settings
      const why = peer.lastError === '' || to === 'Established' ? null : peer.lastError
      logSessionChange(log, { peer: name, address, asn, from, to, why })
      if (to !== 'Established') return
      connections.up(name)
      const twins = withIdentifierOf(peer, nva.speaker.peers.values())
      if (twins.length > 0) logSameIdentifier(log, peer, twins)
    },
    // Silence is no news of a switch, but where there is a TCP MD5 key: another one at the peer is not seen in any other way. Nor is one connection too many.
    note: ({ settings: { name, address, asn, password, domain } }, why, attempt) =>
      connections.failed(
        { peer: name, address, asn },
        why,
        attempt === 'one-of-two' || (attempt === 'unmet' && password === null && domain === null),
      ),
    refused: (remote, why) => connections.refuse(remote, why),
    toldAll: ({ settings: { name } }, ms, missing) => {
      const fields = { peer: name, waitedSeconds: Math.round(ms / 1000) }
      if (missing.length === 0) log.info(fields, 'told that this was all (End-of-RIB): everybody here has told all')
      else log.warn({ ...fields, missing }, 'told that this was all (End-of-RIB) though not everybody here has told all: time is over')
    },
    ...logFrozenMacs(log, configuration.domain.name),
    ...logLimits(log, world),
  })
  const handlers: ListenHandlers = {
    accept: (link) => nva.speaker.accept(link),
    trouble: (why) => log.error({ why }, 'a connection could not be taken'),
  }
  const listening = new Listening(handlers, input)
  const heard = await listening.change({ endpoints: configuration.listen, keys: tcpKeys(configuration.speaker) })
  if (!heard.ok) {
    for (const why of heard.why) process.stderr.write(`${configuration.file}: nva.listen: ${why}\n`)
    return 1
  }
  logModules(log, configuration.modules, world.now)
  const reloader = new Reloader(
    configuration,
    { nva, listening, log, now: world.now, logLevelGiven: options.logLevel !== undefined },
    (running) => loadConfiguration(configurationPath, running),
  )
  const source = apiSource(nva, world, watch, {
    policies: () => reloader.configuration.compiled.policies,
    modules: () => reloader.configuration.modules,
    connectionsRefused: () => connections.refused,
    policyDiff: diffsWhenAsked({
      nva,
      world,
      running: () => reloader.configuration,
      load: loadConfiguration,
      now: () => performance.now(),
    }),
    reload: () => reloader.reload(),
  })
  const api = await startApi(source, configuration.api.socket, {
    failed: (error, path) => log.error({ err: error, path }, 'API answer failed'),
  })
  if (!api.ok) {
    listening.close()
    process.stderr.write(`${configuration.file}: nva.api.socket: found ${api.found}, expected ${api.expected}\n`)
    return 1
  }
  log.info(
    { domain: configuration.domain.name, asn: configuration.speaker.asn, listen: listening.endpoints, api: configuration.api.socket },
    'fednva is up',
  )
  nva.speaker.start()
  const lookNoMore = logAgreements(log, world, (examples) => source.federation(examples))
  onHangUp(() => void reloader.reload().catch((error: unknown) => log.error({ err: error }, 'reading the configuration again failed')))
  const signal = await asked
  log.info({ signal }, 'shutting down')
  lookNoMore()
  reloader.close()
  listening.close()
  nva.speaker.stop('fednva is shutting down')
  await api.value.close()
  await lastWords()
  return 0
}

function logSameIdentifier(log: Logger, { settings: { name, address, asn }, standing }: Peer, others: readonly Peer[]): void {
  const routerId = standing === null ? null : formatRouterId(standing.agreed.peerRouterId)
  const of = others.map(({ settings }) => settings.name)
  log.warn(
    { peer: name, address, asn, routerId, others: of },
    'BGP identifier of another peer: each ignores what the other announces (RFC 4456 8)',
  )
}

/** What forecasts is loaded by the first who asks. */
function diffsWhenAsked(of: DiffWorld): (candidate: string, limit: number) => Promise<PolicyDiffAnswer> {
  let diffs: Promise<PolicyDiffs> | null = null
  return async (candidate, limit) => {
    diffs ??= import('./policy-diff/policy-diff.ts').then((loaded) => new loaded.PolicyDiffs(of))
    return await (await diffs).ask(candidate, limit)
  }
}

/** `world`, but that `watch` is told when a turn is asked for. */
function watched(world: World, watch: LoopWatch): World {
  return {
    ...world,
    soon(then) {
      watch.working()
      world.soon(then)
    },
  }
}
