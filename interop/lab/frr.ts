/**
 * FRR as an NVE. Both daemons run in the foreground below this process; how they are executed (from the machine's package or in a container)
 * is the runner's business.
 */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Daemon, must, start, stop } from './command.ts'
import { inside } from './namespaces.ts'
import { DOMAINS, type NvePlan, nvaAddressFor } from './plan.ts'
import { Unmet } from './until.ts'

export const FRR_BIN = '/usr/lib/frr'

/** Executes FRR's programs for one NVE. */
export interface FrrRunner {
  /** Starts zebra and bgpd with the configurations zebra.conf and bgpd.conf in `directory`, which also takes their sockets. */
  run(namespace: string, directory: string): Promise<readonly Daemon[]>
  vtysh(namespace: string, directory: string, command: string): Promise<string>
  version(): Promise<string>
}

/** Everything a daemon of FRR reads, writes and listens on is in `directory`. */
const confined = (daemon: string, directory: string): string[] => [
  ...['-f', `${directory}/${daemon}.conf`],
  ...['-i', `${directory}/${daemon}.pid`],
  ...['-z', `${directory}/zserv.api`],
  ...['--vty_socket', directory],
  ...['-P', '0'],
]

export const zebraArguments = (directory: string): string[] => confined('zebra', directory)

export const bgpdArguments = (directory: string): string[] => [...confined('bgpd', directory), '-p', '179']

/** FRR of this machine. */
export const hostFrr: FrrRunner = {
  async run(namespace, directory) {
    await must(['chown', '-R', 'frr:frr', directory])
    return [
      start(inside(namespace, `${FRR_BIN}/zebra`, ...zebraArguments(directory))),
      start(inside(namespace, `${FRR_BIN}/bgpd`, ...bgpdArguments(directory))),
    ]
  },
  vtysh: (_namespace, directory, command) => must(['vtysh', '--vty_socket', directory, '-c', command]),
  async version() {
    return (await must([`${FRR_BIN}/bgpd`, '--version'])).split('\n')[0]!
  },
}

function bgpdConfiguration(nve: NvePlan): string {
  const { asn } = DOMAINS[nve.domain]
  const nva = nvaAddressFor(nve)
  return `hostname ${nve.name}
log file ${'bgpd.log'} informational
router bgp ${asn}
 bgp router-id ${nve.vtep}
 no bgp default ipv4-unicast
 coalesce-time 100
 timers bgp 3 9
 neighbor ${nva} remote-as ${asn}
 neighbor ${nva} timers connect 1
 neighbor ${nva} advertisement-interval 0
${nve.way === 'nva-dials' ? ` neighbor ${nva} passive\n` : ''} address-family l2vpn evpn
  neighbor ${nva} activate
  advertise-all-vni
 exit-address-family
`
}

/** What \`show\` says about one neighbour, as far as the checks care. */
export interface FrrNeighbor {
  readonly bgpState: string
  readonly portLocal?: number
  readonly portForeign?: number
  readonly hostLocal?: string
  readonly lastErrorCodeSubcode?: string
  readonly lastNotificationReason?: string
  readonly connectionsEstablished: number
  readonly connectionsDropped: number
}

/** A bgpd that can be asked. */
export interface Evpn {
  vtysh(command: string): Promise<string>
  json<T>(command: string): Promise<T>
}

export interface Frr extends Evpn {
  readonly plan: NvePlan
  readonly directory: string
  neighbor(): Promise<FrrNeighbor>
  log(): string
}

/** FRR in a namespace with this configuration of its bgpd. */
export async function startFrrIn(
  runner: FrrRunner,
  namespace: string,
  directory: string,
  configuration: string,
): Promise<Evpn & { stop(): Promise<void> }> {
  writeFileSync(join(directory, 'zebra.conf'), `hostname ${namespace}\nlog file ${directory}/zebra.log informational\n`)
  writeFileSync(join(directory, 'bgpd.conf'), configuration)
  chmodSync(directory, 0o755)
  const daemons = await runner.run(namespace, directory)
  const vtysh = (command: string) => runner.vtysh(namespace, directory, command)
  return {
    vtysh,
    async json<T>(command: string): Promise<T> {
      const text = await vtysh(`${command} json`)
      try {
        return JSON.parse(text) as T
      } catch {
        throw new Unmet(`${namespace}: "${command} json" is not JSON`, text.slice(0, 400))
      }
    },
    async stop() {
      await Promise.all(daemons.map((daemon) => stop(daemon)))
    },
  }
}

export async function startFrr(runner: FrrRunner, nve: NvePlan, directory: string): Promise<Frr> {
  const configuration = bgpdConfiguration(nve).replace('log file ', `log file ${directory}/`)
  const { vtysh, json } = await startFrrIn(runner, nve.name, directory, configuration)
  return {
    plan: nve,
    directory,
    vtysh,
    json,
    async neighbor() {
      const address = nvaAddressFor(nve)
      const shown = (await json<Record<string, FrrNeighbor>>(`show bgp neighbors ${address}`))[address]
      if (shown === undefined) throw new Unmet(`${nve.name} shows no neighbor ${address}`)
      return shown
    },
    log() {
      try {
        return readFileSync(join(directory, 'bgpd.log'), 'utf8')
      } catch {
        return ''
      }
    },
  }
}
