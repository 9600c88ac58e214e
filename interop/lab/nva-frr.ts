/**
 * A stand-in for fednva: FRR's bgpd as a plain route reflector, without zebra. It proves the lab itself. It cannot keep apart two VNs of equal
 * VNI (FRR imports derived route targets with any AS), and it rewrites what it reflects, so that only some of the checks apply to it.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Daemon, must, start, stop } from './command.ts'
import { inside } from './namespaces.ts'
import type { Nva } from './nva.ts'
import { DOMAINS, type DomainPlan, NVES, sessionAddressOf } from './plan.ts'
import type { Workplace } from './workplace.ts'

function configuration(domain: DomainPlan, directory: string): string {
  const other = Object.values(DOMAINS).find((candidate) => candidate.name !== domain.name)!
  const named = NVES.filter((nve) => nve.domain === domain.name && nve.way !== 'listen-range')
  return `hostname ${domain.nva}
log file ${directory}/bgpd.log informational
router bgp ${domain.asn}
 bgp router-id ${domain.nvaV4}
 bgp cluster-id ${domain.nvaV4}
 no bgp default ipv4-unicast
 no bgp ebgp-requires-policy
 coalesce-time 100
 timers bgp 3 9
 neighbor clients peer-group
 neighbor clients remote-as ${domain.asn}
 neighbor clients timers connect 1
 neighbor clients advertisement-interval 0
 bgp listen range ${domain.nveRange} peer-group clients
 bgp listen range ${domain.probeRange} peer-group clients
${named
  .map(
    (nve) =>
      ` neighbor ${sessionAddressOf(nve)} peer-group clients\n${nve.way === 'nve-dials' ? ` neighbor ${sessionAddressOf(nve)} passive\n` : ''}`,
  )
  .join('')} neighbor ${other.wan} remote-as ${other.asn}
 neighbor ${other.wan} disable-connected-check
 neighbor ${other.wan} ebgp-multihop 2
 neighbor ${other.wan} timers connect 1
 neighbor ${other.wan} advertisement-interval 0
 address-family l2vpn evpn
  neighbor clients activate
  neighbor clients route-reflector-client
  neighbor ${other.wan} activate
 exit-address-family
`
}

export function frrNva(domain: DomainPlan, workplace: Workplace): Nva {
  const directory = workplace.directory(domain.nva)
  let daemon: Daemon | undefined
  let past = ''
  return {
    async start() {
      writeFileSync(join(directory, 'bgpd.conf'), configuration(domain, directory))
      await must(['chown', '-R', 'frr:frr', directory])
      daemon = start(
        inside(
          domain.nva,
          '/usr/lib/frr/bgpd',
          ...['-n', '-Z', '-p', '179', '-P', '0', '-f', `${directory}/bgpd.conf`, '-i', `${directory}/bgpd.pid`, '--vty_socket', directory],
        ),
      )
    },
    running: () => daemon !== undefined && !daemon.ended(),
    async kill() {
      daemon?.signal('SIGKILL')
      await daemon?.end
      past += daemon?.output() ?? ''
      daemon = undefined
    },
    async terminate() {
      const code = daemon === undefined ? 0 : await stop(daemon)
      past += daemon?.output() ?? ''
      daemon = undefined
      return code
    },
    output: () => past + (daemon?.output() ?? ''),
  }
}
