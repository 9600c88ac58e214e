/** What a peer tells of attempts that come to nothing. */

import { expect, test } from 'vitest'
import { END_OF_RIB } from '../../../src/config/settings/settings-of.ts'
import type { Attempt } from '../../../src/speaker/peers/peer.ts'
import { sameIdentifier, withIdentifierOf } from '../../../src/speaker/peers/same-identifier.ts'
import type { PeerSettings, SpeakerSettings } from '../../../src/speaker/settings.ts'
import { Speaker } from '../../../src/speaker/speaker.ts'
import { evpn } from '../../../src/wire/nlri/evpn/evpn.ts'
import { peerSettings, ScriptedPeer, ScriptedWorld } from '../scripted.ts'

const A = '192.0.2.11'
const ASN = 65000

function settingsOf(peers: readonly PeerSettings[]): SpeakerSettings {
  const identity = { name: 'nva', asn: ASN, routerId: 1, clusterId: 1 }
  return { ...identity, peers, listenRanges: [], endOfRib: END_OF_RIB, vnImport: null, vnExport: null }
}

function stage(password: string | null) {
  const world = new ScriptedWorld()
  const notes: { why: string; attempt: Attempt }[] = []
  const peers = [peerSettings('a', A, ASN, { passive: false, password, holdTimeSeconds: 9 })]
  const speaker = new Speaker(settingsOf(peers), evpn, world, new Map(), {
    note: (_peer, why, attempt) => void notes.push({ why, attempt }),
  })
  speaker.start()
  const peer = speaker.peers.get('a')
  if (peer === undefined) throw new Error('no peer')
  return { world, speaker, peer, notes }
}

test('where nobody answers a dial, another TCP MD5 key may be why, and only where there is one', () => {
  const plain = stage(null)
  plain.world.pass(40_000)
  expect(plain.peer.lastError).toBe(
    'no answer within the connect-retry time: the address is not reached, or filtered, or the peer wants a password',
  )
  const signed = stage('secret')
  signed.world.pass(40_000)
  expect(signed.peer.lastError).toContain('no answer within the connect-retry time; with a TCP MD5 key')
  expect(signed.notes[0]?.attempt).toBe('unmet')
})

test('a peer that takes the connection and says nothing has been met', () => {
  const { world, speaker, notes } = stage('secret')
  const link = new ScriptedPeer(A)
  link.handlers = speaker.accept(link)
  world.pass(300_000)
  expect(notes.find(({ attempt }) => attempt === 'met')?.why).toMatch(/^nothing heard from the peer(?!.*MD5)/)
  expect(link.closed).toBe(true)
})

test('of two connections the one that ends is told apart from an attempt that has failed (RFC 4271 6.8)', () => {
  const { world, speaker, notes } = stage(null)
  for (let i = 0; i < 2; i++) {
    const link = new ScriptedPeer(A)
    link.handlers = speaker.accept(link)
  }
  expect(notes).toEqual([{ why: 'peer has connected anew', attempt: 'one-of-two' }])
  world.pass(300_000)
  expect(notes.find(({ attempt }) => attempt === 'met')?.why).toMatch(/^nothing heard from the peer/)
})

test('the time for which a session is up or not is counted from its coming up and its end, not from the attempts between', () => {
  const { world, speaker, peer } = stage(null)
  world.pass(100_000)
  expect(peer.stateSince).toBe(0)
  const link = new ScriptedPeer(A)
  link.handlers = speaker.accept(link)
  link.greet(ASN, 11)
  world.pass(10_000)
  expect([peer.state, peer.stateSince]).toEqual(['Established', 100_000])
  link.handlers?.closed('gone')
  world.pass(100_000)
  expect(peer.stateSince).toBe(110_000)
})

test('two peers of one AS with one BGP Identifier are known as such while both are up (RFC 6286 2.1), and of another AS they are not', () => {
  const world = new ScriptedWorld()
  const peers = [peerSettings('a', A, ASN), peerSettings('b', '192.0.2.12', ASN), peerSettings('c', '192.0.2.13', ASN + 1)]
  const speaker = new Speaker(settingsOf(peers), evpn, world, new Map(), {})
  speaker.start()
  const links = peers.map(({ address, asn }) => {
    const link = new ScriptedPeer(address)
    link.handlers = speaker.accept(link)
    link.greet(asn, 11)
    world.pass(1)
    return link
  })
  const twins = () =>
    [...sameIdentifier(speaker.peers.values())].map(
      ([
        {
          settings: { name },
        },
        others,
      ]) => [name, ...others.map((other) => other.settings.name)].join(),
    )
  expect(twins()).toEqual(['a,b', 'b,a'])
  const [a] = [...speaker.peers.values()]
  expect(a && withIdentifierOf(a, speaker.peers.values()).map((other) => other.settings.name)).toEqual(['b'])
  links[1]?.handlers?.closed('gone')
  world.pass(1)
  expect(twins()).toEqual([])
})
