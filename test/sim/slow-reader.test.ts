import { expect, test } from 'vitest'
import { macRoute, ScriptedPeer } from './scripted-peer.ts'
import { ADDRESS, TwoDomains } from './two-domains.ts'

const WEB = '65001:10100'
const ROUTES = 1_000
const PER_MESSAGE = 10
const ROUNDS = 20
/** An attribute that nobody knows and everybody carries: makes the octets many without making the routes many. */
const BALLAST = 'ab'.repeat(3_400)

/** Every message of a round has a MED of its own, so that the speaker cannot pack them together. */
function medOf(i: number, round: number): number {
  return round * 10_000 + i - (i % PER_MESSAGE)
}

function mac(i: number): string {
  return `02:00:00:00:${(i >>> 8).toString(16).padStart(2, '0')}:${(i & 0xff).toString(16).padStart(2, '0')}`
}

test('a peer that stops reading falls behind, costs bounded memory, and when it reads again gets the present state, not the history', () => {
  const world = new TwoDomains(1).startAll(['ams'])
  const at = (address: string) => new ScriptedPeer(world.region, { address, asn: 65001, peerAs: 65001, to: ADDRESS.ams })
  const source = at(ADDRESS.a1).dial()
  const slow = at(ADDRESS.a2).dial()
  world.until(() => source.up && slow.up)
  const announce = (from: number, to: number, round: number) => {
    for (let i = from; i < to; i += PER_MESSAGE) {
      const nlri = Array.from({ length: Math.min(PER_MESSAGE, to - i) }, (_, k) => macRoute(ADDRESS.a1, mac(i + k)))
      source.announce(nlri, [WEB], { med: medOf(i, round), unknown: [{ type: 240, flags: 0xc0, hex: BALLAST }] })
    }
  }
  announce(0, ROUTES, 0)
  world.until(() => slow.table.size === ROUTES)
  const { speaker } = world.nva('ams')
  const { member } = speaker.sources.sessionOf(speaker.peers.get('a2')!)!

  world.region.stopReading(ADDRESS.a2)
  let most = 0
  for (let round = 1; round <= ROUNDS; round++) {
    announce(0, ROUTES, round)
    world.run(100)
    most = Math.max(most, member.link.pending)
  }
  expect(member.lapses).toBe(1)
  expect(most).toBeLessThan(6 * 1024 * 1024)
  // While it does not look: some go, their places are taken by others, some of the gone come back.
  source.withdraw(Array.from({ length: 200 }, (_, i) => macRoute(ADDRESS.a1, mac(i))))
  world.run(100)
  announce(ROUTES, ROUTES + 150, 77)
  world.run(100)
  announce(0, 60, 78)
  world.run(100)

  const updatesBefore = slow.updates
  world.region.readAgain(ADDRESS.a2)
  world.run(30_000)
  const expected = new Map<string, number>()
  for (let i = 0; i < ROUTES + 150; i++) if (i < 60 || i >= 200) expected.set(mac(i), medOf(i, i < 60 ? 78 : i < ROUTES ? ROUNDS : 77))
  const got = new Map([...slow.table].map(([route, { med }]) => [route.slice(route.indexOf('[48]:[') + 6, -1), med]))
  expect(got.size).toBe(expected.size)
  expect([...expected].filter(([address, med]) => got.get(address) !== med)).toEqual([])
  expect(slow.updates - updatesBefore).toBeLessThan((ROUNDS * ROUTES) / PER_MESSAGE)
  expect(member.missed).toBeNull()
  expect(speaker.rib.destinations.keepGhosts).toBe(0)
  // And it is live again.
  announce(0, 1, 99)
  world.until(() => slow.announced(mac(0))?.med === medOf(0, 99))
})

test('what is kept for a peer that does not read has a bound: its session ends, and it is told what there is when it comes back', () => {
  const world = new TwoDomains(1).startAll(['ams'])
  const at = (address: string) => new ScriptedPeer(world.region, { address, asn: 65001, peerAs: 65001, to: ADDRESS.ams })
  const source = at(ADDRESS.a1).dial()
  const slow = at(ADDRESS.a2).dial()
  world.until(() => source.up && slow.up)
  const { speaker } = world.nva('ams')
  speaker.slowReaders.keptAtLeast = 500
  const { member } = speaker.sources.sessionOf(speaker.peers.get('a2')!)!
  const announce = (i: number, round: number) =>
    source.announce([macRoute(ADDRESS.a1, mac(i))], [WEB], { med: medOf(i, round), unknown: [{ type: 240, flags: 0xc0, hex: BALLAST }] })
  for (let i = 0; i < 100; i++) announce(i, 0)
  world.until(() => slow.table.size === 100)
  world.region.stopReading(ADDRESS.a2)
  for (let round = 1; member.missed === null; round++) {
    for (let i = 0; i < 100; i++) announce(i, round)
    world.run(100)
  }
  const comeAndGo = (from: number, to: number) => {
    const gone = Array.from({ length: to - from }, (_, i) => macRoute(ADDRESS.a1, mac(from + i)))
    for (let i = 0; i < gone.length; i += 50) source.announce(gone.slice(i, i + 50), [WEB])
    world.run(100)
    for (let i = 0; i < gone.length; i += 50) source.withdraw(gone.slice(i, i + 50))
    world.run(100)
  }
  comeAndGo(1000, 1500)
  // What it has never been told of is kept too, as nobody knows of each one what it was told.
  expect(speaker.rib.destinations.ghostCount).toBe(500)
  expect(speaker.peers.get('a2')!.standing).not.toBeNull()
  comeAndGo(2000, 2001)
  expect(speaker.rib.destinations.ghostCount).toBe(0)
  expect(speaker.rib.destinations.size).toBe(100)
  expect(speaker.peers.get('a2')!.lastError).toContain('it reads too slowly: 501 routes that are gone')
  expect(speaker.faults.all().map(({ peer, notification }) => [peer, notification])).toEqual([['a2', { code: 6, subcode: 8 }]])
  world.region.readAgain(ADDRESS.a2)
  const again = at(ADDRESS.a2).dial()
  world.until(() => again.table.size === 100)
})

test('a peer that takes nothing for the send hold time is let go (RFC 9687)', () => {
  const world = new TwoDomains(2).startAll(['ams'])
  const slow = new ScriptedPeer(world.region, { address: ADDRESS.a2, asn: 65001, peerAs: 65001, to: ADDRESS.ams }).dial()
  const source = new ScriptedPeer(world.region, { address: ADDRESS.a1, asn: 65001, peerAs: 65001, to: ADDRESS.ams }).dial()
  world.until(() => source.up && slow.up)
  world.region.stopReading(ADDRESS.a2)
  source.announce([macRoute(ADDRESS.a1, mac(1))], [WEB])
  world.run(470_000)
  const peer = world.nva('ams').speaker.peers.get('a2')!
  expect(peer.standing).not.toBeNull()
  world.run(80_000)
  expect(peer.standing).toBeNull()
  expect(peer.lastError).toContain('send hold')
})
