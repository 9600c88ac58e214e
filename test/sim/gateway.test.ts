import { describe, expect, test } from 'vitest'
import { ADDRESS, type Choices, EDGES, homeOf, type NvaName, TwoDomains } from './two-domains.ts'

const M1 = '02:00:00:00:01:01'
const M2 = '02:00:00:00:01:02'
const GATEWAY = { ams: '192.0.2.250', fra: '198.51.100.250' } as const
const INTERCONNECT = 70007

/** Watches what an NVA hands over to the other one: no NVE address of its domain may be in it, in whatever field. */
function watch(world: TwoDomains, hiding: readonly NvaName[]): { octets: number } {
  const seen = { octets: 0 }
  const secrets = hiding.map((name) => ({
    from: ADDRESS[name] as string,
    to: ADDRESS[name === 'ams' ? 'fra' : 'ams'] as string,
    inside: EDGES.filter((edge) => homeOf(edge) === name).map((edge) => Buffer.from(ADDRESS[edge].split('.').map(Number))),
  }))
  world.region.tap = (from, to, octets) => {
    const secret = secrets.find((one) => one.from === from && one.to === to)
    if (secret === undefined) return
    seen.octets += octets.length
    for (const address of secret.inside) {
      if (Buffer.from(octets).includes(address)) throw new Error(`${from} tells ${to} of ${[...address].join('.')}`)
    }
  }
  return seen
}

const OUT: Choices = {
  webVni: { ams: 10100, fra: INTERCONNECT },
  webShare: { ams: `{ vni: ${INTERCONNECT}, via: { gateway: ${GATEWAY.ams} } }` },
}
const BOTH: Choices = {
  webVni: { ams: 10100, fra: 10200 },
  webShare: {
    ams: `{ vni: ${INTERCONNECT}, via: { gateway: ${GATEWAY.ams} } }`,
    fra: `{ vni: ${INTERCONNECT}, via: { gateway: ${GATEWAY.fra} } }`,
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
