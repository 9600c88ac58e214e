import { expect, test } from 'vitest'
import { checkText } from '../../src/config/check-text.ts'
import { formatProblem } from '../../src/config/file/problem.ts'

const NVA = `nva:
  name: ams-1
  domain: ams
  asn: 65001
  routerId: 192.0.2.1
`

/** What the operator reads about a file that begins with a good `nva` of five lines. */
function problemsOf(rest: string, nva = NVA): string[] {
  const result = checkText(nva + rest, 'leafspine.yaml')
  return result.ok ? [] : result.problems.map(formatProblem)
}

test('a VNI of more than 24 bits is refused with file, line and column', () => {
  expect(problemsOf('vns:\n  web:\n    vni: 16777216\n')).toEqual([
    'leafspine.yaml:8:10: vns.web.vni: found 16777216, expected a VNI from 1 to 16777215',
  ])
})

test('a problem carries its parts for programs', () => {
  const result = checkText(`${NVA}vns: { web: { vni: 0 } }\n`, 'x.yaml')
  expect(result).toEqual({
    ok: false,
    problems: [
      {
        file: 'x.yaml',
        line: 6,
        column: 20,
        field: 'vns.web.vni',
        found: '0',
        expected: 'a VNI from 1 to 16777215',
        message: 'vns.web.vni: found 0, expected a VNI from 1 to 16777215',
      },
    ],
  })
})

test('an unknown key names the key that was probably meant', () => {
  expect(problemsOf('peers:\n  leaf1: { address: 192.0.2.11, holdtime: 9 }\n')).toEqual([
    'leafspine.yaml:7:33: peers.leaf1.holdtime: unknown key, did you mean holdTime?',
  ])
  expect(problemsOf('peer: {}\n')).toEqual(['leafspine.yaml:6:1: peer: unknown key, did you mean peers?'])
})

test('one thing in place of a list is told what to write', () => {
  expect(problemsOf('vns: { web: { vni: 1, routeTargets: { import: "65001:1" } } }\ninterVn: { from: web }\n')).toEqual([
    'leafspine.yaml:6:47: vns.web.routeTargets.import: found 65001:1, expected a list, also of one: in [ ]',
    'leafspine.yaml:7:10: interVn: found a map of keys, expected a list: each entry behind a "-", or all in [ ]',
  ])
})

test('what other BGP speakers have at a peer and this version has not is refused by name', () => {
  const wanted = '{ address: 192.0.2.11, role: nve, bfd: true, gracefulRestart: true, addPath: 2, ttlSecurity: 1 }'
  expect(problemsOf(`peers: { leaf1: ${wanted} }\n`).map((line) => line.replace(/^.*?: /, ''))).toEqual([
    'peers.leaf1.bfd: not available in this version: BFD; remove it',
    'peers.leaf1.gracefulRestart: not available in this version: graceful restart; remove it',
    'peers.leaf1.addPath: not available in this version: ADD-PATH; remove it',
    'peers.leaf1.ttlSecurity: not available in this version: a check of the TTL (GTSM); remove it',
  ])
})

test('a link-local address of a peer is refused, with an interface or without', () => {
  for (const address of ['fe80::1', 'FE80::1', 'febf::1%eth0']) {
    expect(problemsOf(`peers: { l: { address: "${address}", role: nve } }\n`)).toEqual([
      expect.stringContaining('a link-local one needs an interface'),
    ])
  }
})

test('a line further in than the others of its map is one problem, at the line above', () => {
  expect(problemsOf('', 'nva:\n  name: x\n   domain: d\n  asn: 65001\n')).toEqual([
    'leafspine.yaml:2:9: found a second "key:" on the same line, or the next line further in, expected one key on a line and the lines of one map at the same depth, or { } around them',
  ])
})

test('an unknown key near to none names those that may stand there', () => {
  expect(problemsOf('vns:\n  web: { vni: 1, colour: red }\n')).toEqual([
    'leafspine.yaml:7:18: vns.web.colour: unknown key, expected one of vni, service, routeTargets, import, export',
  ])
})

