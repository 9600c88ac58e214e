import { expect, test } from 'vitest'
import { loadConfiguration } from '../../src/config/configuration.ts'
import { checkEdgeText, loadEdgeConfiguration } from '../../src/config/edge.ts'
import { formatProblem, type Problem } from '../../src/config/file/problem.ts'
import { Nva } from '../../src/daemon/nva.ts'
import { Edge } from '../../src/nve/edge.ts'
import type { Speaker } from '../../src/speaker/speaker.ts'
import { Region } from './region.ts'

const CONFIGS = new URL('../../configs/', import.meta.url).pathname

function good<T>(checked: { ok: true; configuration: T } | { ok: false; problems: readonly Problem[] }): T {
  if (!checked.ok) throw new Error(checked.problems.map(formatProblem).join('\n'))
  return checked.configuration
}

/** The NVA of a file in configs/, running. */
async function runNva(region: Region, file: string): Promise<Nva> {
  const configuration = good(await loadConfiguration(CONFIGS + file))
  const nva = new Nva(configuration, region.host(configuration.listen[0]!.address), {})
  for (const { address, port } of configuration.listen) region.listen(address, port, (link) => nva.speaker.accept(link))
  nva.speaker.start()
  return nva
}

/** An edge of these VNs at an address, running; it dials its NVA. */
function runEdge(region: Region, address: string, asn: number, nva: string, vns: readonly string[]): Edge {
  const text = `
nve: { name: "edge-${address}", asn: ${asn}, routerId: ${address}, vtep: ${address}, nvas: ["${nva}"], holdTime: 9 }
vns: { ${vns.join(', ')} }
`
  const edge = new Edge(good(checkEdgeText(text, 'edge.yaml')), region.host(address), {})
  edge.start()
  return edge
}

const states = (speaker: Speaker): Record<string, string> =>
  Object.fromEntries([...speaker.peers.values()].map((peer) => [peer.settings.name, peer.state]))
const seen = (edge: Edge, vn: string): string[] => edge.table.mappings(vn).map(({ mac, vtep }) => `${mac} at ${vtep}`)
const WEB = 'web: { vni: 10100 }'
const DB = 'db: { vni: 10200 }'

test('configs/leaf-spine.yaml reflects between the leaf of configs/edge.yaml and one out of its listen range', async () => {
  const region = new Region(1)
  const nva = await runNva(region, 'leaf-spine.yaml')
  const configuration = good(loadEdgeConfiguration(`${CONFIGS}edge.yaml`))
  const leaf = new Edge(configuration, region.host(configuration.speaker.peers[0]!.localAddress!), {})
  leaf.start()
  for (const { vn, mac, ip } of configuration.tenants) leaf.attach(vn, mac, ip)
  const ranged = runEdge(region, '192.0.2.70', 65001, '192.0.2.1', [WEB])
  expect(region.runUntil(() => seen(ranged, 'web').length === 2, 60_000)).toBe(true)
  expect(seen(ranged, 'web')).toEqual(['02:00:00:00:01:01 at 192.0.2.11', '02:00:00:00:01:02 at 192.0.2.11'])
  expect(states(nva.speaker)).toMatchObject({ leaf1: 'Established', '192.0.2.70': 'Established' })
})

test('configs/federation-ams.yaml and federation-fra.yaml share web, and db stays on its side although VNI 10200 is in both', async () => {
  const region = new Region(2)
  const ams = await runNva(region, 'federation-ams.yaml')
  const fra = await runNva(region, 'federation-fra.yaml')
  const here = runEdge(region, '192.0.2.11', 65001, '192.0.2.1', [WEB, DB])
  const there = runEdge(region, '198.51.100.11', 65002, '198.51.100.1', [WEB, DB])
  for (const [edge, n] of [
    [here, 1],
    [there, 2],
  ] as const) {
    edge.attach('web', `02:00:00:00:01:0${n}`, null)
    edge.attach('db', `02:00:00:00:02:0${n}`, null)
  }
  expect(region.runUntil(() => seen(here, 'web').length === 1 && seen(there, 'web').length === 1, 60_000)).toBe(true)
  region.run(30_000)
  expect([seen(here, 'web'), seen(there, 'web')]).toEqual([['02:00:00:00:01:02 at 198.51.100.11'], ['02:00:00:00:01:01 at 192.0.2.11']])
  expect([seen(here, 'db'), seen(there, 'db')]).toEqual([[], []])
  expect(states(ams.speaker)['fra/198.51.100.1']).toBe('Established')
  expect(states(fra.speaker)['ams/192.0.2.1']).toBe('Established')
})

test('configs/reference.yaml runs: a leaf and a domain it federates with come up', async () => {
  const region = new Region(3)
  const nva = await runNva(region, 'reference.yaml')
  await runNva(region, 'federation-fra.yaml')
  const leaf = runEdge(region, '192.0.2.11', 65001, '192.0.2.1', [WEB])
  leaf.attach('web', '02:00:00:00:01:01', null)
  const wanted = { leaf1: 'Established', 'fra/198.51.100.1': 'Established' }
  region.runUntil(() => Object.entries(wanted).every(([peer, state]) => states(nva.speaker)[peer] === state), 120_000)
  expect(states(nva.speaker)).toMatchObject(wanted)
  region.run(5_000)
  expect(nva.census.vns.find(({ vn }) => vn.name === 'web')).toMatchObject({ tenantSystems: 1 })
})
