import { expect, test } from 'vitest'
import { checkText } from '../../src/config/check-text.ts'
import { formatProblem } from '../../src/config/file/problem.ts'

/** What the operator reads about the domain `fra` with these lines, whose first is line 11. */
function problemsOf(domain: string, asn = 65002): string[] {
  const text = `nva: { name: ams-1, domain: ams, asn: 65001, routerId: 192.0.2.1 }
vns:
  web: { vni: 10100 }
  db: { vni: 10200 }
peers:
  leaf1: { address: 192.0.2.11 }
federation:
  domains:
    fra:
      asn: ${asn}
${domain}`
  const result = checkText(text, 'ams.yaml')
  return result.ok ? [] : result.problems.map(formatProblem)
}

const PEERS = '      peers: [198.51.100.1]\n'

test('a good domain has no problem', () => {
  expect(problemsOf(`${PEERS}      share: { web: { vni: 10100 }, db: }\n`)).toEqual([])
})

test('sharing a VN that does not exist is refused', () => {
  expect(problemsOf(`${PEERS}      share:\n        wbe: {}\n`)).toEqual([
    'ams.yaml:13:14: federation.domains.fra.share.wbe: found wbe, which is not under vns, expected a VN of this file: web, db',
  ])
})

test('another VNI at the peer is refused: direct mode needs equal VNIs', () => {
  expect(problemsOf(`${PEERS}      share:\n        web: { vni: 70007 }\n`)).toEqual([
    'ams.yaml:13:21: federation.domains.fra.share.web.vni: found 70007, expected the local VNI 10100: direct mode needs equal VNIs on both sides, unless the NVEs take the VNI of each route: downstreamVni: true',
  ])
})

test('two shares of one VNI are refused', () => {
  expect(problemsOf(`${PEERS}      share:\n        web: {}\n        db: { vni: 10100 }\n`)).toEqual([
    'ams.yaml:14:20: federation.domains.fra.share.db.vni: found 10100, expected the local VNI 10200: direct mode needs equal VNIs on both sides, unless the NVEs take the VNI of each route: downstreamVni: true',
    'ams.yaml:14:20: federation.domains.fra.share.db.vni: found 10100, expected a VNI that no other share of the domain has: federation.domains.fra.share.web (line 13) has it',
  ])
})

test('the own AS number for another domain is refused', () => {
  expect(problemsOf(PEERS, 65001)).toEqual([
    'ams.yaml:10:12: federation.domains.fra.asn: found 65001, expected an AS number that is not the own one: nva.asn (line 1) has it',
  ])
})

test('an address that is a peer already is refused', () => {
  expect(problemsOf('      peers: ["192.0.2.11:1179"]\n')).toEqual([
    'ams.yaml:11:15: federation.domains.fra.peers[0]: found 192.0.2.11:1179, expected an address that no other peer has: peers.leaf1.address (line 6) has it',
  ])
})

test('a domain without NVAs is refused', () => {
  expect(problemsOf('      peers: []\n')).toEqual([
    'ams.yaml:11:14: federation.domains.fra.peers: found an empty list, expected at least one address of an NVA',
  ])
})

test('an endpoint with a bad port is refused', () => {
  for (const typed of ['198.51.100.1:0', '198.51.100.1:65536', '198.51.100.1:bgp', '[2001:db8::1]:']) {
    const [problem] = problemsOf(`      peers: ["${typed}"]\n`)
    expect(problem).toBe(
      `ams.yaml:11:15: federation.domains.fra.peers[0]: found ${typed}, expected a TCP port from 1 to 65535 after the address`,
    )
  }
})

test('the name of the own domain for another is refused', () => {
  const text =
    'nva: { name: a, domain: ams, asn: 65001, routerId: 192.0.2.1 }\nfederation:\n  domains:\n    ams: { asn: 65002, peers: [198.51.100.1] }\n'
  const result = checkText(text, 'ams.yaml')
  expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual([
    'ams.yaml:4:10: federation.domains.ams: found ams, the name of the own domain, expected the name of another domain',
  ])
})

test('keys whose function is still to come are refused by name, never accepted silently', () => {
  expect(problemsOf(`${PEERS}      tls: { ca: pki/fra-ca.pem }\n`)).toEqual([
    'ams.yaml:12:7: federation.domains.fra.tls: not available in this version: sessions over TLS; remove it',
  ])
})

