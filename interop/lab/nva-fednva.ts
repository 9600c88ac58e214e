import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Daemon, must, start, stop } from './command.ts'
import { gatedShares, gatedVns } from './gated.ts'
import { inside } from './namespaces.ts'
import type { Nva } from './nva.ts'
import { BGP_PORT, DOMAINS, type DomainPlan, NVES, sessionAddressOf, VNS } from './plan.ts'
import { interVnRules, routedVns } from './routed.ts'
import { Unmet, until } from './until.ts'
import type { Workplace } from './workplace.ts'

const LAUNCHER = fileURLToPath(new URL('../../src/cli/fednva.js', import.meta.url))

/** argv of fednva's command line. */
export const fednva = (...argv: string[]): string[] => [process.execPath, LAUNCHER, ...argv]

/** The configuration of one domain's NVA, in the keys of the configuration reference. */
function fednvaConfiguration(domain: DomainPlan, socket: string): string {
  const other = Object.values(DOMAINS).find((candidate) => candidate.name !== domain.name)!
  const named = NVES.filter((nve) => nve.domain === domain.name && nve.way !== 'listen-range')
  return `nva:
  name: ${domain.nva}
  domain: ${domain.name}
  asn: ${domain.asn}
  routerId: ${domain.nvaV4}
  clusterId: ${domain.nvaV4}
  listen: ["${domain.nvaV4}:${BGP_PORT}", "[${domain.nvaV6}]:${BGP_PORT}", "${domain.wan}:${BGP_PORT}"]
  api: { socket: ${socket} }

vns:
${VNS.map((vn) => `  ${vn.name}: { vni: ${vn.vni} }\n`).join('')}${gatedVns(domain.name)}${domain.name === 'a' ? `${routedVns()}\n${interVnRules()}` : ''}
peerGroups:
  leaves: { role: nve, asn: ${domain.asn}, routeReflectorClient: true, holdTime: 9, profile: frr8 }
  probes: { role: nve, asn: ${domain.asn}, routeReflectorClient: true, holdTime: 30, passive: true }

peers:
${named
  .map(
    (nve) => `  ${nve.name}: { address: "${sessionAddressOf(nve)}", group: leaves${nve.way === 'nve-dials' ? ', passive: true' : ''} }\n`,
  )
  .join('')}
listenRanges:
  - { prefix: ${domain.nveRange}, group: leaves, limit: 8 }
  - { prefix: ${domain.probeRange}, group: probes, limit: 20 }

federation:
  region: lab
  domainId: ${JSON.stringify(domain.domainId)}
  domains:
    ${other.name}:
      asn: ${other.asn}
      domainId: ${JSON.stringify(other.domainId)}
      peers: [${other.wan}]
      localAddress: ${domain.wan}
      holdTime: 9
      interconnectSegments: true
      share:
        shared: { vni: ${VNS[0]!.vni} }
${gatedShares(domain.name)}`
}

export const fednvaNva = (domain: DomainPlan, workplace: Workplace): Nva =>
  runnableFednva(domain.nva, domain.nva, (socket) => fednvaConfiguration(domain, socket), workplace)

/** A fednva called `name` in a namespace. */
export function runnableFednva(name: string, namespace: string, configure: (socket: string) => string, workplace: Workplace): Nva {
  const socket = join(workplace.directory(name), 'api.sock')
  const file = workplace.file(`${name}/fednva.yaml`, configure(socket))
  let daemon: Daemon | undefined
  let past = ''
  const gone = () => {
    past += daemon?.output() ?? ''
    daemon = undefined
  }
  return {
    async start() {
      const started = start(inside(namespace, ...fednva('run', '--config', file)))
      daemon = started
      await until(`${name} answers on its API`, 40, async () => {
        if (started.ended()) throw new Unmet('fednva ended', started.output().slice(-2000))
        await must(fednva('show', 'peers', '--json', '--socket', socket), { timeoutSeconds: 15 })
        return true
      })
    },
    running: () => daemon !== undefined && !daemon.ended(),
    async kill() {
      daemon?.signal('SIGKILL')
      await daemon?.end
      gone()
    },
    async terminate() {
      const code = daemon === undefined ? 0 : await stop(daemon, 10)
      gone()
      return code
    },
    output: () => past + (daemon?.output() ?? ''),
  }
}

/** A row of `fednva show peers --json`, as far as the checks read it. */
export interface ShownPeer {
  readonly address: string
  /** FSM state. */
  readonly state: string
  readonly withheld: Readonly<Record<string, number>>
}

/** What the NVA of a domain says of its peers. */
export async function shownPeers(domain: DomainPlan, workplace: Workplace): Promise<readonly ShownPeer[]> {
  const socket = join(workplace.directory(domain.nva), 'api.sock')
  const answer = await must(fednva('show', 'peers', '--json', '--socket', socket), { timeoutSeconds: 15 })
  return (JSON.parse(answer) as { peers: ShownPeer[] }).peers
}

/** A row of `fednva show routes --json`, as far as the checks read it. */
export interface ShownRoute {
  readonly rd: string | null
  readonly route: string
  readonly nextHop: string
  readonly vns: readonly string[]
  /** null: made by the NVA itself. */
  readonly peer: string | null
}

/** All routes that the NVA of a domain holds. */
export async function shownRoutes(domain: DomainPlan, workplace: Workplace): Promise<readonly ShownRoute[]> {
  const socket = join(workplace.directory(domain.nva), 'api.sock')
  const answer = await must(fednva('show', 'routes', '--json', '--socket', socket), { timeoutSeconds: 15 })
  return (JSON.parse(answer) as { routes: ShownRoute[] }).routes
}
