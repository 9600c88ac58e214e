import { expect, test } from 'vitest'
import { checkText } from '../../src/config/check-text.ts'
import { Nva } from '../../src/daemon/nva.ts'
import { Region } from '../sim/region.ts'
import { macRoute, ScriptedPeer } from '../sim/scripted-peer.ts'

const TWINS = ['192.0.2.1', '192.0.2.2'] as const
const EDGE = '192.0.2.11'
const FRA = '198.51.100.1'
const PAR = '203.0.113.1'
const MAC_FRA = '02:00:00:00:00:01'
const MAC_AMS = '02:00:00:00:00:02'

/** Two NVAs of ams that reflect to each other. Domain fra is connected to the first only, par to the second, and both share web. */
function chain() {
  const region = new Region(1)
  for (const address of TWINS) {
    const checked = checkText(
      `
nva: { name: "ams-${address}", domain: ams, asn: 65001, routerId: ${address}, listen: ["${address}:179"] }
vns: { web: { vni: 10100 } }
peers:
  twin: { address: ${TWINS.find((one) => one !== address)}, role: plain }
  edge: { address: ${EDGE}, passive: true }
federation:
  domains:
    fra: { asn: 65002, peers: [${FRA}], passive: true, share: { web: {} } }
    par: { asn: 65003, peers: [${PAR}], passive: true, share: { web: {} } }
`,
      'ams.yaml',
    )
    if (!checked.ok) throw new Error(JSON.stringify(checked.problems))
    const { speaker } = new Nva(checked.configuration, region.host(address), {})
    region.listen(address, 179, (link) => speaker.accept(link))
    speaker.start()
  }
  const edge = new ScriptedPeer(region, { address: EDGE, asn: 65001, peerAs: 65001, to: TWINS[0] }).dial()
  const fra = new ScriptedPeer(region, { address: FRA, asn: 65002, peerAs: 65001, to: TWINS[0] }).dial()
  const par = new ScriptedPeer(region, { address: PAR, asn: 65003, peerAs: 65001, to: TWINS[1] }).dial()
  expect(region.runUntil(() => edge.up && fra.up && par.up, 10_000)).toBe(true)
  return { region, edge, fra, par }
}

test('what came from one domain does not go on to a third, not even over a second NVA of our own', () => {
  const { region, edge, fra, par } = chain()
  fra.announce([macRoute(FRA, MAC_FRA)], ['65002:10100'])
  edge.announce([macRoute(EDGE, MAC_AMS)], ['65001:10100'])
  expect(region.runUntil(() => par.announced(MAC_AMS) !== undefined && edge.announced(MAC_FRA) !== undefined, 30_000)).toBe(true)
  region.run(1_000)
  expect(par.announced(MAC_FRA)).toBeUndefined()
})
