/** What exactly goes over the wire in gateway mode, as scripted peers hear it: an NVE inside, an NVA of the other domain outside. */
import { describe, expect, test } from 'vitest'
import { evpn } from '../../src/wire/nlri/evpn/evpn.ts'
import type { NlriView } from '../../src/wire/nlri/family.ts'
import type { AttributesView } from '../../src/wire/update-view.ts'
import { LEAF_1, LEAF_2, LEAF_3, PolicyStage } from './policy-stage.ts'
import { macRoute, type ScriptedPeer } from './scripted-peer.ts'

const FRA = '198.51.100.1'
const GATE = '192.0.2.250'
const MAC = '02:00:00:00:01:01'
const RMAC = '02:00:5e:00:00:01'
const RD = '192.0.2.1:'

const configuration = (more: { web?: string; corp?: string; peers?: string } = {}) => `
vns:
  web: { vni: 10100 }
  corp: { vni: 50001, service: l3 }
  dark: { vni: 10300 }
peers:
  leaf1: { address: ${LEAF_1} }
  leaf2: { address: ${LEAF_2} }
  leaf3: { address: ${LEAF_3} }
${more.peers ?? ''}
federation:
  domains:
    fra:
      asn: 65002
      peers: [${FRA}]
      share:
        web: { vni: 70007, via: { gateway: ${GATE}${more.web ?? ''} } }
        corp: { vni: 70008, via: { gateway: ${GATE}, inside: 10.0.0.250, routerMac: "${RMAC}"${more.corp ?? ''} } }
`
const WEB = '65001:10100'
const CORP = '65001:50001'
const WEB_FRA = '65002:70007'
const CORP_FRA = '65002:70008'

function stage(text = configuration()) {
  const it = new PolicyStage(text)
  return { it, leaf1: it.join(LEAF_1), leaf2: it.join(LEAF_2), fra: it.join(FRA, 65002) }
}

const imet = (address: string): NlriView => ({ routeType: 3, rdType: 1, rd: `${address}:1`, ethernetTag: 0, ip: address })
const PMSI = (address: string, vni = 10100) => ({
  pmsiTunnel: {
    flags: 0,
    tunnelType: 6,
    vni,
    tunnelId: address
      .split('.')
      .map((n) => Number(n).toString(16).padStart(2, '0'))
      .join(''),
  },
})
const prefix = (address: string, ipPrefix: string, vni1 = 50001): NlriView => ({
  routeType: 5,
  rdType: 1,
  rd: `${address}:5`,
  ethernetTag: 0,
  ipPrefix,
  vni1,
})

/** Routes heard, without the RDs. */
const routes = (peer: ScriptedPeer) => [...peer.table.keys()].map((route) => route.slice(route.indexOf(' ') + 1)).sort()
const communities = (attributes: AttributesView | undefined) => (attributes?.extCommunities ?? []).map(({ hex }) => hex)
const rt = (as: number, number: number) => `0002${as.toString(16).padStart(4, '0')}${number.toString(16).padStart(8, '0')}`
const VXLAN = '030c000000000008'
const nlriOf = (peer: ScriptedPeer, part: string) => {
  const reach = peer.announced(part)?.mpReach
  const list = reach !== undefined && 'nlri' in reach ? (reach.nlri as NlriView[]) : []
  return list.find((nlri) => evpn.format(nlri).includes(part))
}

