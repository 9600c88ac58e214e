/** Other policies while the NVA runs: no session is reset, and only what differs goes out. */
import { describe, expect, test } from 'vitest'
import { LEAF_1, LEAF_2, LEAF_3, PolicyStage } from './policy-stage.ts'
import { macRoute, type ScriptedPeer } from './scripted-peer.ts'

const TARGET = '65001:10100'
const mac = (n: number) => `02:00:00:00:00:${n.toString(16).padStart(2, '0')}`

function macs(peer: ScriptedPeer): string[] {
  return [...peer.table.keys()].map((route) => /\[48\]:\[([^\]]*)\]/.exec(route)?.[1] ?? route).sort()
}

/** Routes with VNI 100, 200, 300 and 400. */
const ROUTES = [100, 200, 300, 400].map((vni, i) => macRoute(LEAF_1, mac(i + 1), null, vni))

/** Two leaves that hear, and one that tells. */
class Trio extends PolicyStage {
  readonly leaf1: ScriptedPeer
  readonly leaf2: ScriptedPeer
  readonly leaf3: ScriptedPeer

  constructor(text: string) {
    super(text)
    this.leaf1 = this.join(LEAF_1)
    this.leaf2 = this.join(LEAF_2)
    this.leaf3 = this.join(LEAF_3)
    this.leaf1.announce(ROUTES, [TARGET])
    this.settle()
  }

  /** What happens on a reload: routes that leaf2 and leaf3 were told of, announced or withdrawn. */
  changed(text: string): { told2: number; told3: number } {
    const before = [this.leaf2, this.leaf3].map(routesHeard)
    this.reload(text)
    expect([this.leaf1.closed, this.leaf2.closed, this.leaf3.closed]).toEqual([null, null, null])
    const [told2, told3] = [this.leaf2, this.leaf3].map(routesHeard)
    return { told2: told2! - before[0]!, told3: told3! - before[1]! }
  }
}

/** Routes announced and withdrawn by what a peer has heard so far, each time it was told of them. */
function routesHeard(peer: ScriptedPeer): number {
  return peer.all('UPDATE').reduce((sum, { attributes: { mpReach, mpUnreach } }) => sum + count(mpReach) + count(mpUnreach), 0)
}

function count(list: object | undefined): number {
  return list !== undefined && 'nlri' in list && Array.isArray(list.nlri) ? list.nlri.length : 0
}

const trio = (more1: string, more2: string, policies: string) => `
policies: { ${policies} }
peers: { leaf1: { address: ${LEAF_1}${more1} }, leaf2: { address: ${LEAF_2}${more2} }, leaf3: { address: ${LEAF_3} } }
`

describe('import', () => {
  test('a policy that comes, changes and goes is applied to what is held, and the routes about which it says something else are told', () => {
    const stage = new Trio(trio('', '', ''))
    const not = (vni: number) => `p: [{ name: a, match: { vni: ${vni} }, then: reject }]`
    expect(stage.changed(trio(', import: p', '', not(200)))).toEqual({ told2: 1, told3: 1 })
    expect(macs(stage.leaf2)).toEqual([mac(1), mac(3), mac(4)])
    expect(stage.refused(LEAF_1)).toEqual({ policy: 1 })
    expect(stage.changed(trio(', import: p', '', not(300)))).toEqual({ told2: 2, told3: 2 })
    expect(macs(stage.leaf3)).toEqual([mac(1), mac(2), mac(4)])
    expect(stage.changed(trio('', '', ''))).toEqual({ told2: 1, told3: 1 })
    expect(macs(stage.leaf2)).toEqual([mac(1), mac(2), mac(3), mac(4)])
    expect(stage.refused(LEAF_1)).toEqual({})
  })

  test('what is said in other words and comes to the same is not told', () => {
    const stage = new Trio(trio(', import: p', '', 'p: [{ name: a, match: { vni: 100-200 }, set: { localPref: 150 } }]'))
    const same =
      'p: [{ name: b, match: { vni: [100, 200] }, set: { localPref: 140 } }, { name: c, match: { vni: 1-200 }, set: { localPref: "+10" } }]'
    expect(stage.changed(trio(', import: p', '', same))).toEqual({ told2: 0, told3: 0 })
    const other =
      'p: [{ name: b, match: { vni: [100, 200] }, set: { localPref: 140 } }, { name: c, match: { vni: 1-100 }, set: { localPref: "+10" } }]'
    expect(stage.changed(trio(', import: p', '', other))).toEqual({ told2: 1, told3: 1 })
    expect([1, 2, 3].map((n) => stage.leaf2.announced(mac(n))?.localPref)).toEqual([150, 140, 100])
  })

  test('routes that come after the change are judged by it, also with the attributes of the last UPDATE before', () => {
    const stage = new Trio(trio('', '', ''))
    stage.changed(trio(', import: p', '', 'p: [{ name: a, match: { peer: leaf1 }, then: reject }]'))
    expect(macs(stage.leaf2)).toEqual([])
    stage.leaf1.announce([macRoute(LEAF_1, mac(9), null, 100)], [TARGET])
    stage.settle()
    expect(macs(stage.leaf2)).toEqual([])
    expect(stage.refused(LEAF_1)).toEqual({ policy: 5 })
  })
})

