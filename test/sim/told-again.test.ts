/** Peers that tell all they have again, with begin and end (RFC 7313 §4.2). */
import { describe, expect, test } from 'vitest'
import { writeMessage } from '../../src/wire/message.ts'
import { L2VPN_EVPN } from '../../src/wire/negotiated.ts'
import { RefreshSubtype } from '../../src/wire/route-refresh.ts'
import { LEAF_1, LEAF_2, LEAF_3, PolicyStage } from './policy-stage.ts'
import { macRoute, type ScriptedPeer } from './scripted-peer.ts'

const TARGET = '65001:10100'
const FRA = '198.51.100.1'
const { begin, end } = RefreshSubtype
const PEERS = `peers: { leaf1: { address: ${LEAF_1} }, leaf2: { address: ${LEAF_2} }, leaf3: { address: ${LEAF_3} } }`

const mac = (n: number) => `02:00:00:00:${(n >>> 8).toString(16).padStart(2, '0')}:${(n & 255).toString(16).padStart(2, '0')}`
const routes = (...numbers: number[]) => numbers.map((n) => macRoute(LEAF_1, mac(n)))
const macs = (peer: ScriptedPeer) =>
  peer
    .routes()
    .map((route) => String(route.mac))
    .sort()
const context = { fourOctetAs: true, internal: true }
const say = (peer: ScriptedPeer, subtype: number, family = L2VPN_EVPN) =>
  peer.write(writeMessage({ type: 'ROUTE-REFRESH', ...family, subtype }, context))
const sayAll = (peer: ScriptedPeer) =>
  peer.write(writeMessage({ type: 'UPDATE', attributes: { mpUnreach: { ...L2VPN_EVPN, nlri: [] } } }, context))

/** Leaf 1 has told of MACs 1 to 4, and leaf 2 hears of them. */
function told(config = PEERS): { stage: PolicyStage; leaf1: ScriptedPeer; leaf2: ScriptedPeer } {
  const stage = new PolicyStage(config)
  const [leaf1, leaf2] = [stage.join(LEAF_1), stage.join(LEAF_2)]
  leaf1.announce(routes(1, 2, 3, 4), [TARGET])
  sayAll(leaf1)
  stage.settle()
  expect(macs(leaf2)).toEqual([1, 2, 3, 4].map(mac))
  return { stage, leaf1, leaf2 }
}