describe('outward', () => {
  test('a MAC/IP route has the gateway, the VNI, RT and RD of the interconnect, no ESI, and nothing that the NVE had put on it', () => {
    const { it, leaf1, fra } = stage()
    leaf1.announce([{ ...macRoute(LEAF_1, MAC, '10.1.0.5'), esi: '00:11:22:33:44:55:66:77:88:99' }], [WEB, '65001:10300'], {
      communities: ['65001:666'],
      largeCommunities: ['65001:1:2'],
      med: 7,
    } as never)
    it.settle()
    expect(routes(fra)).toEqual([`[2]:[0]:[48]:[${MAC}]:[32]:[10.1.0.5]`])
    const [[route, attributes]] = [...fra.table] as [[string, AttributesView]]
    expect(route.startsWith(RD)).toBe(true)
    expect(attributes).toMatchObject({ origin: 'igp', asPath: [{ type: 'sequence', asns: [65001] }], mpReach: { nextHop: GATE } })
    expect(Object.keys(attributes).sort()).toEqual(['asPath', 'extCommunities', 'mpReach', 'origin', 'unknown'])
    expect(communities(attributes)).toEqual([rt(65001, 70007), VXLAN])
    expect(nlriOf(fra, MAC)).toMatchObject({ vni1: 70007, esi: '00:00:00:00:00:00:00:00:00:00' })
    expect(JSON.stringify(attributes)).not.toContain(LEAF_1)
  })

  test('the IMETs of all NVEs become one of the gateway, with ingress replication to it in the VNI of the interconnect', () => {
    const { it, leaf1, leaf2, fra } = stage()
    leaf1.announce([imet(LEAF_1)], [WEB], PMSI(LEAF_1) as never)
    leaf2.announce([imet(LEAF_2)], [WEB], PMSI(LEAF_2) as never)
    it.settle()
    expect(routes(fra)).toEqual([`[3]:[0]:[32]:[${GATE}]`])
    expect(fra.announced('[3]')).toMatchObject({ pmsiTunnel: { tunnelType: 6, vni: 70007, endpoint: GATE }, mpReach: { nextHop: GATE } })
    leaf1.withdraw([imet(LEAF_1)])
    it.settle()
    expect(routes(fra)).toHaveLength(1)
    leaf2.withdraw([imet(LEAF_2)])
    it.settle()
    expect(routes(fra)).toEqual([])
  })

  test('several inside routes are one outside, which stays while one of them does; the best one gives the sequence (RFC 7432 15)', () => {
    const { it, leaf1, leaf2, fra } = stage()
    const mobility = (sequence: number, sticky = false) => ({ name: 'mac-mobility', sticky, sequence })
    const announce = (leaf: ScriptedPeer, address: string, extra: object[]) =>
      leaf.announce([macRoute(address, MAC)], [], { extCommunities: [{ hex: rt(65001, 10100) }, { hex: VXLAN }, ...extra] } as never)
    announce(leaf1, LEAF_1, [])
    announce(leaf2, LEAF_2, [mobility(4)])
    it.settle()
    expect(routes(fra)).toHaveLength(1)
    expect(communities(fra.announced(MAC))).toContain('0600000000000004')
    leaf1.withdraw([macRoute(LEAF_1, MAC)])
    it.settle()
    expect(routes(fra)).toHaveLength(1)
    announce(leaf1, LEAF_1, [mobility(0, true)])
    it.settle()
    expect(communities(fra.announced(MAC))).toContain('0600010000000000')
    const updates = fra.updates
    leaf2.withdraw([macRoute(LEAF_2, MAC)])
    it.settle()
    // What is the same outside is not told again.
    expect(fra.updates).toBe(updates)
    leaf1.withdraw([macRoute(LEAF_1, MAC)])
    it.settle()
    expect(routes(fra)).toEqual([])
  })

  test('types 1 and 4 and routes of VNs that are not shared stay home, and so does what NO_EXPORT keeps', () => {
    const { it, leaf1, fra } = stage()
    const esi = '00:11:22:33:44:55:66:77:88:99'
    leaf1.announce([{ routeType: 1, rdType: 1, rd: `${LEAF_1}:1`, esi, ethernetTag: 0, vni1: 10100 }], [WEB])
    leaf1.announce([{ routeType: 4, rdType: 1, rd: `${LEAF_1}:1`, esi, ip: LEAF_1 }], [WEB])
    leaf1.announce([macRoute(LEAF_1, MAC, null, 10300)], ['65001:10300'])
    leaf1.announce([macRoute(LEAF_1, '02:00:00:00:01:02')], [WEB], { communities: ['no-export'] } as never)
    it.settle(2_000)
    expect(routes(fra)).toEqual([])
  })

  test('what a gateway itself announces is no inside route', () => {
    const { it, fra } = stage()
    const gate = it.join(LEAF_3)
    gate.announce([macRoute(LEAF_3, MAC)], [WEB], {}, GATE)
    it.settle()
    expect(routes(fra)).toEqual([])
  })
})

