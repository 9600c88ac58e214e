/** MACs that move too often, from routes of which the test says every sequence and every withdrawal. */
import { expect, test } from 'vitest'
import { checkText } from '../../src/config/check-text.ts'
import { Nva } from '../../src/daemon/nva.ts'
import { MOST_WATCHED } from '../../src/federation/moves/mac-moves.ts'
import { REFUSALS } from '../../src/policy/refusal.ts'
import type { NlriView } from '../../src/wire/nlri/family.ts'
import { Region } from './region.ts'
import { macRoute, ScriptedPeer } from './scripted-peer.ts'

const AMS = '192.0.2.1'
const M = '02:00:00:00:01:01'
const TARGET = { edge: 65001, fra: 65002, par: 65003 } as const
type Who = keyof typeof TARGET

/** Domain ams with an edge, federated with fra (two NVAs) and par; web is shared with both. */
function stage(macMoves: string, fra = '') {
  const region = new Region(1)
  const checked = checkText(
    `
nva: { name: ams-1, domain: ams, asn: 65001, routerId: ${AMS}, listen: ["${AMS}:179"] }
vns: { web: { vni: 10100 } }
peers: { edge: { address: 192.0.2.11, passive: true } }
federation:
  macMoves: { ${macMoves} }
  transit: [[fra, par]]
  domains:
    fra: { asn: 65002, peers: [198.51.100.1, 198.51.100.2], passive: true, share: { web: {} } ${fra} }
    par: { asn: 65003, peers: [203.0.113.1], passive: true, share: { web: {} } }
`,
    'ams.yaml',
  )
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems))
  const nva = new Nva(checked.configuration, region.host(AMS), {})
  region.listen(AMS, 179, (link) => nva.speaker.accept(link))
  nva.speaker.start()
  const dial = (address: string, asn: number) => new ScriptedPeer(region, { address, asn, peerAs: 65001, to: AMS }).dial()
  const peers = { edge: dial('192.0.2.11', 65001), fra: dial('198.51.100.1', 65002), par: dial('203.0.113.1', 65003) }
  const second = dial('198.51.100.2', 65002)
  expect(region.runUntil(() => [...Object.values(peers), second].every(({ up }) => up), 10_000)).toBe(true)
  const announce = (peer: ScriptedPeer, who: Who, nlri: readonly NlriView[], sequence: number, sticky = false, nextHop?: string) => {
    const target = { name: 'route-target', hex: `0002${TARGET[who].toString(16)}${(10100).toString(16).padStart(8, '0')}` }
    const extCommunities = [target, { name: 'encapsulation', tunnelType: 8 }, { name: 'mac-mobility', sticky, sequence }]
    for (let at = 0; at < nlri.length; at += 50) peer.announce(nlri.slice(at, at + 50), [], { extCommunities }, nextHop)
    region.run(500)
  }
  const routeOf = (who: Who, mac = M, ip: string | null = null) => macRoute(peers[who].settings.address, mac, ip)
  const tells = (peer: ScriptedPeer, who: Who, mac = M) =>
    [...peer.table.keys()].some((text) => text.includes(`${peers[who].settings.address}:1`) && text.includes(mac))
  return {
    region,
    nva,
    peers,
    second,
    announce,
    routeOf,
    tells,
    say: (who: Who, sequence: number, mac = M, sticky = false) => announce(peers[who], who, [routeOf(who, mac)], sequence, sticky),
    kept: () => nva.moves.all.map(({ keep }) => (keep === '' ? 'own' : keep)),
    refused: (peer: string) => {
      const id = nva.speaker.sources.sessionOf(nva.speaker.peers.get(peer)!)!.inbound.peer
      return nva.speaker.rib.refusedFrom(id, REFUSALS.indexOf('mac-frozen'))
    },
  }
}

test('a side that has no route for the MAC is not the one that keeps it', () => {
  const { say, peers, region, routeOf, kept, tells } = stage('moves: 3')
  say('fra', 1)
  say('edge', 2)
  peers.edge.withdraw([routeOf('edge')])
  region.run(500)
  say('fra', 3)
  expect(kept()).toEqual(['fra'])
  expect(tells(peers.edge, 'fra')).toBe(true)
})

