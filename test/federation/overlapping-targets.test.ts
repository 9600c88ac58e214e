import { expect, test } from 'vitest'
import { checkText } from '../../src/config/check-text.ts'
import { Nva } from '../../src/daemon/nva.ts'
import { Region } from '../sim/region.ts'
import { macRoute, ScriptedPeer } from '../sim/scripted-peer.ts'

const NVA = '192.0.2.1'
const EDGE = '192.0.2.11'
const OTHER = '198.51.100.1'
const MAC_1 = '02:00:00:00:00:01'
const MAC_2 = '02:00:00:00:00:02'
/** Target of the private VN, which the shared one imports too, as the hub of a hub and spoke does. */
const PRIVATE = '65001:10999'
const SHARED = '65001:10100'

/** An NVA whose shared VN web imports what the private VN vault exports, an edge, and the NVA of the other domain. */
function hubAndSpoke() {
  const region = new Region(1)
  const checked = checkText(
    `
nva: { name: ams, domain: ams, asn: 65001, routerId: ${NVA}, listen: ["${NVA}:179"] }
vns:
  web: { vni: 10100, routeTargets: { import: ["${SHARED}", "${PRIVATE}"], export: ["${SHARED}"] } }
  vault: { vni: 10999 }
peers: { a1: { address: ${EDGE}, passive: true } }
federation: { domains: { fra: { asn: 65002, peers: [${OTHER}], passive: true, share: { web: { vni: 10100 } } } } }
`,
    'ams.yaml',
  )
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems))
  const { speaker } = new Nva(checked.configuration, region.host(NVA), {})
  region.listen(NVA, 179, (link) => speaker.accept(link))
  speaker.start()
  const edge = new ScriptedPeer(region, { address: EDGE, asn: 65001, peerAs: 65001, to: NVA }).dial()
  const nva = new ScriptedPeer(region, { address: OTHER, asn: 65002, peerAs: 65001, to: NVA }).dial()
  region.runUntil(() => edge.up && nva.up, 10_000)
  return { region, edge, nva }
}

test('a route of a private VN does not leave although a shared VN imports its target', () => {
  const { region, edge, nva } = hubAndSpoke()
  edge.announce([macRoute(EDGE, MAC_1)], [PRIVATE])
  edge.announce([macRoute(EDGE, MAC_2)], [SHARED])
  expect(region.runUntil(() => nva.announced(MAC_2) !== undefined, 10_000)).toBe(true)
  region.run(1_000)
  expect(nva.announced(MAC_1)).toBeUndefined()
})

test('what enters a shared VN does not get a target that puts it into a private one too', () => {
  const { region, edge, nva } = hubAndSpoke()
  nva.announce([macRoute(OTHER, MAC_1)], ['65002:10100'])
  expect(region.runUntil(() => edge.announced(MAC_1) !== undefined, 10_000)).toBe(true)
  const targets = edge.announced(MAC_1)?.extCommunities?.filter(({ name }) => name === 'route-target')
  expect(targets?.map(({ hex }) => hex)).toEqual(['0002fde900002774'])
})
