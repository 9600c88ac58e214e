import { describe, expect, test } from 'vitest'
import { federationView } from '../../src/daemon/answers/federation-view.ts'
import { gatewayRows, sayGateway } from '../../src/daemon/answers/gateway-rows.ts'
import { AMS_VIA, FRA_VIA, GATEWAYS, INTERCONNECT, watch } from './gateway-stage.ts'
import { ADDRESS, type Choices, TwoDomains } from './two-domains.ts'

const M1 = '02:00:00:00:01:01'
const M2 = '02:00:00:00:01:02'
const GATEWAY = { ams: GATEWAYS.ams[0], fra: GATEWAYS.fra[0] } as const

const OUT: Choices = {
  webVni: { ams: 10100, fra: INTERCONNECT },
  webShare: { ams: AMS_VIA },
}
const BOTH: Choices = {
  webVni: { ams: 10100, fra: 10200 },
  webShare: {
    ams: AMS_VIA,
    fra: FRA_VIA,
  },
}

function settled(seed: number, choices: Choices): TwoDomains {
  const world = new TwoDomains(seed, choices)
  watch(world, choices === BOTH ? ['ams', 'fra'] : ['ams'])
  world.startAll()
  world.attach('a1', 'web', M1, '10.1.0.1')
  world.attach('b1', 'web', M2, '10.1.0.2')
  world.until(() => world.allUp)
  world.until(() => world.seen('web', 'b2').length === 2 && world.seen('web', 'a2').length === 2)
  world.run(1_000)
  return world
}

test('the watcher sees what direct mode tells: a hidden address that leaves is found (control)', () => {
  const world = new TwoDomains(31)
  watch(world, ['ams'])
  world.startAll()
  expect(() => world.run(10_000)).toThrow('192.0.2.1 tells 198.51.100.1 of 192.0.2.1')
})

describe('a gateway at one end', () => {
  test('the other domain sees every tenant behind the gateway, in the VNI of the interconnect', () => {
    const world = settled(1, OUT)
    expect(world.edge('b2').table.find('web', M1)).toEqual({
      vn: 'web',
      mac: M1,
      vtep: GATEWAY.ams,
      vni: INTERCONNECT,
      ips: ['10.1.0.1'],
      sequence: 0,
      sticky: false,
    })
    expect(world.edge('b2').table.flood('web')).toEqual([ADDRESS.b1, GATEWAY.ams].sort())
  })

  test('local NVEs see the other domain behind the same gateway, in their own VNI', () => {
    const world = settled(2, OUT)
    expect(world.edge('a2').table.find('web', M2)).toMatchObject({ vtep: GATEWAY.ams, vni: 10100, ips: ['10.1.0.2'] })
    expect(world.edge('a2').table.find('web', M1)).toMatchObject({ vtep: ADDRESS.a1, vni: 10100 })
    expect(world.edge('a2').table.flood('web')).toEqual([ADDRESS.a1, GATEWAY.ams].sort())
  })

  test('what leaves is withdrawn when the last inside route behind it is', () => {
    const world = settled(3, OUT)
    world.detach('a1', 'web', M1)
    world.until(() => world.edge('b2').table.find('web', M1) === null)
    world.kill('a1')
    world.kill('a2')
    world.until(() => !world.edge('b2').table.flood('web').includes(GATEWAY.ams))
  })
})

describe('gateways at both ends', () => {
  test('each side sees the other behind its own gateway, and both have their own VNI', () => {
    const world = settled(11, BOTH)
    expect(world.edge('b2').table.find('web', M1)).toMatchObject({ vtep: GATEWAY.fra, vni: 10200 })
    expect(world.edge('a2').table.find('web', M2)).toMatchObject({ vtep: GATEWAY.ams, vni: 10100 })
    expect(world.edge('a1').table.flood('web')).toEqual([ADDRESS.a2, GATEWAY.ams].sort())
    expect(world.edge('b1').table.flood('web')).toEqual([ADDRESS.b2, GATEWAY.fra].sort())
  })

  test('a tenant that moves is followed across both gateways with rising sequence (RFC 7432 15)', () => {
    const world = settled(12, BOTH)
    world.attach('a2', 'web', M1, '10.1.0.1')
    world.until(() => world.seen('web', 'b1').includes(`${M1} @ ${GATEWAY.fra} #1`))
    world.attach('b2', 'web', M1, '10.1.0.1')
    world.until(
      () => world.seen('web', 'a1').includes(`${M1} @ ${GATEWAY.ams} #2`) && world.seen('web', 'a2').includes(`${M1} @ ${GATEWAY.ams} #2`),
    )
    world.attach('a1', 'web', M1, '10.1.0.1')
    world.until(() => world.seen('web', 'b1').includes(`${M1} @ ${GATEWAY.fra} #3`))
    world.run(5_000)
    expect(world.seen('web', 'a2')).toContain(`${M1} @ a1 #3`)
    expect(world.edge('b2').tenants).toEqual([])
  })
})

/** Two gateways at ams; the first is a peer of its NVA when `watched`. */
const RANKED: Choices = {
  webVni: { ams: 10100, fra: INTERCONNECT },
  webShare: {
    ams: `{ vni: ${INTERCONNECT}, via: { gateways: [{ address: ${GATEWAY.ams} }, { address: 192.0.2.251, inside: 10.0.0.251 }] } }`,
  },
}