describe('outward, of a routed VN', () => {
  test('prefixes have the Router MAC of the gateway, its address and the VNI of the interconnect; hosts of MAC/IP routes become prefixes', () => {
    const { it, leaf1, fra } = stage()
    leaf1.announce([prefix(LEAF_1, '10.1.0.0/24'), prefix(LEAF_1, '2001:db8::/64')], [CORP], {
      extCommunities: [{ hex: rt(65001, 50001) }, { hex: VXLAN }, { hex: '0603020000000011' }],
    } as never)
    leaf1.announce([{ ...macRoute(LEAF_1, MAC, '10.1.0.5', 10100), vni2: 50001 }], [WEB, CORP])
    it.settle()
    expect(routes(fra)).toEqual(
      [`[2]:[0]:[48]:[${MAC}]:[32]:[10.1.0.5]`, '[5]:[0]:[24]:[10.1.0.0]', '[5]:[0]:[32]:[10.1.0.5]', '[5]:[0]:[64]:[2001:db8::]'].sort(),
    )
    expect(fra.announced('[5]:[0]:[24]')).toMatchObject({ mpReach: { nextHop: GATE } })
    expect(communities(fra.announced('[5]:[0]:[24]'))).toEqual([rt(65001, 70008), VXLAN, '060302005e000001'])
    expect(nlriOf(fra, '[5]:[0]:[24]')).toMatchObject({ vni1: 70008, gatewayIp: '0.0.0.0' })
  })

  test('what lies in an aggregate is told as the aggregate alone, once, as long as there is any of it', () => {
    const { it, leaf1, leaf2, fra } = stage(configuration({ corp: ', aggregates: [10.1.0.0/16]' }))
    leaf1.announce([prefix(LEAF_1, '10.1.1.0/24'), prefix(LEAF_1, '10.2.0.0/24')], [CORP])
    leaf2.announce([prefix(LEAF_2, '10.1.2.0/24')], [CORP])
    it.settle()
    expect(routes(fra)).toEqual(['[5]:[0]:[16]:[10.1.0.0]', '[5]:[0]:[24]:[10.2.0.0]'])
    leaf1.withdraw([prefix(LEAF_1, '10.1.1.0/24')])
    it.settle()
    expect(routes(fra)).toHaveLength(2)
    leaf2.withdraw([prefix(LEAF_2, '10.1.2.0/24')])
    it.settle()
    expect(routes(fra)).toEqual(['[5]:[0]:[24]:[10.2.0.0]'])
  })
})

describe('inward', () => {
  const FAR = '198.51.100.99'

  test('routes of the other domain have the gateway, the local VNI and RT, and the AS_PATH they came with; the other NVA hears nothing of it', () => {
    const { it, leaf1, fra } = stage()
    fra.announce([macRoute(FAR, MAC, '10.1.0.9', 70007)], [WEB_FRA], {}, FAR)
    fra.announce([imet(FAR)], [WEB_FRA], PMSI(FAR, 70007) as never, FAR)
    it.settle()
    expect(routes(leaf1)).toEqual([`[2]:[0]:[48]:[${MAC}]:[32]:[10.1.0.9]`, `[3]:[0]:[32]:[${GATE}]`])
    const told = leaf1.announced(MAC)
    expect(told).toMatchObject({ asPath: [{ type: 'sequence', asns: [65002] }], localPref: 100, mpReach: { nextHop: GATE } })
    expect(communities(told)).toEqual([rt(65001, 10100), VXLAN])
    expect(nlriOf(leaf1, MAC)).toMatchObject({ vni1: 10100 })
    expect(leaf1.announced('[3]')).toMatchObject({ pmsiTunnel: { vni: 10100, endpoint: GATE } })
    expect(routes(fra)).toEqual([])
    expect(JSON.stringify([...leaf1.table])).not.toContain(FAR)
  })

  test('of a routed VN towards the inside address of the gateway, with its Router MAC', () => {
    const { it, leaf1, fra } = stage()
    fra.announce([prefix(FAR, '10.9.0.0/16', 70008)], [CORP_FRA], {}, FAR)
    it.settle()
    expect(leaf1.announced('[5]')).toMatchObject({ mpReach: { nextHop: '10.0.0.250' } })
    expect(communities(leaf1.announced('[5]'))).toEqual([rt(65001, 50001), VXLAN, '060302005e000001'])
    expect(nlriOf(leaf1, '[5]')).toMatchObject({ vni1: 50001 })
  })

  test('a route with another VNI than that of the interconnect is not used: the gateway would not know it', () => {
    const { it, leaf1, fra } = stage()
    fra.announce([macRoute(FAR, MAC, null, 10100)], [WEB_FRA], {}, FAR)
    it.settle()
    expect(routes(leaf1)).toEqual([])
  })

  test('with unknownMac local NVEs are told one Unknown-MAC-Route for as long as there is any MAC (RFC 9014 3.5.1)', () => {
    const { it, leaf1, fra } = stage(configuration({ web: ', unknownMac: true' }))
    fra.announce([macRoute(FAR, MAC, null, 70007), macRoute(FAR, '02:00:00:00:01:02', '10.1.0.2', 70007)], [WEB_FRA], {}, FAR)
    it.settle()
    expect(routes(leaf1)).toEqual(['[2]:[0]:[48]:[00:00:00:00:00:00]'])
    fra.withdraw([macRoute(FAR, MAC, null, 70007)])
    it.settle()
    expect(routes(leaf1)).toHaveLength(1)
    fra.withdraw([macRoute(FAR, '02:00:00:00:01:02', '10.1.0.2', 70007)])
    it.settle()
    expect(routes(leaf1)).toEqual([])
  })

  test('while routes of a lost domain stand as stale, so does what the gateway stands for, and no longer', () => {
    const { it, leaf1, fra } = stage(configuration().replace('      share:', '      staleTime: 30\n      share:'))
    fra.announce([macRoute(FAR, MAC, null, 70007)], [WEB_FRA], {}, FAR)
    it.settle()
    it.region.kill(FRA)
    it.settle(20_000)
    expect(routes(leaf1)).toHaveLength(1)
    it.settle(20_000)
    expect(routes(leaf1)).toEqual([])
  })

  test('when the session with the other domain ends, all that its gateway stood for goes', () => {
    const { it, leaf1, fra } = stage()
    fra.announce([macRoute(FAR, MAC, null, 70007)], [WEB_FRA], {}, FAR)
    it.settle()
    expect(routes(leaf1)).toHaveLength(1)
    it.region.kill(FRA)
    it.settle(2_000)
    expect(routes(leaf1)).toEqual([])
  })
})

