/** What another domain says of MACs that must not move, and what an edge here that has such a MAC, and its NVA, make of it. */
import { describe, expect, test } from 'vitest'
import { checkText } from '../../src/config/check-text.ts'
import { checkEdgeText } from '../../src/config/edge.ts'
import { Nva } from '../../src/daemon/nva.ts'
import { Edge } from '../../src/nve/edge.ts'
import { Region } from './region.ts'
import { macRoute, ScriptedPeer } from './scripted-peer.ts'

const AMS = '192.0.2.1'
const EDGE = '192.0.2.11'
/** Higher than the edge, as the gateway below is: of two equal claims that of the edge wins. */
const FRA = '198.51.100.1'
const M = '02:00:00:00:01:01'

function stage(share: string, stickyMacs: string) {
  const region = new Region(1)
  const checked = checkText(
    `
nva: { name: ams-1, domain: ams, asn: 65001, routerId: ${AMS}, listen: ["${AMS}:179"] }
vns: { web: { vni: 10100 } }
peers: { edge: { address: ${EDGE}, passive: true } }
federation:
  domains:
    fra: { asn: 65002, peers: [${FRA}], passive: true, share: { web: ${share} }${stickyMacs} }
`,
    'ams.yaml',
  )
  const edgeChecked = checkEdgeText(
    `
nve: { name: e, asn: 65001, routerId: ${EDGE}, vtep: ${EDGE}, nvas: [${AMS}] }
vns: { web: { vni: 10100 } }
`,
    'edge.yaml',
  )
  if (!checked.ok || !edgeChecked.ok) throw new Error('wrong files')
  const nva = new Nva(checked.configuration, region.host(AMS), {})
  region.listen(AMS, 179, (link) => nva.speaker.accept(link))
  nva.speaker.start()
  const edge = new Edge(edgeChecked.configuration, region.host(EDGE), {})
  edge.start()
  const fra = new ScriptedPeer(region, { address: FRA, asn: 65002, peerAs: 65001, to: AMS }).dial()
  expect(region.runUntil(() => fra.up && [...edge.speaker.peers.values()].every(({ standing }) => standing !== null), 60_000)).toBe(true)
  return {
    edge,
    /** fra says of the MAC: sticky, or that it is that of its default gateway. */
    say: (mark: 'sticky' | 'default-gateway' | 'nothing', sequence = 0) => {
      const target = { name: 'route-target', hex: `0002${(65002).toString(16)}${(10100).toString(16).padStart(8, '0')}` }
      const mobility = { name: 'mac-mobility', sticky: mark === 'sticky', sequence }
      const gateway = mark === 'default-gateway' ? [{ name: 'default-gateway' }] : []
      fra.announce([macRoute(FRA, M, null)], [], {
        extCommunities: [target, { name: 'encapsulation', tunnelType: 8 }, mobility, ...gateway],
      })
      region.run(2_000)
    },
    attach: () => {
      const outcome = edge.attach('web', M, null)
      region.run(2_000)
      return outcome
    },
    get stays() {
      return edge.tenants.some(({ mac }) => mac === M)
    },
    seen: () => {
      const mapping = edge.table.find('web', M)
      return mapping === null ? null : { vtep: mapping.vtep, sticky: mapping.sticky }
    },
    /** The same as the NVA uses it. */
    marks: () => {
      const { rib, sets } = nva.speaker
      return [...Array(rib.destinations.capacity).keys()].some((dest) => {
        const set = rib.destinations.isLive(dest) ? rib.destinations.advertised[dest]! : -1
        return (
          set >= 0 &&
          Buffer.from(sets.octets(set).subarray(sets.attributesAt(set), sets.attributesEnd(set))).includes('030d000000000000', 0, 'hex')
        )
      })
    },
  }
}

describe.each([
  ['direct mode', '{}', FRA],
  ['a gateway of ours', '{ vni: 10100, via: { gateway: 203.0.113.250 } }', '203.0.113.250'],
])('%s', (_, share, vtep) => {
  test.each([0x8000_0000, 0xffff_ffff])(
    'a sequence of %i takes a MAC from no host here, and one below is a claim like any other',
    (sequence) => {
      const world = stage(share, '')
      expect(world.attach().ok).toBe(true)
      world.say('nothing', sequence)
      expect([world.stays, world.seen()]).toEqual([true, null])
      world.say('nothing', 0x7fff_ffff)
      expect(world.stays).toBe(false)
      // It comes back, and that which would keep it away for good leaves it.
      expect(world.attach().ok).toBe(true)
      world.say('nothing', sequence)
      expect(world.stays).toBe(true)
    },
  )

  test('a sticky MAC of another domain takes none from a host here, unless it is heeded', () => {
    const world = stage(share, '')
    expect(world.attach().ok).toBe(true)
    world.say('sticky')
    expect(world.stays).toBe(true)
    // It is no word for nothing: without a rival it is where fra says.
    world.edge.detach('web', M)
    world.say('sticky')
    expect(world.seen()).toEqual({ vtep, sticky: false })
    // And a host that comes here may have it.
    expect(world.attach().ok).toBe(true)
    expect(world.stays).toBe(true)
  })

  test('a higher sequence moves it here like any other', () => {
    const world = stage(share, '')
    world.attach()
    world.say('sticky', 5)
    expect(world.stays).toBe(false)
    expect(world.seen()).toEqual({ vtep, sticky: false })
  })

  test('heeded it wins over a host here, and must not be taken over (RFC 7432 §15.2)', () => {
    const world = stage(share, ', stickyMacs: heed')
    world.attach()
    world.say('sticky')
    expect(world.stays).toBe(false)
    expect(world.seen()).toEqual({ vtep, sticky: true })
    expect(world.attach().ok).toBe(false)
  })
})

test('that a MAC is its default gateway is heeded in the same case alone (RFC 7432 §10.1)', () => {
  for (const [setting, heeded] of [
    ['', false],
    [', stickyMacs: ignore', false],
    [', stickyMacs: heed', true],
  ] as const) {
    const world = stage('{}', setting)
    world.say('default-gateway')
    expect(world.seen()).toEqual({ vtep: FRA, sticky: false })
    expect([setting, world.marks()]).toEqual([setting, heeded])
  }
})