describe('a peer that tells all it has again', () => {
  test('has no more what it does not tell: others hear of its end, and of nothing else', () => {
    const { stage, leaf1, leaf2 } = told()
    const updates = leaf2.updates
    say(leaf1, begin)
    leaf1.announce(routes(1, 3), [TARGET])
    stage.settle()
    expect([macs(leaf2), leaf2.updates]).toEqual([[1, 2, 3, 4].map(mac), updates])
    say(leaf1, end)
    stage.settle()
    expect([macs(leaf2), leaf2.updates]).toEqual([[1, 3].map(mac), updates + 1])
    expect(stage.nva.speaker.rib.paths).toBe(2)
  })

  test('keeps what it changes and what it adds meanwhile, and what it takes back is gone at once', () => {
    const { stage, leaf1, leaf2 } = told()
    say(leaf1, begin)
    leaf1.announce([macRoute(LEAF_1, mac(1), null, 10200)], [TARGET])
    leaf1.announce(routes(2), ['65001:10200'])
    leaf1.announce(routes(5), [TARGET])
    leaf1.withdraw(routes(3))
    stage.settle()
    expect(macs(leaf2)).toEqual([1, 2, 4, 5].map(mac))
    say(leaf1, end)
    stage.settle()
    expect(macs(leaf2)).toEqual([1, 2, 5].map(mac))
  })

  test('may begin anew: what it has told before that does not count', () => {
    const { stage, leaf1, leaf2 } = told()
    say(leaf1, begin)
    leaf1.announce(routes(1, 2), [TARGET])
    say(leaf1, begin)
    leaf1.announce(routes(3), [TARGET])
    say(leaf1, end)
    stage.settle()
    expect(macs(leaf2)).toEqual([mac(3)])
  })

  test('does so for the family of the message, and with a beginning: else nothing goes', () => {
    const { stage, leaf1, leaf2 } = told()
    say(leaf1, end)
    say(leaf1, begin, { afi: 1, safi: 1 })
    say(leaf1, end)
    say(leaf1, begin)
    say(leaf1, end, { afi: 1, safi: 1 })
    stage.settle()
    expect(macs(leaf2)).toEqual([1, 2, 3, 4].map(mac))
    say(leaf1, end)
    say(leaf1, end)
    stage.settle()
    expect([macs(leaf2), leaf1.closed]).toEqual([[], null])
  })

  test('cannot before it has told all for the first time', () => {
    const stage = new PolicyStage(PEERS)
    const [leaf1, leaf2] = [stage.join(LEAF_1), stage.join(LEAF_2)]
    leaf1.announce(routes(1), [TARGET])
    say(leaf1, begin)
    say(leaf1, end)
    stage.settle()
    expect(macs(leaf2)).toEqual([mac(1)])
  })

  test('takes nothing from who tells of the same routes', () => {
    const { stage, leaf1, leaf2 } = told()
    const leaf3 = stage.join(LEAF_3)
    leaf3.announce(routes(1, 2), [TARGET], {}, LEAF_3)
    stage.settle()
    say(leaf1, begin)
    say(leaf1, end)
    stage.settle()
    expect(macs(leaf2)).toEqual([1, 2].map(mac))
    expect(stage.nva.speaker.rib.paths).toBe(2)
  })

  test('is not taken to have told again what a reload asks about anew', () => {
    const policy = (vni: number) => `
policies: { p: [{ name: a, match: { vni: ${vni} }, then: reject }] }
peers: { leaf1: { address: ${LEAF_1}, import: p }, leaf2: { address: ${LEAF_2} } }
`
    const { stage, leaf1, leaf2 } = told(policy(77))
    say(leaf1, begin)
    leaf1.announce(routes(1, 2), [TARGET])
    stage.settle()
    stage.reload(policy(78))
    say(leaf1, end)
    stage.settle()
    expect(macs(leaf2)).toEqual([1, 2].map(mac))
  })

  test('nor what is let in when a limit has room', () => {
    const stage = new PolicyStage(`
vns: { web: { vni: 10100 } }
peers: { leaf2: { address: ${LEAF_2} } }
federation: { domains: { fra: { asn: 65002, peers: [${FRA}], share: { web: {} }, import: accept, export: accept, limits: { routes: 2 } } } }
`)
    const [fra, leaf2] = [stage.join(FRA, 65002), stage.join(LEAF_2)]
    const routesOfFra = (...numbers: number[]) => numbers.map((n) => macRoute(FRA, mac(n)))
    fra.announce(routesOfFra(1, 2, 3, 4), ['65002:10100'])
    sayAll(fra)
    stage.settle(1000)
    expect(macs(leaf2)).toEqual([1, 2].map(mac))
    say(fra, begin)
    fra.announce(routesOfFra(2, 4), ['65002:10100'])
    fra.withdraw(routesOfFra(1))
    stage.settle(1000)
    expect(macs(leaf2)).toEqual([2, 3].map(mac))
    say(fra, end)
    stage.settle(1000)
    expect(macs(leaf2)).toEqual([2, 4].map(mac))
  })

  test('has many no more: they go in slices, and a new beginning on the way ends that', () => {
    const { stage, leaf1, leaf2 } = told()
    const many = Array.from({ length: 3000 }, (_, i) => 100 + i)
    for (let i = 0; i < many.length; i += 60) leaf1.announce(routes(...many.slice(i, i + 60)), [TARGET])
    stage.settle(1000)
    expect(macs(leaf2)).toHaveLength(3004)
    say(leaf1, begin)
    say(leaf1, end)
    stage.settle(50)
    expect(macs(leaf2)).toHaveLength(2004)
    say(leaf1, begin)
    leaf1.announce(routes(1, 2, 3, 4), [TARGET])
    stage.settle(1000)
    const left = macs(leaf2).length
    expect(left).toBeGreaterThanOrEqual(2004)
    say(leaf1, end)
    stage.settle(1000)
    expect(macs(leaf2)).toEqual([1, 2, 3, 4].map(mac))
  })
})
