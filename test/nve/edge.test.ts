import { describe, expect, test } from 'vitest'
import { EDGES, TwoDomains } from '../sim/two-domains.ts'

const MAC = '02:00:00:00:01:01'

/** One edge, alone in the world. */
function alone() {
  const world = new TwoDomains(1)
  world.start('a1')
  return world.edge('a1')
}

describe('an edge refuses, and says why', () => {
  test('a VN it has not got', () => {
    expect(alone().attach('db', MAC, null)).toEqual({ ok: false, why: 'this edge has no VN "db"; it has web, vault' })
  })

  test('text that is no MAC, no address', () => {
    expect(alone().attach('web', '02:00', null)).toMatchObject({ ok: false, why: expect.stringContaining('a MAC address') })
    expect(alone().attach('web', MAC, '10.1')).toMatchObject({ ok: false, why: expect.stringContaining('an IPv4 or IPv6 address') })
  })

  test('a group address, which no tenant system has', () => {
    expect(alone().attach('web', '01:00:5e:00:00:01', null)).toMatchObject({ ok: false, why: expect.stringContaining('group address') })
  })

  test('what is attached already, with the same address or with none', () => {
    const edge = alone()
    edge.attach('web', MAC, '10.1.0.1')
    expect(edge.attach('web', '0200.0000.0101', '10.1.0.1')).toEqual({
      ok: false,
      why: `${MAC} with 10.1.0.1 is attached to web here already`,
    })
    expect(edge.attach('web', MAC, null)).toEqual({ ok: false, why: `${MAC} is attached to web here already` })
  })

  test('to detach what is not attached', () => {
    expect(alone().detach('web', MAC)).toEqual({ ok: false, why: `${MAC} is not attached to web here` })
  })

  test('to take over a sticky MAC (RFC 7432 15.2)', () => {
    const world = new TwoDomains(1).startAll(['ams', 'a1', 'a2'])
    world.until(() => world.allUp)
    expect(world.edge('a1').attachSticky('web', MAC, null)).toMatchObject({ ok: true, tenant: { sticky: true, sequence: 0 } })
    world.until(() => world.seen('web', 'a2').length === 1)
    expect(world.edge('a2').table.find('web', MAC)?.sticky).toBe(true)
    expect(world.edge('a2').attach('web', MAC, null)).toMatchObject({ ok: false, why: expect.stringContaining('sticky') })
  })
})

describe('an edge announces', () => {
  test('a MAC alone and with each of its addresses, IPv4 and IPv6 (RFC 7432 7.2)', () => {
    const world = new TwoDomains(1).startAll(['ams', 'a1', 'a2'])
    world.attach('a1', 'web', MAC, '10.1.0.1')
    world.attach('a1', 'web', MAC, '2001:db8::1')
    world.until(() => world.edge('a2').table.find('web', MAC)?.ips.length === 2)
    expect(world.edge('a2').table.find('web', MAC)?.ips).toEqual(['10.1.0.1', '2001:db8::1'])
    const { rib } = world.nva('ams').speaker
    expect(
      [...Array(rib.destinations.capacity).keys()].filter((dest) => rib.destinations.isLive(dest) && rib.destinations.typeOf(dest) === 2),
    ).toHaveLength(3)
  })

  test('one MAC in two VNs apart (RFC 7432 7.9)', () => {
    const world = new TwoDomains(1).startAll(['ams', 'a1', 'a2'])
    world.attach('a1', 'web', MAC)
    world.attach('a1', 'vault', MAC)
    world.until(() => world.seen('web', 'a2').length === 1 && world.seen('vault', 'a2').length === 1)
    world.detach('a1', 'vault', MAC)
    world.until(() => world.seen('vault', 'a2').length === 0)
    expect(world.seen('web', 'a2')).toEqual([`${MAC} @ a1`])
    expect(world.edge('a2').table.find('vault', MAC)).toBeNull()
  })

  test('no longer what is detached, and a MAC that comes back after that starts at sequence 0', () => {
    const world = new TwoDomains(1).startAll(['ams', 'a1', 'a2'])
    world.attach('a1', 'web', MAC, '10.1.0.1')
    world.until(() => world.seen('web', 'a2').length === 1)
    world.detach('a1', 'web', MAC)
    world.until(() => world.seen('web', 'a2').length === 0)
    world.attach('a2', 'web', MAC)
    world.until(() => world.seen('web', 'a1').length === 1)
    expect(world.seen('web', 'a1')).toEqual([`${MAC} @ a2`])
  })
})

describe('the mapping table', () => {
  test('has nothing of the edge itself', () => {
    const world = new TwoDomains(1).startAll()
    world.attach('a1', 'web', MAC)
    world.until(() => EDGES.every((edge) => edge === 'a1' || world.seen('web', edge).length === 1))
    expect(world.seen('web', 'a1')).toEqual([])
    expect(world.edge('a1').table.flood('web')).not.toContain('192.0.2.11')
  })

  test('takes of the addresses only those of the NVE that counts', () => {
    const world = new TwoDomains(1).startAll(['ams', 'a1', 'a2', 'fra', 'b1'])
    world.attach('a1', 'web', MAC, '10.1.0.1')
    world.until(() => world.seen('web', 'b1').length === 1 && world.seen('web', 'a2').length === 1)
    world.attach('a2', 'web', MAC, '10.1.0.2')
    world.until(() => world.edge('b1').table.find('web', MAC)?.vtep === '192.0.2.12')
    world.run(1_000)
    expect(world.edge('b1').table.find('web', MAC)).toMatchObject({ ips: ['10.1.0.2'], sequence: 1 })
  })

  test('is empty when the last NVA is gone', () => {
    const world = new TwoDomains(1).startAll(['ams', 'a1', 'a2'])
    world.attach('a1', 'web', MAC)
    world.until(() => world.seen('web', 'a2').length === 1)
    world.kill('ams')
    world.until(() => world.seen('web', 'a2').length === 0)
    expect(world.edge('a2').table.flood('web')).toEqual([])
  })
})
