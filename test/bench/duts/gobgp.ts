import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { Dut, Missing, Place } from './dut.ts'

export function gobgp(): Dut | Missing {
  let version: string
  try {
    version = /\d+(\.\d+)+/.exec(execFileSync('gobgpd', ['--version'], { encoding: 'utf8' }))?.[0] ?? '?'
  } catch {
    return { name: 'gobgp', missing: 'GoBGP is not installed (apt-get install gobgpd): it is left out' }
  }
  return {
    name: 'gobgp',
    title: `GoBGP ${version}`,
    only: {
      scenarios: ['tiny'],
      why: 'its time grows with the square of the EVPN routes: a minute for small, hours beyond. --duts gobgp has it run everywhere',
    },
    command: (place) => ({
      files: { 'gobgpd.toml': configuration(place) },
      program: 'gobgpd',
      words: ['-f', join(place.folder, 'gobgpd.toml'), '-l', 'error', '--api-hosts', `127.0.0.1:${place.apiPort}`],
    }),
  }
}

function configuration({ asn, address, port }: Place): string {
  return `[global.config]
  as = ${asn}
  router-id = "10.255.255.254"
  port = ${port}
  local-address-list = ["${address}"]
[[peer-groups]]
  [peer-groups.config]
    peer-group-name = "C"
    peer-as = ${asn}
  [peer-groups.timers.config]
    hold-time = 180
    keepalive-interval = 60
  [peer-groups.route-reflector.config]
    route-reflector-client = true
    route-reflector-cluster-id = "10.255.255.254"
  [[peer-groups.afi-safis]]
    [peer-groups.afi-safis.config]
      afi-safi-name = "l2vpn-evpn"
[[dynamic-neighbors]]
  [dynamic-neighbors.config]
    prefix = "127.0.0.0/8"
    peer-group = "C"
`
}
