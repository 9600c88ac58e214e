import { expect, test } from 'vitest'
import { checkEdgeText } from '../../src/config/edge.ts'
import { formatProblem } from '../../src/config/file/problem.ts'

test('an edge speaks iBGP with its NVAs and attaches its tenants', () => {
  const result = checkEdgeText(
    `nve: { name: e1, asn: 65001, routerId: 192.0.2.11, vtep: 192.0.2.11, nvas: ["192.0.2.1:1179", 192.0.2.2], api: { socket: e1.sock } }
vns: { web: { vni: 10100 } }
tenants: [{ vn: web, mac: 02-00-00-00-01-0A, ip: 10.1.0.1 }]
`,
    '/etc/fednva/e1.yaml',
  )
  expect(result).toMatchObject({
    ok: true,
    configuration: {
      name: 'e1',
      vtep: '192.0.2.11',
      tenants: [{ vn: 'web', mac: '02:00:00:00:01:0a', ip: '10.1.0.1' }],
      vns: [{ name: 'web', vni: 10100 }],
      listen: [],
      api: { socket: '/etc/fednva/e1.sock' },
      speaker: {
        routerId: 0xc000020b,
        peers: [
          { name: '192.0.2.1', role: 'plain', asn: 65001, port: 1179, routeReflectorClient: false },
          { name: '192.0.2.2', role: 'plain', asn: 65001, port: 179, routeReflectorClient: false },
        ],
      },
    },
  })
})

test('an edge is told all that is wrong with its file', () => {
  const result = checkEdgeText(
    `nve: { name: e1, asn: 65001, routerId: 192.0.2.11, nvas: [192.0.2.1, 192.0.2.1] }
vns: { web: { vni: 1 } }
tenants:
  - { vn: wbe, mac: "02:00:00:00:01:01" }
  - { vn: web, mac: "01:00:5e:00:00:01" }
  - { vn: web, mac: "02:00:00:00:01:02" }
  - { vn: web, mac: "0200.0000.0102" }
`,
    'e1.yaml',
  )
  expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual([
    'e1.yaml:1:1: nve.vtep: found nothing, expected an IPv4 or IPv6 address of one host',
    'e1.yaml:1:70: nve.nvas[1]: found 192.0.2.1, expected an address that no other peer has: nve.nvas[0] (line 1) has it',
    'e1.yaml:4:11: tenants[0].vn: found wbe, which is not under vns, expected a VN of this file',
    'e1.yaml:5:21: tenants[1].mac: found 01:00:5e:00:00:01, expected the MAC address of one host, not of a group, not zero',
    'e1.yaml:7:21: tenants[3].mac: found 0200.0000.0102, expected each tenant once: tenants[2].mac (line 6) has it',
  ])
})