describe('a gateway that is a peer', () => {
  const peers = `  gate: { address: ${GATE} }`

  test('is used while its session stands', () => {
    const { it, leaf1, fra } = stage(configuration({ peers }))
    leaf1.announce([macRoute(LEAF_1, MAC)], [WEB])
    it.settle()
    expect(routes(fra)).toEqual([])
    it.join(GATE)
    expect(routes(fra)).toHaveLength(1)
    it.region.kill(GATE)
    it.settle(2_000)
    expect(routes(fra)).toEqual([])
  })
})

describe('gateways that share an interconnect Ethernet segment', () => {
  const ESI = '00:01:02:03:04:05:06:07:08:09'
  const SECOND = '192.0.2.251'
  const text = configuration().replace(
    `{ gateway: ${GATE} }`,
    `{ gateways: [{ address: ${GATE} }, { address: ${SECOND}, inside: 10.0.0.251 }], esi: "${ESI}" }`,
  )
  const segments = (peer: ScriptedPeer) =>
    [...peer.table]
      .filter(([route]) => route.includes('[1]'))
      .map(
        ([route, { mpReach }]) =>
          `${route.slice(route.indexOf('[1]'))} via ${mpReach !== undefined && 'nextHop' in mpReach ? mpReach.nextHop : '?'}`,
      )
      .sort()
  const both = (first: string, second: string) =>
    [first, second].flatMap((address) => [`[1]:[0]:[${ESI}] via ${address}`, `[1]:[4294967295]:[${ESI}] via ${address}`]).sort()
  const say = (it: PolicyStage, address: string, up: boolean | null) => {
    it.nva.gatewayHealth.say(address, up)
    it.nva.judgeGateways()
    it.settle()
  }

  test('have their Ethernet A-D routes each, for the segment and for the VN, and MAC routes carry the I-ESI (RFC 9014 4.4.3)', () => {
    const { it, leaf1, fra } = stage(text)
    leaf1.announce([macRoute(LEAF_1, MAC)], [WEB])
    leaf1.announce([imet(LEAF_1)], [WEB], PMSI(LEAF_1) as never)
    it.settle()
    expect(segments(fra)).toEqual(both(GATE, SECOND))
    expect(segments(leaf1)).toEqual(both(GATE, '10.0.0.251'))
    expect(communities(fra.announced('[1]:[4294967295]'))).toEqual([rt(65001, 70007), VXLAN, '0601000000000000'])
    expect(communities(fra.announced('[1]:[0]'))).toEqual([rt(65001, 70007), VXLAN])
    expect(communities(leaf1.announced('[1]:[0]'))).toEqual([rt(65001, 10100), VXLAN])
    expect(nlriOf(fra, '[1]:[0]')).toMatchObject({ vni1: 70007 })
    expect(nlriOf(fra, '[1]:[4294967295]')).toMatchObject({ vni1: 0 })
    expect(nlriOf(fra, MAC)).toMatchObject({ esi: ESI, vni1: 70007 })
    // One floods, so that nobody has a frame twice.
    expect(routes(fra).filter((route) => route.startsWith('[3]'))).toEqual([`[3]:[0]:[32]:[${GATE}]`])
  })

  test('one that is down goes with one UPDATE, whatever number of MACs there is; the one that floods gives way to the next', () => {
    const { it, leaf1, fra } = stage(text)
    leaf1.announce([macRoute(LEAF_1, MAC), macRoute(LEAF_1, '02:00:00:00:01:02')], [WEB])
    leaf1.announce([imet(LEAF_1)], [WEB], PMSI(LEAF_1) as never)
    it.settle()
    const before = fra.all('UPDATE').length
    say(it, SECOND, false)
    const [update, ...more] = fra.all('UPDATE').slice(before)
    expect(more).toEqual([])
    expect(update?.attributes.mpReach).toBeUndefined()
    expect(segments(fra)).toHaveLength(2)
    say(it, SECOND, true)
    expect(segments(fra)).toEqual(both(GATE, SECOND))
    say(it, GATE, false)
    expect(segments(fra).every((route) => route.endsWith(SECOND))).toBe(true)
    expect(fra.announced(MAC)).toMatchObject({ mpReach: { nextHop: SECOND } })
    expect(routes(fra).filter((route) => route.startsWith('[3]'))).toEqual([`[3]:[0]:[32]:[${SECOND}]`])
  })

  test('type 1 of the inside still stays home, and that of the other side comes in only where it is said that it may', () => {
    const inside: NlriView = {
      routeType: 1,
      rdType: 1,
      rd: `${LEAF_1}:1`,
      esi: '00:11:22:33:44:55:66:77:88:99',
      ethernetTag: 0,
      vni1: 10100,
    }
    const theirs: NlriView = { ...inside, rd: '198.51.100.1:1' }
    const direct = configuration()
      .replace('web: { vni: 10100 }', 'web: { vni: 70007 }')
      .replace(/web: \{ vni: 70007, via: .* \} \}/, 'web: {}')
    for (const [takes, heard] of [
      ['', 0],
      ['      interconnectSegments: true\n', 1],
    ] as const) {
      const { it, leaf1, leaf2, fra } = stage(direct.replace('      share:', `${takes}      share:`))
      leaf2.announce([inside], ['65001:70007'])
      fra.announce([theirs], [WEB_FRA])
      it.settle()
      expect(segments(leaf1).filter((route) => route.endsWith(FRA))).toHaveLength(heard)
      expect(segments(fra)).toEqual([])
    }
  })
})

