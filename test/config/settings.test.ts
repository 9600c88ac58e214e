import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { formatRouteTarget } from '../../src/address/route-target.ts'
import { checkText } from '../../src/config/check-text.ts'
import { type Configuration, loadConfiguration } from '../../src/config/configuration.ts'
import { formatProblem } from '../../src/config/file/problem.ts'
import { END_OF_RIB } from '../../src/config/settings/settings-of.ts'

const NVA = 'nva: { name: ams-1, domain: ams, asn: 65001, routerId: 192.0.2.1 }\n'

function configured(text: string, file = '/etc/fednva/ams.yaml'): Configuration {
  const result = checkText(text, file)
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'))
  return result.configuration
}

test('the shortest file is a plain reflector with every default', () => {
  expect(configured(NVA)).toEqual({
    file: '/etc/fednva/ams.yaml',
    name: 'ams-1',
    speaker: {
      name: 'ams-1',
      asn: 65001,
      routerId: 0xc0000201,
      clusterId: 0xc0000201,
      peers: [],
      listenRanges: [],
      endOfRib: END_OF_RIB,
      vnImport: null,
      vnExport: null,
    },
    domain: { name: 'ams', vns: [] },
    federation: {
      region: null,
      domainId: Uint8Array.of(0, 0, 0xfd, 0xe9, 0, 0),
      internalCommunities: null,
      domains: [],
      macMoves: { moves: 5, withinSeconds: 180, freezeSeconds: 600, keep: 'local' },
      transit: [],
    },
    policies: [],
    compiled: expect.anything(),
    modules: new Map(),
    listen: [{ address: '::', port: 179 }],
    api: { socket: '/run/fednva/ams-1.sock' },
    log: { level: 'info' },
  })
})

test('an NVE of the own AS is a route reflector client unless the file says otherwise; others are not (RFC 4456 §6)', () => {
  const { peers } = configured(`${NVA}peers:
  leaf: { address: 192.0.2.11 }
  quiet: { address: 192.0.2.12, routeReflectorClient: false }
  pair: { address: 192.0.2.2, role: plain }
  ebgp: { address: 192.0.2.31, role: nve, asn: 65031 }
`).speaker
  expect(peers.map(({ name, role, asn, routeReflectorClient }) => [name, role, asn, routeReflectorClient])).toEqual([
    ['leaf', 'nve', 65001, true],
    ['quiet', 'nve', 65001, false],
    ['pair', 'plain', 65001, false],
    ['ebgp', 'nve', 65031, false],
  ])
})

test('what a domain says of MACs that move is stronger than what the federation says, key by key', () => {
  const { macMoves, domains } = configured(`${NVA}federation:
  macMoves: { moves: 7, keep: last }
  domains:
    fra: { asn: 65002, peers: [198.51.100.1], macMoves: { within: 60, keep: local } }
    par: { asn: 65003, peers: [203.0.113.1] }
`).federation
  expect(macMoves).toEqual({ moves: 7, withinSeconds: 180, freezeSeconds: 600, keep: 'last' })
  expect(domains.map((domain) => domain.macMoves)).toEqual([{ moves: 7, withinSeconds: 60, freezeSeconds: 600, keep: 'local' }, macMoves])
})

test('a peer takes what its group says and its own keys are stronger', () => {
  const { peers } = configured(`${NVA}peerGroups:
  leaves: { holdTime: 9, port: 1179, connectRetry: 2, localAddress: 192.0.2.1 }
peers:
  leaf1: { address: 192.0.2.11, group: leaves, port: 179, passive: true }
`).speaker
  expect(peers[0]).toEqual({
    name: 'leaf1',
    address: '192.0.2.11',
    role: 'nve',
    group: 'leaves',
    profile: null,
    importPolicy: null,
    exportPolicy: null,
    domain: null,
    asn: 65001,
    port: 179,
    passive: true,
    localAddress: '192.0.2.1',
    password: null,
    routeReflectorClient: true,
    holdTimeSeconds: 9,
    connectRetrySeconds: 2,
    sendHoldSeconds: 480,
  })
})

test('the send hold time is eight minutes or twice the hold time (RFC 9687 §4)', () => {
  const { peers } = configured(`${NVA}peers:
  a: { address: 192.0.2.11, holdTime: 240 }
  b: { address: 192.0.2.12, holdTime: 241 }
`).speaker
  expect(peers.map((peer) => peer.sendHoldSeconds)).toEqual([480, 482])
})