test('missing required keys are placed where they belong, all of them', () => {
  expect(problemsOf('', 'nva:\n  name: a\n  domain: ams\n')).toEqual([
    'leafspine.yaml:1:1: nva.asn: found nothing, expected an AS number from 1 to 4294967294, not one of the reserved 23456 and 65535',
    'leafspine.yaml:1:1: nva.routerId: found nothing, expected an identifier such as 192.0.2.1, other than 0.0.0.0',
  ])
  expect(problemsOf('peers:\n  leaf1:\n    port: 179\n')).toEqual([
    'leafspine.yaml:7:3: peers.leaf1.address: found nothing, expected an IPv4 or IPv6 address of one host',
  ])
})

test('an empty file says what it lacks', () => {
  expect(problemsOf('', '')).toEqual(['leafspine.yaml:1:1: found nothing, expected a map of keys'])
})

test('two VNs of one VNI are refused, and both places named', () => {
  expect(problemsOf('vns:\n  web: { vni: 10100 }\n  db: { vni: 10100 }\n')).toEqual([
    'leafspine.yaml:8:14: vns.db.vni: found 10100, expected a VNI that no other VN has: vns.web.vni (line 7) has it',
  ])
})

test('bad route targets and wildcards are refused', () => {
  expect(problemsOf('vns:\n  web: { vni: 1, routeTargets: { import: ["65001:x", "*:1"] } }\n')).toEqual([
    'leafspine.yaml:7:43: vns.web.routeTargets.import[0]: found 65001:x, expected a route target such as 65001:100 or 192.0.2.1:100',
    'leafspine.yaml:7:54: vns.web.routeTargets.import[1]: found *:1, expected a route target in full: a wildcard AS is not available in this version',
  ])
})

test('one address for two peers is refused, in whatever form it is written', () => {
  expect(problemsOf('peers:\n  a: { address: "2001:db8::1" }\n  b: { address: "2001:DB8:0::1" }\n')).toEqual([
    'leafspine.yaml:8:17: peers.b.address: found 2001:DB8:0::1, expected an address that no other peer has: peers.a.address (line 7) has it',
  ])
})

test('a peer group that does not exist is refused', () => {
  expect(problemsOf('peerGroups: { leaves: {} }\npeers:\n  a: { address: 192.0.2.11, group: leafs }\n')).toEqual([
    'leafspine.yaml:8:36: peers.a.group: found leafs, expected the name of a peer group: leaves',
  ])
})

test('a peer of another role than its group is refused', () => {
  expect(problemsOf('peerGroups: { leaves: { role: nve } }\npeers:\n  a: { address: 192.0.2.11, group: leaves, role: plain }\n')).toEqual([
    'leafspine.yaml:8:50: peers.a.role: found plain, expected the role of its group: peerGroups.leaves.role (line 6) is nve',
  ])
})

test('an NVA of another domain does not belong under peers', () => {
  expect(problemsOf('peers:\n  a: { address: 192.0.2.11, role: nva }\n')).toEqual([
    'leafspine.yaml:7:35: peers.a.role: found nva, expected nve or plain (an NVA of another domain belongs under federation.domains)',
  ])
})

test('a peer of another AS must say what it is', () => {
  expect(problemsOf('peers:\n  a: { address: 192.0.2.11, asn: 65009 }\n')).toEqual([
    'leafspine.yaml:7:34: peers.a.asn: found 65009, expected the own AS 65001, or role: nve (an edge with an AS of its own) or role: plain beside it, or the peer under federation.domains',
  ])
})

test('a peer of another AS cannot be a route reflector client (RFC 4456 §6)', () => {
  expect(problemsOf('peers:\n  a: { address: 192.0.2.11, asn: 65009, role: nve, routeReflectorClient: true }\n')).toEqual([
    'leafspine.yaml:7:74: peers.a.routeReflectorClient: found true, expected false or nothing: route reflection is within the own AS 65001, and the peer has 65009 (RFC 4456 §6)',
  ])
})