describe('two gateways at one end', () => {
  const said = (world: TwoDomains, address: string, up: boolean | null) => {
    world.nva('ams').gatewayHealth.say(address, up)
    world.nva('ams').judgeGateways()
  }
  const vtepOf = (world: TwoDomains, edge: 'a2' | 'b2', mac: string) => world.edge(edge).table.find('web', mac)?.vtep

  test('the first one stands for all, and when it is down the second one, with its inside address here', () => {
    const world = settled(21, RANKED)
    expect([vtepOf(world, 'b2', M1), vtepOf(world, 'a2', M2)]).toEqual([GATEWAY.ams, GATEWAY.ams])
    said(world, GATEWAY.ams, false)
    const since = world.region.now
    world.until(() => vtepOf(world, 'b2', M1) === '192.0.2.251' && vtepOf(world, 'a2', M2) === '10.0.0.251')
    expect(world.region.now - since).toBeLessThan(100)
    world.run(1_000)
    expect(world.edge('b2').table.flood('web')).toEqual(['192.0.2.251', ADDRESS.b1].sort())
    expect(world.edge('a2').table.flood('web')).toEqual(['10.0.0.251', ADDRESS.a1].sort())
    said(world, GATEWAY.ams, null)
    world.until(() => vtepOf(world, 'b2', M1) === GATEWAY.ams && vtepOf(world, 'a2', M2) === GATEWAY.ams)
  })

  test('with none up nothing crosses, and nothing inside is the worse for it', () => {
    const world = settled(22, RANKED)
    for (const address of [GATEWAY.ams, '192.0.2.251']) said(world, address, false)
    world.run(1_000)
    expect(world.seen('web', 'b2')).toEqual([`${M2} @ b1`])
    expect(world.seen('web', 'a2')).toEqual([`${M1} @ a1`])
    expect(world.edge('b2').table.flood('web')).toEqual([ADDRESS.b1])
  })

  test('the API tells each gateway where it floods on both sides, and the one that stands by to flood nowhere', () => {
    const world = settled(23, RANKED)
    expect(gatewayRows(world.nva('ams'))).toMatchObject([
      {
        gateway: GATEWAY.ams,
        rank: 1,
        active: true,
        nvesAbove: [],
        watchedBy: 'nobody',
        local: { vni: 10100, vteps: [ADDRESS.a1, ADDRESS.a2] },
        interconnect: { vni: INTERCONNECT, vteps: [ADDRESS.b1, ADDRESS.b2] },
        // MAC and MAC/IP of one tenant, IMET.
        routesOut: 3,
        routesIn: 3,
      },
      {
        gateway: '192.0.2.251',
        inside: '10.0.0.251',
        nvesAbove: [ADDRESS.a1, ADDRESS.a2],
        rank: 2,
        active: false,
        up: true,
        local: { vteps: [] },
        interconnect: { vteps: [] },
        routesOut: 0,
      },
    ])
    expect(sayGateway(world.nva('ams'), '192.0.2.250', false)).toBe(true)
    expect(gatewayRows(world.nva('ams')).map(({ active, up, watchedBy }) => [active, up, watchedBy])).toEqual([
      [false, false, 'operator'],
      [true, true, 'nobody'],
    ])
    expect(sayGateway(world.nva('ams'), '192.0.2.1', false)).toBe(false)
    const state = () =>
      federationView(
        world.nva('ams'),
        0,
        () => 0,
        () => ({}),
      ).domains[0]?.vns[0]?.state
    expect(state()).toBe('agreed')
    expect(sayGateway(world.nva('ams'), '192.0.2.251', false)).toBe(true)
    expect(state()).toBe('no-gateway')
  })
})

describe('limits on what is told through gateways', () => {
  test('count what is made in place of the own routes, for the VN that it stands for', () => {
    const world = settled(41, { ...OUT, webShare: { ams: AMS_VIA.replace(/ }$/, ', limits: { out: { routes: 3 } } }') } })
    const limit = () => world.nva('ams').boundaries.get('fra')!.breakersOnTold[0]!
    // The IMET, and M1 with and without its address count as they are told.
    const before = limit().used
    expect([limit().name, before, limit().held]).toEqual(['VN web', before, 0])
    for (let i = 0; i < 5; i++) world.attach('a1', 'web', `02:00:00:00:09:0${i}`)
    world.run(2_000)
    expect([limit().used, limit().state, limit().used + limit().held]).toEqual([3, 'holding', before + 5])
    expect(world.seen('web', 'b2').filter((line) => line.startsWith('02:00:00:00:09'))).toHaveLength(3 - before)
    // Local edges see all.
    expect(world.seen('web', 'a2').filter((line) => line.startsWith('02:00:00:00:09'))).toHaveLength(5)
    for (let i = 0; i < 5; i++) world.detach('a1', 'web', `02:00:00:00:09:0${i}`)
    world.run(2_000)
    expect([limit().used, limit().held, limit().state]).toEqual([before, 0, 'well'])
  })
})