test('between two other domains it stays where it stood, and both hear of nothing more', () => {
  const { say, peers, kept, tells, refused } = stage('moves: 4')
  for (const [i, who] of (['fra', 'par', 'fra'] as const).entries()) say(who, i + 1)
  const before = peers.fra.updates
  say('par', 4)
  expect(kept()).toEqual(['fra'])
  expect(refused('par/203.0.113.1')).toBe(1)
  expect(tells(peers.edge, 'fra')).toBe(true)
  // What par had said with sequence 2 is taken back, and what it says now is told to nobody.
  expect(tells(peers.edge, 'par')).toBe(false)
  expect(tells(peers.fra, 'par')).toBe(false)
  const after = peers.fra.updates
  expect(after).toBe(before + 1)
  for (const sequence of [5, 6, 7]) say('par', sequence)
  expect(peers.fra.updates).toBe(after)
})

test('two NVAs of one domain that say the same are one move', () => {
  const { peers, second, announce, routeOf, kept, say } = stage('moves: 4')
  for (const sequence of [1, 3]) {
    announce(peers.fra, 'fra', [routeOf('fra')], sequence)
    announce(second, 'fra', [routeOf('fra')], sequence, false, peers.fra.settings.address)
    if (sequence === 1) say('edge', 2)
  }
  expect(kept()).toEqual([])
  say('edge', 4)
  expect(kept()).toEqual(['own'])
})

test('a sticky MAC does not move (RFC 7432 15.2): what is sticky is no move, and is held like all else while it is frozen', () => {
  const { say, nva, kept, refused } = stage('moves: 3', ', stickyMacs: heed')
  for (let i = 0; i < 6; i++) say(i % 2 === 0 ? 'fra' : 'edge', i + 1, '02:00:00:00:01:07', true)
  expect(kept()).toEqual([])
  for (const [i, who] of (['fra', 'edge', 'fra'] as const).entries()) say(who, i + 1)
  expect(kept()).toEqual(['own'])
  say('par', 0, M, true)
  expect(refused('par/203.0.113.1')).toBe(1)
  expect(nva.moves.counts.frozen).toBe(1)
})

test('routes that went while their MAC was frozen leave nothing behind, and limits count what is in use', () => {
  const { say, peers, region, nva, announce, routeOf, refused, tells } = stage('moves: 3, freeze: 60', ', limits: { routes: 1000 }')
  const [all] = nva.boundaries.get('fra')!.breakers
  for (const [i, who] of (['fra', 'edge', 'fra'] as const).entries()) say(who, i + 1)
  const many = Array.from({ length: 400 }, (_, i) => routeOf('fra', M, `10.1.${i >> 8}.${i & 255}`))
  announce(peers.fra, 'fra', many, 4)
  expect([refused('fra/198.51.100.1'), all!.used]).toEqual([401, 0])
  peers.fra.withdraw(many.slice(0, 300))
  region.run(500)
  expect([refused('fra/198.51.100.1'), all!.used]).toEqual([101, 0])
  region.run(61_000)
  expect(nva.moves.all).toEqual([])
  expect([refused('fra/198.51.100.1'), all!.used]).toEqual([0, 101])
  expect(tells(peers.edge, 'fra')).toBe(true)
  expect(nva.moves.busy).toBe(false)
})

test('however many MACs move, so many are watched and no more; those that had to make room are counted', () => {
  const { peers, announce, routeOf, nva, say, kept } = stage('moves: 3')
  const macOf = (i: number) =>
    `02:00:01:${[i >> 16, (i >> 8) & 255, i & 255].map((octet) => octet.toString(16).padStart(2, '0')).join(':')}`
  say('fra', 1)
  say('edge', 2)
  const flood = Array.from({ length: MOST_WATCHED + 1000 }, (_, i) => routeOf('fra', macOf(i)))
  announce(peers.fra, 'fra', flood, 1)
  expect(nva.moves.watching).toEqual({ macs: MOST_WATCHED, forgotten: 1001 })
  // What was forgotten is found later, not never.
  say('fra', 3)
  expect(kept()).toEqual([])
  for (const [i, who] of (['edge', 'fra'] as const).entries()) say(who, i + 4)
  expect(kept()).toEqual(['own'])
})