describe('a reload', () => {
  test('to another gateway changes next hops, without a session reset and without a withdrawal of any MAC', () => {
    const { it, leaf1, fra } = stage()
    leaf1.announce([macRoute(LEAF_1, MAC)], [WEB])
    it.settle()
    const before = fra.all('UPDATE').length
    it.reload(configuration().replaceAll(GATE, '192.0.2.77'))
    expect(fra.announced(MAC)).toMatchObject({ mpReach: { nextHop: '192.0.2.77' } })
    const since = fra.all('UPDATE').slice(before)
    expect(since.every(({ attributes }) => attributes.mpUnreach === undefined)).toBe(true)
    expect(fra.up).toBe(true)
  })

  test('to direct mode and back: the peer hears of the NVE itself, then of the gateway again, and of nothing else', () => {
    const { it, leaf1 } = stage()
    leaf1.announce([macRoute(LEAF_1, MAC, null, 70007)], ['65001:70007'])
    const direct = configuration()
      .replace('web: { vni: 10100 }', 'web: { vni: 70007 }')
      .replace(/web: \{ vni: 70007, via: .* \} \}/, 'web: {}')
    it.reload(direct)
    // A session that begins anew stays away for a moment.
    it.settle(300)
    const again = it.join(FRA, 65002)
    expect(again.announced(MAC)).toMatchObject({ mpReach: { nextHop: LEAF_1 } })
    it.reload(configuration().replace('web: { vni: 10100 }', 'web: { vni: 70007 }'))
    it.settle(300)
    const third = it.join(FRA, 65002)
    expect(routes(third)).toHaveLength(1)
    expect(third.announced(MAC)).toMatchObject({ mpReach: { nextHop: GATE } })
  })
})
