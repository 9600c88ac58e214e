import { describe, expect, test } from 'vitest'
import { TwoDomains } from './two-domains.ts'

const M1 = '02:00:00:00:01:01'
const M2 = '02:00:00:00:01:02'
const V1 = '02:00:00:00:09:01'
const V2 = '02:00:00:00:09:02'

/** Everybody up, one tenant system of web and one of vault per domain, known wherever they should be. */
function settled(seed: number, choices = {}): TwoDomains {
  const world = new TwoDomains(seed, choices).startAll()
  world.attach('a1', 'web', M1, '10.1.0.1')
  world.attach('b1', 'web', M2, '10.1.0.2')
  world.attach('a1', 'vault', V1, '10.9.0.1')
  world.attach('b1', 'vault', V2, '10.9.0.1')
  world.until(() => world.allUp)
  world.until(() => world.seen('web', 'b2').length === 2 && world.seen('web', 'a2').length === 2)
  world.until(() => world.seen('vault', 'b2').length === 1 && world.seen('vault', 'a2').length === 1)
  return world
}

describe('two federated domains', () => {
  test('a shared VN crosses in both directions, with addresses, next hop and VNI as the NVE announced them (RFC 8365 5.1.3)', () => {
    const world = settled(1)
    expect(world.edge('a2').table.find('web', M2)).toEqual({
      vn: 'web',
      mac: M2,
      vtep: '198.51.100.11',
      vni: 10100,
      ips: ['10.1.0.2'],
      sequence: 0,
      sticky: false,
    })
    expect(world.seen('web', 'b2')).toEqual([`${M1} @ a1`, `${M2} @ b1`])
  })

  test('IMET routes cross too: an edge floods to the edges of the other domain in the shared VN alone (RFC 7432 11)', () => {
    const world = settled(2)
    world.until(() => world.edge('a1').table.flood('web').length > 2)
    expect(world.edge('a1').table.flood('web')).toEqual(['192.0.2.12', '198.51.100.11', '198.51.100.12'])
    expect(world.edge('a1').table.flood('vault')).toEqual(['192.0.2.12'])
  })

  test('a private VN with the same VNI on both sides stays at home', () => {
    const world = settled(3)
    expect(world.seen('vault', 'a2')).toEqual([`${V1} @ a1`])
    expect(world.seen('vault', 'b2')).toEqual([`${V2} @ b1`])
    world.run(30_000)
    expect(world.seen('vault', 'b2')).toEqual([`${V2} @ b1`])
  })

  test('a tenant system is followed from a1 to a2 and on to the other domain, with rising sequence (RFC 7432 15)', () => {
    const world = settled(4)
    world.attach('a2', 'web', M1, '10.1.0.1')
    world.until(() => ['a1', 'b1', 'b2'].every((edge) => world.seen('web', edge as 'b1').includes(`${M1} @ a2 #1`)))
    expect(world.moves).toEqual([`${M1} a1 -> 192.0.2.12`])
    world.attach('b2', 'web', M1, '10.1.0.1')
    world.until(() => ['a1', 'a2', 'b1'].every((edge) => world.seen('web', edge as 'b1').includes(`${M1} @ b2 #2`)))
    expect(world.moves).toEqual([`${M1} a1 -> 192.0.2.12`, `${M1} a2 -> 198.51.100.12`])
    world.attach('a1', 'web', M1, '10.1.0.1')
    world.until(() => ['a2', 'b1', 'b2'].every((edge) => world.seen('web', edge as 'b1').includes(`${M1} @ a1 #3`)))
    expect(world.edge('a1').tenants.map(({ sequence }) => sequence)).toContain(3)
    // The old places have withdrawn: one path per key is left everywhere.
    expect(world.nva('fra').speaker.rib.best).toBe(world.nva('fra').speaker.rib.paths)
  })

  test('two edges that attach one MAC at the same moment agree: the lower VTEP keeps it (RFC 7432 15.1)', () => {
    const world = settled(5)
    const mac = '02:00:00:00:01:77'
    world.attach('b1', 'web', mac)
    world.attach('a2', 'web', mac)
    world.until(() => world.moves.length > 0)
    world.run(2_000)
    expect(world.moves).toEqual([`${mac} b1 -> 192.0.2.12`])
    expect(world.seen('web', 'b2')).toContain(`${mac} @ a2`)
    expect(world.seen('web', 'b1')).toContain(`${mac} @ a2`)
  })

  test('the death of an NVA takes what came through it, leaves the other domain as it is, and its return brings all back', () => {
    const world = settled(6)
    world.attach('a2', 'web', '02:00:00:00:01:05')
    world.until(() => world.seen('web', 'a1').length === 2)
    world.kill('fra')
    world.until(() => world.seen('web', 'a2').length === 1 && world.seen('web', 'a1').length === 1)
    expect(world.seen('web', 'a2')).toEqual([`${M1} @ a1`])
    expect(world.seen('web', 'a1')).toEqual(['02:00:00:00:01:05 @ a2'])
    expect(world.seen('vault', 'a2')).toEqual([`${V1} @ a1`])
    expect(world.edge('a1').table.flood('web')).toEqual(['192.0.2.12'])
    world.attach('b2', 'web', '02:00:00:00:01:06')
    world.run(20_000)
    world.start('fra')
    world.until(() => world.seen('web', 'b2').length === 3 && world.seen('web', 'a2').length === 3)
    expect(world.seen('web', 'a2')).toEqual([`${M1} @ a1`, `${M2} @ b1`, '02:00:00:00:01:06 @ b2'])
  })

  test('a partition ends the session when the hold time is over, and healing brings the crossing back (RFC 4271 6.5)', () => {
    const world = settled(7)
    const since = world.region.now
    world.region.partition('192.0.2.1', '198.51.100.1')
    world.until(() => !world.seen('web', 'a2').includes(`${M2} @ b1`))
    expect(world.region.now - since).toBeGreaterThan(5_000)
    expect(world.region.now - since).toBeLessThan(10_000)
    world.until(() => !world.seen('web', 'b2').includes(`${M1} @ a1`))
    expect(world.nva('ams').speaker.peers.get('fra/198.51.100.1')?.lastError).toMatch(/hold time/)
    world.run(100_000)
    world.region.heal('192.0.2.1', '198.51.100.1')
    world.until(() => world.seen('web', 'a2').includes(`${M2} @ b1`) && world.seen('web', 'b2').includes(`${M1} @ a1`), 120_000)
  })

  test('a short partition, healed within the hold time, changes nothing', () => {
    const world = settled(8)
    world.region.partition('192.0.2.1', '198.51.100.1')
    world.run(2_000)
    world.attach('a2', 'web', '02:00:00:00:01:08')
    world.run(2_000)
    world.region.heal('192.0.2.1', '198.51.100.1')
    world.until(() => world.seen('web', 'b2').includes('02:00:00:00:01:08 @ a2'), 1_000)
    expect(world.nva('ams').speaker.peers.get('fra/198.51.100.1')?.established).toBe(1)
  })

  test.each([
    ['ams dials', ['fra']],
    ['fra dials', ['ams']],
    ['both dial', []],
  ] as const)('the crossing comes up when %s', (_, passive) => {
    const world = settled(9, { passive })
    world.run(20_000)
    expect(world.allUp).toBe(true)
    for (const nva of ['ams', 'fra'] as const) for (const peer of world.nva(nva).speaker.peers.values()) expect(peer.established).toBe(1)
  })

  test('an edge that is told to stop withdraws with its session, everywhere, at once (RFC 4486)', () => {
    const world = settled(10)
    const since = world.region.now
    world.edge('b1').stop('going home')
    world.until(() => world.seen('web', 'a1').length === 0 && world.seen('web', 'b2').length === 1)
    expect(world.region.now - since).toBeLessThan(200)
    const peer = world.nva('fra').speaker.peers.get('b1')
    expect(peer?.lastError).toContain('going home')
  })
})