describe('export', () => {
  test('of a policy that comes, changes and goes only the peer hears that it is for, and only what differs', () => {
    const stage = new Trio(trio('', '', ''))
    const not = (vni: number) => `p: [{ name: a, match: { vni: ${vni} }, then: reject }]`
    expect(stage.changed(trio('', ', export: p', not(200)))).toEqual({ told2: 1, told3: 0 })
    expect(macs(stage.leaf2)).toEqual([mac(1), mac(3), mac(4)])
    expect(stage.changed(trio('', ', export: p', not(300)))).toEqual({ told2: 2, told3: 0 })
    expect(macs(stage.leaf2)).toEqual([mac(1), mac(2), mac(4)])
    expect(stage.changed(trio('', '', ''))).toEqual({ told2: 1, told3: 0 })
    expect(macs(stage.leaf2)).toEqual([mac(1), mac(2), mac(3), mac(4)])
  })

  test('what is set otherwise is told, what comes to the same is not', () => {
    const stage = new Trio(trio('', ', export: p', 'p: [{ name: a, match: { vni: 100-200 }, set: { localPref: 150 } }]'))
    const other =
      'p: [{ name: b, match: { vni: 100 }, set: { localPref: 150 } }, { name: c, match: { vni: 300 }, set: { localPref: 100 } }]'
    expect(stage.changed(trio('', ', export: p', other))).toEqual({ told2: 1, told3: 0 })
    expect([1, 2, 3, 4].map((n) => stage.leaf2.announced(mac(n))?.localPref)).toEqual([150, 100, 100, 100])
  })

  test('a map of VNIs that comes or goes is told for routes with such a VNI, whatever attributes they share with others', () => {
    const stage = new Trio(trio('', '', ''))
    const map = 'p: [{ name: a, set: { vni: { 200: 201 } } }]'
    expect(stage.changed(trio('', ', export: p', map))).toEqual({ told2: 1, told3: 0 })
    expect(stage.leaf2.routes().map(({ vni1 }) => vni1)).toEqual([100, 201, 300, 400])
    expect(stage.changed(trio('', '', ''))).toEqual({ told2: 1, told3: 0 })
  })

  test('several reloads one on the heels of the other end where the last one ends', () => {
    const text = (vni: number) => trio('', ', export: p', `p: [{ name: a, match: { vni: ${vni} }, then: reject }]`)
    const stage = new Trio(text(100))
    for (const vni of [200, 300, 400, 100, 200]) stage.reload(text(vni), 0)
    stage.settle()
    expect(macs(stage.leaf2)).toEqual([mac(1), mac(3), mac(4)])
    expect(stage.attachment(LEAF_2)!.member.missed).toBe(null)
    expect(stage.nva.speaker.rib.destinations.keepGhosts).toBe(0)
  })
})

test('what is attached to a VN changes for all peers at once', () => {
  const text = (more: string) => `
policies: { none: [{ name: all, then: reject }] }
vns: { web: { vni: 10100${more} } }
peers: { leaf1: { address: ${LEAF_1} }, leaf2: { address: ${LEAF_2} }, leaf3: { address: ${LEAF_3} } }
`
  const stage = new Trio(text(''))
  expect(stage.changed(text(', export: none'))).toEqual({ told2: 4, told3: 4 })
  expect(macs(stage.leaf2)).toEqual([])
  expect(stage.changed(text(', import: none'))).toEqual({ told2: 0, told3: 0 })
  expect(stage.changed(text(''))).toEqual({ told2: 4, told3: 4 })
})