test('a listen range is a passive template of its group', () => {
  const { listenRanges } = configured(`${NVA}peerGroups: { leaves: { role: nve, holdTime: 9 } }
listenRanges: [{ prefix: "2001:db8::/64", group: leaves, limit: 40 }]
`).speaker
  expect(listenRanges).toMatchObject([{ prefixLength: 64, limit: 40, group: 'leaves', role: 'nve', passive: true, holdTimeSeconds: 9 }])
  expect(listenRanges[0]?.prefix).toEqual(Uint8Array.of(0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
})

test('route targets that are not given are derived from AS and VNI', () => {
  const { vns } = configured(`${NVA}vns:
  web: { vni: 10100 }
  db: { vni: 10200, routeTargets: { import: ["65001:7", "192.0.2.1:8"] } }
  corp: { vni: 50001, service: l3 }
`).domain
  expect(
    vns.map((vn) => [
      vn.name,
      vn.service,
      vn.importTargets.map((t) => formatRouteTarget(t)),
      vn.exportTargets.map((t) => formatRouteTarget(t)),
    ]),
  ).toEqual([
    ['web', 'l2', ['65001:10100'], ['65001:10100']],
    ['db', 'l2', ['65001:7', '192.0.2.1:8'], ['65001:10200']],
    ['corp', 'l3', ['65001:50001'], ['65001:50001']],
  ])
})

test('the NVAs of another domain become peers named after it', () => {
  const { speaker, federation } = configured(`${NVA}vns: { web: { vni: 10100 }, db: { vni: 10200 } }
federation:
  region: emea
  domains:
    fra:
      asn: 65002
      peers: [198.51.100.1, "198.51.100.2:1179", "[2001:DB8::1]:1180", "2001:db8::2"]
      port: 1178
      holdTime: 30
      share: { web: { vni: 10100, routeTargets: ["65002:1"] }, db: }
`)
  expect(speaker.peers.map(({ name, address, port }) => [name, address, port])).toEqual([
    ['fra/198.51.100.1', '198.51.100.1', 1178],
    ['fra/198.51.100.2', '198.51.100.2', 1179],
    ['fra/2001:db8::1', '2001:db8::1', 1180],
    ['fra/2001:db8::2', '2001:db8::2', 1178],
  ])
  expect(speaker.peers[0]).toMatchObject({
    role: 'nva',
    domain: 'fra',
    group: null,
    asn: 65002,
    routeReflectorClient: false,
    holdTimeSeconds: 30,
  })
  expect(federation.region).toBe('emea')
  expect(federation.domains[0]?.peers).toEqual(speaker.peers.map((peer) => peer.name))
  expect(federation.domains[0]?.share.map((share) => [share.vn, share.vni, share.peerTargets.map((t) => formatRouteTarget(t))])).toEqual([
    ['web', 10100, ['65002:1']],
    ['db', 10200, ['65002:10200']],
  ])
})

test('a password comes from the file or from a file of its own beside it, and is in no problem', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fednva-config-'))
  try {
    writeFileSync(join(folder, 'good'), 'hunter 2\n')
    writeFileSync(join(folder, 'bad'), 'two\nlines\n')
    const file = join(folder, 'nva.yaml')
    const peers = (file: string) =>
      `${NVA}peers:\n  a: { address: 192.0.2.11, password: { file: ${file} } }\n  b: { address: 192.0.2.12, password: plain text }\n`
    expect(configured(peers('good'), file).speaker.peers.map((peer) => peer.password)).toEqual(['hunter 2', 'plain text'])
    for (const [name, why] of [
      ['bad', `${join(folder, 'bad')}, whose text is no password`],
      ['gone', `${join(folder, 'gone')}, which cannot be read (no such file)`],
    ]) {
      const result = checkText(peers(name ?? ''), file)
      expect(result.ok ? [] : result.problems.map((problem) => [problem.line, problem.column, problem.field, problem.found])).toEqual([
        [3, 47, 'peers.a.password.file', why],
      ])
    }
    const wrong = checkText(`${NVA}peers:\n  a: { address: 192.0.2.11, password: "sécret" }\n`, file)
    expect(JSON.stringify(wrong)).not.toContain('cret"')
    expect(wrong.ok ? [] : wrong.problems[0]?.found).toBe('a text (not shown)')
    expect(wrong.ok ? [] : wrong.problems[0]?.expected).toContain('1 to 80 ASCII characters')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a file that is not there is one problem without a line', async () => {
  const result = await loadConfiguration('/nowhere/nva.yaml')
  expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual([
    '/nowhere/nva.yaml: found no such file, expected a configuration file',
  ])
})

test('of listen ranges that overlap the most specific comes first', () => {
  const { listenRanges } = configured(`${NVA}peerGroups: { a: {} }
listenRanges: [{ prefix: 198.51.100.0/24, group: a }, { prefix: 198.51.100.64/26, group: a }]
`).speaker
  expect(listenRanges.map((range) => range.prefixLength)).toEqual([26, 24])
})

test('a peer is dialled from the one address of its IP version that we listen on', () => {
  const localAddresses = (listen: string): (string | null)[] => {
    const checked = checkText(
      `nva: { name: a, domain: a, asn: 65001, routerId: 192.0.2.1, listen: ${listen} }
peers: { v4: { address: 192.0.2.11 }, v6: { address: "2001:db8::11" }, said: { address: 192.0.2.12, localAddress: 192.0.2.9 } }
federation: { domains: { b: { asn: 65002, peers: [198.51.100.1] } } }
`,
      'a.yaml',
    )
    if (!checked.ok) throw new Error(checked.problems.map((problem) => problem.message).join())
    return checked.configuration.speaker.peers.map((peer) => peer.localAddress)
  }
  expect(localAddresses('["192.0.2.1", "[2001:db8::1]:1179"]')).toEqual(['192.0.2.1', '2001:db8::1', '192.0.2.9', '192.0.2.1'])
  expect(localAddresses('["192.0.2.1", "192.0.2.2"]')).toEqual([null, null, '192.0.2.9', null])
  expect(localAddresses('["[::]:179"]')).toEqual([null, null, '192.0.2.9', null])
})

test('which next hops a domain may name: any but our own, unless said', () => {
  const { domains } = configured(`${NVA}federation:
  domains:
    fra: { asn: 65002, peers: [198.51.100.1], nextHops: { within: [198.51.100.0/24], shared: ["2001:db8::7/128"] } }
    par: { asn: 65003, peers: [203.0.113.1] }
`).federation
  const ipv6 = Uint8Array.of(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7)
  expect(domains.map(({ nextHops }) => nextHops)).toEqual([
    { within: [{ address: Uint8Array.of(198, 51, 100, 0), length: 24 }], shared: [{ address: ipv6, length: 128 }] },
    { within: null, shared: [] },
  ])
})