test('a hold time of 1 or 2 seconds is refused (RFC 4271 §4.2)', () => {
  for (const seconds of [1, 2]) {
    expect(problemsOf(`peerGroups:\n  g: { holdTime: ${seconds} }\n`)).toEqual([
      `leafspine.yaml:7:18: peerGroups.g.holdTime: found ${seconds}, expected a hold time of 0 or 3 to 65535 seconds (RFC 4271 §4.2)`,
    ])
  }
})

test('a router id is an IPv4 address and not zero (RFC 6286 §2.1)', () => {
  for (const id of ['0.0.0.0', '2001:db8::1', '17']) {
    const [problem, ...others] = problemsOf('', NVA.replace('routerId: 192.0.2.1', `routerId: "${id}"`))
    expect(problem).toBe(
      `leafspine.yaml:5:13: nva.routerId: found ${id === '17' ? '"17"' : id}, expected an identifier such as 192.0.2.1, other than 0.0.0.0`,
    )
    expect(others).toEqual([])
  }
})

test('an address of no single host is refused', () => {
  for (const address of ['0.0.0.0', '224.0.0.5', 'ff02::1', '::', '192.0.2.300', 'leaf1.example']) {
    expect(problemsOf(`peers:\n  a: { address: "${address}" }\n`)).toHaveLength(1)
  }
})

test('a listen range with host bits set is refused, and the network named', () => {
  expect(problemsOf('peerGroups: { g: {} }\nlistenRanges:\n  - { prefix: 198.51.100.65/26, group: g }\n')).toEqual([
    'leafspine.yaml:8:15: listenRanges[0].prefix: found 198.51.100.65/26, expected no bits set behind the prefix length: 198.51.100.64/26',
  ])
})

test('waiting to be dialled while listening nowhere is refused', () => {
  const nva = `${NVA}  listen: []\n`
  expect(problemsOf('peers:\n  a: { address: 192.0.2.11, passive: true }\n', nva)).toEqual([
    'leafspine.yaml:8:38: peers.a.passive: found true, expected an address in nva.listen, which is empty: nobody would dial',
  ])
})

test('a local address of the other IP version is refused', () => {
  expect(problemsOf('peers:\n  a: { address: 192.0.2.11, localAddress: "2001:db8::1" }\n')).toEqual([
    'leafspine.yaml:7:43: peers.a.localAddress: found 2001:db8::1, expected an address of the same IP version as that of the peer, 192.0.2.11',
  ])
})

test('a socket path too long for Unix is refused', () => {
  const nva = `${NVA}  api: { socket: /${'x'.repeat(107)} }\n`
  expect(problemsOf('', nva)).toEqual([
    'leafspine.yaml:6:18: nva.api.socket: found a path of 108 octets, expected a path of at most 107 octets in full',
  ])
})

test('all problems of all kinds come at once, in the order of the file', () => {
  const lines = problemsOf('vns:\n  web: { vni: 5 }\n  db: { vni: 5, vnii: 6 }\npeers:\n  a: { address: x, group: none }\n  b: 3\n')
  expect(lines.map((line) => line.split(':').slice(1, 4).join(':'))).toEqual([
    '8:14: vns.db.vni',
    '8:17: vns.db.vnii',
    '10:17: peers.a.address',
    '10:27: peers.a.group',
    '11:6: peers.b',
  ])
})

test('a number in quotes is shown with them', () => {
  expect(problemsOf('vns:\n  web: { vni: "10100" }\n')).toEqual([
    'leafspine.yaml:7:15: vns.web.vni: found "10100", expected a VNI from 1 to 16777215, without quotes',
  ])
})

test('a peer at an address of our own is refused', () => {
  const nva = `${NVA}  listen: ["192.0.2.1:1179"]\n`
  expect(problemsOf('peers:\n  a: { address: 192.0.2.1 }\n', nva)).toEqual([
    'leafspine.yaml:8:17: peers.a.address: found 192.0.2.1, expected the address of another speaker: this one is in nva.listen',
  ])
})

test('the file of an edge is called that, and not a file full of mistakes', () => {
  const result = checkText('nve: { name: leaf1 }\nvns: {}\n', 'leaf1.yaml')
  expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual([
    'leaf1.yaml:1:1: nve: found the configuration of an edge, expected that of an NVA; an edge runs with: fednva nve --config',
  ])
})
