/** FRR's bgpd as a route reflector beside domain A's NVA, in the namespace `probes`: with the NVA's identifiers, so that what it reflects can be held against what the NVA does. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { must, start, stop } from './command.ts'
import { inside } from './namespaces.ts'
import { BGP_PORT, DOMAINS, PROBES } from './plan.ts'
import type { Workplace } from './workplace.ts'

const NAME = 'reflector'
const { asn, nvaV4, probeRange } = DOMAINS.a

const CONFIGURATION = `hostname ${NAME}
router bgp ${asn}
 bgp router-id ${nvaV4}
 bgp cluster-id ${nvaV4}
 no bgp default ipv4-unicast
 coalesce-time 0
 neighbor clients peer-group
 neighbor clients remote-as ${asn}
 neighbor clients advertisement-interval 0
 bgp listen range ${probeRange} peer-group clients
 address-family l2vpn evpn
  neighbor clients activate
  neighbor clients route-reflector-client
 exit-address-family
`

export async function startFrrReflector(workplace: Workplace): Promise<{ stop(): Promise<void> }> {
  const directory = workplace.directory(NAME)
  const file = join(directory, 'bgpd.conf')
  writeFileSync(file, CONFIGURATION)
  await must(['chown', '-R', 'frr:frr', directory])
  const options = ['-Z', '-S', '-p', `${BGP_PORT}`, '-l', PROBES.reflector, '-P', '0', '-f', file, '-i', join(directory, 'bgpd.pid')]
  const daemon = start(inside('probes', '/usr/lib/frr/bgpd', ...options, '--vty_socket', directory, '-z', join(directory, 'zserv.api')))
  return {
    async stop() {
      await stop(daemon)
    },
  }
}
