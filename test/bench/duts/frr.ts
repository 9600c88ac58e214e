import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Dut, Missing, Place } from './dut.ts'

/** `bgpd` on the path may be OpenBGPD's, so FRR's own folders come first. */
const PLACES = [process.env.FRR_BGPD, '/usr/lib/frr/bgpd', '/usr/libexec/frr/bgpd', '/usr/local/sbin/bgpd']

/** FRR's bgpd alone, without zebra. */
export function frr(): Dut | Missing {
  const program = PLACES.find((path) => path !== undefined && existsSync(path))
  if (program === undefined)
    return { name: 'frr', missing: 'FRR is not installed (apt-get install frr, or FRR_BGPD=/path/of/bgpd): nothing to compare with' }
  const version = /\d+(\.\d+)+/.exec(execFileSync(program, ['--version'], { encoding: 'utf8' }))?.[0] ?? '?'
  return {
    name: 'frr',
    title: `FRR ${version}`,
    command: (place) => ({ files: { 'bgpd.conf': configuration(place) }, program, words: words(place) }),
  }
}

function words({ folder, address, port }: Place): string[] {
  const here = (name: string) => join(folder, name)
  const quiet = ['--log', `file:${here('bgpd.log')}`, '--log-level', 'emergencies']
  // Without zebra (-Z) and as the user who asks (-S).
  return [
    ['-Z', '-S', '-p', String(port), '-l', address, '-f', here('bgpd.conf'), '-i', here('bgpd.pid'), '-P', '0'],
    ['--vty_socket', folder, '-z', here('zserv.api'), ...quiet],
  ].flat()
}

function configuration({ asn }: Place): string {
  return `hostname bgpd
router bgp ${asn}
 bgp router-id 10.255.255.254
 bgp cluster-id 10.255.255.254
 no bgp default ipv4-unicast
 no bgp ebgp-requires-policy
 neighbor C peer-group
 neighbor C remote-as ${asn}
 neighbor C timers 60 180
 bgp listen limit 5000
 bgp listen range 127.0.0.0/8 peer-group C
 address-family l2vpn evpn
  neighbor C activate
  neighbor C route-reflector-client
 exit-address-family
`
}