test('what is wrong about MACs that move is said', () => {
  expect(problemsOf(`${PEERS}      macMoves: { moves: 1, within: 0, keep: here }\n`)).toEqual([
    'ams.yaml:12:26: federation.domains.fra.macMoves.moves: found 1, expected a number of moves from 2 to 100, or 0 for any number',
    'ams.yaml:12:37: federation.domains.fra.macMoves.within: found 0, expected seconds from 1 to 3600',
    'ams.yaml:12:46: federation.domains.fra.macMoves.keep: found here, expected one of local, last',
  ])
})

test('limits say what was found and what would be right', () => {
  expect(problemsOf(`${PEERS}      limits: { routes: many, onExcess: drop, routeTypes: { es: {} } }\n`)).toEqual([
    'ams.yaml:12:25: federation.domains.fra.limits.routes: found many, expected a number of routes from 0 to 10000000',
    'ams.yaml:12:41: federation.domains.fra.limits.onExcess: found drop, expected one of warn, hold, shed, suspend',
    expect.stringContaining('federation.domains.fra.limits.routeTypes.es'),
  ])
  expect(problemsOf(`${PEERS}      limits: { out: { changesPerSecond: 0 } }\n`)).toEqual([
    'ams.yaml:12:42: federation.domains.fra.limits.out.changesPerSecond: found 0, expected a number of changes a second from 1 to 1000000',
  ])
})

test('transit names pairs of different domains of the file', () => {
  const transit = (pairs: string) => problemsOf(`${PEERS}  transit: ${pairs}\n`)
  expect(transit('[[fra, par], [fra, fra]]')).toEqual([
    'ams.yaml:12:19: federation.transit[0][1]: found par, expected the name of a domain: fra',
    'ams.yaml:12:31: federation.transit[1][1]: found fra, expected another domain than the first of the pair',
  ])
  expect(transit('[[fra]]')).toEqual(['ams.yaml:12:13: federation.transit[0]: found a list, expected two names of domains, [fra, par]'])
})

test('domains that D-PATHs could not tell apart are refused', () => {
  expect(problemsOf(`      domainId: "65001:0"\n${PEERS}`)).toEqual([
    'ams.yaml:11:17: federation.domains.fra.domainId: found 65001:0, expected a DOMAIN-ID (by default the AS number and 0) that no other domain has: nva.asn (line 1) has it',
  ])
  expect(problemsOf(`      domainId: 65002.1\n${PEERS}`)).toEqual([
    'ams.yaml:11:17: federation.domains.fra.domainId: found 65002.1, expected a DOMAIN-ID such as 65001:1 (RFC 10039)',
  ])
})

test('a limit on a rate class that cannot be is refused', () => {
  expect(problemsOf(`${PEERS}      limits:\n        classes:\n          256: { routes: 5 }\n`)).toEqual([
    'ams.yaml:14:11: federation.domains.fra.limits.classes.256: found the key "256", expected the number of a rate class, from 1 to 255',
  ])
  expect(problemsOf(`${PEERS}      limits: { classes: { 255: { routes: 5 }, 1: { changesPerSecond: 9 } } }\n`)).toEqual([])
})

test('limits on what a domain is told have the same words, on the domain, a type and a VN', () => {
  const out = '{ routes: 5, changesPerSecond: 9, burst: 4, onExcess: shed, routeTypes: { imet: { routes: 2 } } }'
  expect(
    problemsOf(`${PEERS}      share: { web: { limits: { out: { routes: 5, onExcess: warn } } } }\n      limits: { out: ${out} }\n`),
  ).toEqual([])
  expect(problemsOf(`${PEERS}      limits: { out: { onExcess: drop } }\n`)).toEqual([
    'ams.yaml:12:34: federation.domains.fra.limits.out.onExcess: found drop, expected one of warn, hold, shed, suspend',
  ])
})

test('next hops that are no prefixes are refused, and none at all that may be named', () => {
  expect(problemsOf(`${PEERS}      nextHops: { within: [], shared: [192.0.2.200] }\n`)).toEqual([
    'ams.yaml:12:27: federation.domains.fra.nextHops.within: found an empty list, expected at least one prefix',
    'ams.yaml:12:40: federation.domains.fra.nextHops.shared[0]: found 192.0.2.200, expected a prefix such as 192.0.2.0/24 or 2001:db8::/32',
  ])
})
