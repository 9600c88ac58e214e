import { expect, test } from 'vitest'
import { checkText } from '../../src/config/check-text.ts'
import { checkEdgeText } from '../../src/config/edge.ts'
import { Nva } from '../../src/daemon/nva.ts'
import { Edge } from '../../src/nve/edge.ts'
import { Region } from './region.ts'

/** Two NVAs per domain, each federated with both of the other domain; every edge has both of its own. */
const DOMAINS = {
  ams: { asn: 65001, nvas: ['192.0.2.1', '192.0.2.2'], edges: ['192.0.2.11', '192.0.2.12'] },
  fra: { asn: 65002, nvas: ['198.51.100.1', '198.51.100.2'], edges: ['198.51.100.11', '198.51.100.12'] },
} as const
type DomainName = keyof typeof DOMAINS
const MAC = '02:00:00:00:01:01'

function ok<T>(checked: { ok: true; configuration: T } | { ok: false; problems: readonly unknown[] }): T {
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems))
  return checked.configuration
}

function startNva(region: Region, home: DomainName, address: string): void {
  const other = home === 'ams' ? 'fra' : 'ams'
  const { asn, nvas, edges } = DOMAINS[home]
  const peers = edges.map((edge, i) => `  e${i}: { address: ${edge}, passive: true, holdTime: 9 }`)
  const configuration = ok(
    checkText(
      `
nva: { name: "${home}-${address}", domain: ${home}, asn: ${asn}, routerId: ${address}, listen: ["${address}:179"] }
vns: { web: { vni: 10100 } }
peers:
${peers.join('\n')}
  twin: { address: ${nvas.find((one) => one !== address)}, role: plain, holdTime: 9 }
federation: { domains: { ${other}: { asn: ${DOMAINS[other].asn}, peers: [${DOMAINS[other].nvas.join(', ')}], holdTime: 9, share: { web: {} } } } }
`,
      'nva.yaml',
    ),
  )
  const { speaker } = new Nva(configuration, region.host(address), {})
  region.listen(address, 179, (link) => speaker.accept(link))
  speaker.start()
}

function startEdge(region: Region, home: DomainName, address: string): Edge {
  const { asn, nvas } = DOMAINS[home]
  const text = `
nve: { name: "${address}", asn: ${asn}, routerId: ${address}, vtep: ${address}, nvas: [${nvas.join(', ')}], holdTime: 9 }
vns: { web: { vni: 10100 } }
`
  const edge = new Edge(ok(checkEdgeText(text, 'nve.yaml')), region.host(address), {})
  edge.start()
  return edge
}

function start(seed: number) {
  const region = new Region(seed)
  const homes = Object.keys(DOMAINS) as DomainName[]
  for (const home of homes) for (const address of DOMAINS[home].nvas) startNva(region, home, address)
  const edges = homes.flatMap((home) => DOMAINS[home].edges.map((address) => startEdge(region, home, address)))
  const everywhere = (vtep: string, sequence = 0) =>
    edges.every(({ settings, table }) => {
      const seen = table.find('web', MAC)
      return settings.vtep === vtep ? seen === null : seen?.vtep === vtep && seen.sequence === sequence
    })
  const sessions = () => edges.every(({ speaker }) => [...speaker.peers.values()].every((peer) => peer.standing !== null))
  expect(region.runUntil(sessions, 60_000)).toBe(true)
  return { region, edges, everywhere }
}

test.each([1, 2, 3, 4, 5])('with two NVAs per domain everything stays known when one of each dies (seed %i)', (seed) => {
  const { region, edges, everywhere } = start(seed)
  edges[0]!.attach('web', MAC, '10.1.0.1')
  expect(region.runUntil(() => everywhere('192.0.2.11'), 60_000)).toBe(true)
  region.run(20_000)
  region.kill('192.0.2.1')
  region.kill('198.51.100.2')
  const lost = region.runUntil(() => !everywhere('192.0.2.11'), 30_000)
  expect(lost).toBe(false)
  edges[3]!.attach('web', MAC, '10.1.0.1')
  expect(region.runUntil(() => everywhere('198.51.100.12', 1), 10_000)).toBe(true)
  startNva(region, 'ams', '192.0.2.1')
  startNva(region, 'fra', '198.51.100.2')
  region.run(60_000)
  edges[1]!.attach('web', MAC, '10.1.0.1')
  expect(region.runUntil(() => everywhere('192.0.2.12', 2), 10_000)).toBe(true)
  edges[1]!.detach('web', MAC)
  region.run(10_000)
  expect(edges.map(({ table }) => table.find('web', MAC))).toEqual([null, null, null, null])
})
